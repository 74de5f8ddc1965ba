"""Every action through its form × everybody × its own party and another group's: done by whoever may, by nobody else.

What an action is given comes from its recipe, which also says who may; here it travels as a browser sends it.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from evenhand_cast import Cast
from evenhand_matrix import ASKERS, at_the_moment_of_the_cast, browser_of, fields_of, form_of, records
from evenhand_recipes import RECIPES

from evenhand.web.forms.acts import NOT_HERE

__all__ = ["at_the_moment_of_the_cast"]
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("at_the_moment_of_the_cast")]
PARTIES = ("TCD", "FRA")
MAKES_ITS_OWN = {"key make": {"digest"}}
"""What the page makes itself, and no form is asked for."""

ASKED = sorted(set(RECIPES) - set(NOT_HERE))


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("action", ASKED)
def test_a_form_is_done_for_whoever_may_and_refused_to_everybody_else(cast: Cast, action: str, party: str) -> None:
    recipe = RECIPES[action]
    given = {name: value for name, value in recipe.made(party).items() if name not in MAKES_ITS_OWN.get(action, ())}
    wrong = []
    for asker, (name, state) in ASKERS.items():
        with transaction.atomic():
            before = records()
            answer = browser_of(asker).post(form_of(action), fields_of(given))
            changed = records() != before
            transaction.set_rollback(True)
        may = name in recipe.may[party] and not state
        onward = answer.get("Location", "")
        refused = answer.status_code in (403, 404, 422) or (
            answer.status_code == 302 and ("sign-in?" in onward or "/second-step" in onward)
        )
        done = changed and answer.status_code in (200, 302) and not refused
        fine = refused and not changed if not may else (refused or done) if recipe.later else done
        if not fine:
            wrong.append(f"{asker}: {answer.status_code} {onward} changed={changed} may={may} {problem_on(answer)}")
    assert not wrong, "\n".join(wrong)


def problem_on(answer: object) -> str:
    """Return what a form's page says is wrong."""
    page = getattr(answer, "content", b"").decode()
    return page.partition('id="errors-h"')[2][:300].replace("\n", " ")
