"""The cast with passwords, and their browsers."""

from evenhand_cast import cast
from evenhand_people import browser, signed_in, swift_and_alone

__all__ = ["browser", "cast", "signed_in", "swift_and_alone"]
