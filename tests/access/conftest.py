"""The cast, for the tests of access."""

from evenhand_cast import approved_need, cast

__all__ = ["approved_need", "cast"]
