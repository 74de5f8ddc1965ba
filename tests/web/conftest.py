"""The cast of the pages, and the key that signs their book."""

from evenhand_cast import approved_need, cast
from evenhand_key import signing

__all__ = ["approved_need", "cast", "signing"]
