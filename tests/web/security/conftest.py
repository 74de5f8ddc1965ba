"""The cast with passwords, their browsers, and every address of the server."""

from evenhand_cast import approved_need, cast
from evenhand_people import browser, signed_in, swift_and_alone

__all__ = ["approved_need", "browser", "cast", "signed_in", "swift_and_alone"]
