"""The readers of the pages of rounds."""

from evenhand_round_pages import nothing_is_kept, reader, rounds

__all__ = ["nothing_is_kept", "reader", "rounds"]
