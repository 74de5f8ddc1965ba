"""The stock book: accounts, entries, their Merkle tree and checkpoints; consignments and what they carry.

`post` is the only way in, and the database refuses everything else: triggers forbid update and delete, keep the
sequence dense and no account but `outside` below zero. Changed by `evenhand.actions` alone.
"""
