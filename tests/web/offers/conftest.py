"""The readers of the pages, and a gift that travelled."""

from evenhand_giving import kept_in_use, trail
from evenhand_round_pages import reader

__all__ = ["kept_in_use", "reader", "trail"]
