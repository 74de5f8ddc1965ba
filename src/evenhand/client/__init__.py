"""A server of Evenhand from a notebook or a program: what its API reads and does, and what it says checked here.

    from evenhand.client import Evenhand
    api = Evenhand("https://book.example.org")
    api.needs(party="TCD").frame()

Needs no Django and no package beyond the library's own. What is checked (the book, a plan) is checked by the arithmetic of
this machine; nothing that the server says of itself is believed.
"""

from __future__ import annotations

from evenhand.client.book import BookChecked
from evenhand.client.server import Done, Evenhand, Rows

__all__ = ["BookChecked", "Done", "Evenhand", "Rows"]
