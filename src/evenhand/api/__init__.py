"""The same as the pages, as JSON over HTTP: what the lookups read and the actions do, under /api/v1.

Made from the signatures of `evenhand.lookups` and `evenhand.actions`; nothing is declared twice. `door` is what every
request passes first (who asks, how often, whether anything changed), `readings` the table of what can be read, `reading`
and `acting` make the operations, `faults` the one body of every error. Must never reach a table, nor import a page.
"""
