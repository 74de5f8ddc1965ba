"""The installation that the tests of this folder run commands against."""

from evenhand_shell import installed

__all__ = ["installed"]
