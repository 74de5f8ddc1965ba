"""An action that says it changes nothing which everybody may see tells the truth: no public page and no public list changes."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from evenhand_cast import Cast
from evenhand_recipes import RECIPES

from evenhand.access.models import Version
from evenhand.actions.catalogue import ACTIONS
from evenhand.api import limits
from evenhand.api.readings import READINGS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
UNSEEN = sorted(name for name, one in ACTIONS.items() if not one.seen)
PAGES = (
    "", "needs", "needs?by=need", "members", "donors", "promises", "offers", "consignments", "rounds", "resources", "groups",
    "programmes", "book", "book/entries", "search?q=a", "changes", "feed.atom", "data", "parties/TCD", "parties/IND", "needs.csv",
)  # fmt: skip
OF_THE_MOMENT = re.compile(rb'"(request|made_at|at)": ?"[^"]*"|Last-Modified')


def everything() -> dict[str, bytes]:
    """Return what the public reads."""
    limits.ADDRESSES.clear()  # there are more addresses than one reader asks at once
    client = Client()
    paths = [f"/en/{page}" for page in PAGES]
    paths += [
        f"/api/v1/{one.path}"
        for one in READINGS
        if "{" not in one.path and one.path not in ("search", "book/consistency")
    ]
    found = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        found[path] = OF_THE_MOMENT.sub(b"", answer.content)
    return found


def test_drafts_keys_and_users_are_such() -> None:
    assert {"need draft", "key make", "user add"} <= set(UNSEEN)
    assert not {"need approve", "offer make", "round publish", "stock distribute"} & set(UNSEEN)


@pytest.mark.parametrize("action", UNSEEN)
def test_what_everybody_reads_stays_as_it_is(cast: Cast, action: str) -> None:
    recipe = RECIPES[action]
    given = recipe.made("TCD")
    who = min(recipe.may["TCD"])
    before, version = everything(), Version.objects.get().public
    ACTIONS[action](cast(who, reason="as the recipe says"), **given)
    assert everything() == before
    assert Version.objects.get().public == version
