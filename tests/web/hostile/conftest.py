"""The cast with passwords, and their browsers; the world with its canaries."""

import pytest
from evenhand_cast import Cast, approved_need, cast
from evenhand_key import signing
from evenhand_matrix import at_the_moment_of_the_cast
from evenhand_people import browser, signed_in, swift_and_alone
from evenhand_seen import World, make_world

__all__ = ["approved_need", "at_the_moment_of_the_cast", "browser", "cast", "signed_in", "signing", "swift_and_alone"]


@pytest.fixture
def world(cast: Cast) -> World:
    """Records of every kind, with a canary in every field that somebody may not see."""
    return make_world(cast)
