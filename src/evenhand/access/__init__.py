"""Who may act and who may see: users, the roles they hold for a party or a group, and the line that every action leaves.

Stands below every other table of the server, so parties and groups are named here by key. Rights are in
`access.rights`; the line of an action in `access.models.ActionLine`. Must never hold anything about what is acted on.
"""
