"""The cast, for the tests of the tables."""

from evenhand_cast import cast

__all__ = ["cast"]
