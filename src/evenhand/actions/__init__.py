"""Everything that changes a record: who, for whom, why, when, from where; one transaction; its entries.

Each action is a function decorated with `evenhand.actions.action.action`; `evenhand.actions.catalogue` lists them all for
the commands, the API and the pages, which never change anything in another way.
"""
