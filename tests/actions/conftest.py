"""The cast, for the tests of actions."""

from evenhand_cast import approved_need, cast
from evenhand_key import signing

__all__ = ["approved_need", "cast", "signing"]
