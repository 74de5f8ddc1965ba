"""The cast, for the tests of actions."""

from evenhand_cast import approved_need, cast

__all__ = ["approved_need", "cast"]
