"""The cast and a signing key, for the tests of the stock book."""

from evenhand_cast import cast
from evenhand_key import signing

__all__ = ["cast", "signing"]
