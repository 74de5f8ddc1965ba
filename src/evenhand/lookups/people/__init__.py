"""Everything that reads the people register, already limited to what the viewer may see, each reading on record.

A reading is written down before anything is shown: the one thing that lookups write.
"""
