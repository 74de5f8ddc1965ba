"""Imports: thousands of rows in one action, checked by the same rules as the single actions, or none of them.

`importing` is the front, for commands and pages; `archives` brings a whole export back. The modules named like registers
say what a row of each becomes. Nothing here drops a row in silence, and nothing does what the single action would refuse.
"""
