"""The book that these pages are read from."""

from evenhand_places import book, nothing_is_kept, reader

__all__ = ["book", "nothing_is_kept", "reader"]
