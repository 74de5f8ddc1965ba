"""Rounds: the list, one round with its picture and its proof, why each got what it got, the rules side by side, the board's work."""
