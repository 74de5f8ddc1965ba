"""The readers of the desks: the cast, each in a browser of its own."""

from evenhand_round_pages import nothing_is_kept, reader

__all__ = ["nothing_is_kept", "reader"]
