"""The cast of the stories, and the key that signs their book."""

from evenhand_cast import cast
from evenhand_key import signing

__all__ = ["cast", "signing"]
