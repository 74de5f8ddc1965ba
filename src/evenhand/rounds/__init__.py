"""Rounds: what was frozen, what was proposed, what was objected, who decided.

Holds the plan's files as they were made, so that anybody can check them. Changed by `evenhand.actions` alone; knows
nothing of the stock book.
"""
