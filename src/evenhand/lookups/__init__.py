"""Everything that reads a record, already limited to what the viewer may see.

The first parameter of every function is the viewer. Called by the commands, the API and the pages, which read in no
other way. Must never change anything, and never answer differently for what does not exist and for what the viewer may
not see: `get_...` says the same sentence for both. See docs/mechanisms/who-sees-what.md.
"""
