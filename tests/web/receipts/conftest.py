"""Goods on their way, and the readers of their pages."""

from evenhand_round_pages import reader
from evenhand_travel import planned, travel

__all__ = ["planned", "reader", "travel"]
