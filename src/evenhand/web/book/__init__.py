"""The stock book as everybody may read and check it: entries, their proofs, checkpoints, keys."""
