"""Those who fill in forms, each in a browser of its own."""

from evenhand_round_pages import nothing_is_kept, reader

__all__ = ["nothing_is_kept", "reader"]
