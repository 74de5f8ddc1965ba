"""Goods on their way, and the readers of their pages."""

from evenhand_round_pages import reader
from evenhand_travel import no_page_is_kept, planned, travel

__all__ = ["no_page_is_kept", "planned", "reader", "travel"]
