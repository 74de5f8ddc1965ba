"""The tables of the people register, in a database of their own, under keys of their own.

Reached through `evenhand.actions.people` and `evenhand.lookups.people` alone. Knows parties and users by their keys; nothing
in the other tables knows a person. It must never hold in clear what tells who somebody is.
"""
