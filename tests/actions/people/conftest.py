"""The register that the tests of its actions work in."""

from evenhand_evacuation import sending
from evenhand_register import register

__all__ = ["register", "sending"]
