"""Every field of every action's form against what people and machines send by mistake or on purpose.

Refused or done, never failed: an error summary that says so, the words still there, nothing written, and no answer takes long.
Each field meets some of the values, all values meet many fields; EVENHAND_FAULTS=long lets every field meet every one.
"""

from __future__ import annotations

import itertools
import os
import re
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.html import escape
from evenhand_cast import Cast
from evenhand_matrix import browser_of, fields_of, form_of, records
from evenhand_recipes import RECIPES

from evenhand.actions.catalogue import ACTIONS
from evenhand.web.forms.acts import NOT_HERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_moment_of_the_cast")]
SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "empty": "",
    "blanks": "   ",
    "huge": "x" * 100_000,
    "right to left": "\u202eexe.tropeR",
    "emoji": "👩🏽‍⚕️ 😀",
    "sql": "'; DROP TABLE records_need; --",
    "html": f'"><img src=x onerror=alert(1)>{SCRIPT}',
    "nul": "a\0b",
    "escape": "\x1b[31mred",
    "tiny number": "1e-999999999",
    "big number": "1e999999999",
    "below zero": "-1",
    "no number": "NaN",
    "other digits": "１２",
    "past day": "1900-01-01",
    "no day": "0000-00-00",
    "late day": "9999-12-31",
    "path": "../../../etc/passwd",
    "template": "{{7*7}}{% debug %}${7*7}{0.__class__}%s%n",
    "not there": "ND-0000000000",
    "line end": "one\r\nSet-Cookie: a=b\r\n\r\ntwo",
}
SECONDS = 3
"""Of the processor, for one answer."""

ABOUT = {"offer", "need", "round", "consignment", "objection", "entry", "party"}
"""What a form may be about: without it there is no form, and the page says so."""

LONG = os.environ.get("EVENHAND_FAULTS") == "long"
EACH = 4
ASKED = sorted(set(RECIPES) - set(NOT_HERE))
PARTY = {name: "IND" if name.startswith("offer ") else "TCD" for name in ASKED}


def doer(action: str) -> str:
    """Return somebody who may do an action for the party it is tried on."""
    if PARTY[action] == "IND":
        return "donor-ind"
    return sorted(RECIPES[action].may["TCD"])[0]


def values_of(number: int) -> list[tuple[str, str]]:
    """Return what a field meets: all of it, or some of it in turn."""
    names = list(HOSTILE.items())
    return names if LONG else [names[(number * EACH + step) % len(names)] for step in range(EACH)]


@pytest.mark.slow
@pytest.mark.parametrize("action", ASKED)
def test_every_field_refuses_or_takes_it_and_nothing_breaks(cast: Cast, action: str) -> None:
    browser = browser_of(doer(action))
    given = RECIPES[action].made(PARTY[action])
    numbers = itertools.count(sum(map(ord, action)))
    wrong: list[str] = []
    for field in [*[one.name for one in ACTIONS[action].parameters], "reason", "request_id"]:
        for name, value in values_of(next(numbers)):
            sent = fields_of(given) | {field: value}
            if isinstance(given.get(field), bytes):
                sent[field] = SimpleUploadedFile(value[:80].replace("\0", "") or "x", value.encode())
            wrong += [f"{field} = {name}: {said}" for said in look(browser, action, field, name, sent)]
    assert not wrong, "\n".join(wrong)


def look(browser: Any, action: str, field: str, name: str, sent: dict[str, Any]) -> list[str]:
    """Send a form, undo what it did, and say what was wrong with the answer."""
    with transaction.atomic():
        before, began = records(), time.process_time()
        answer = browser.post(form_of(action), sent)
        took, changed = time.process_time() - began, records() != before
        transaction.set_rollback(True)
    page = answer.content.decode()
    said = []
    fine = (200, 302, 422, 404) if field in ABOUT else (200, 302, 422)
    if answer.status_code not in fine:
        said.append(f"status {answer.status_code}")
    if took > SECONDS:
        said.append(f"took {took:.1f} s")
    if SCRIPT in page:
        said.append("a script stands in the page")
    if answer.status_code != 422:
        return said
    summary = page.partition('id="errors-h"')[2].partition("</div>")[0]
    if "<li>" not in summary:
        said.append("no summary of errors")
    if changed:
        said.append("refused, and written all the same")
    if f'name="{field}"' in page and field not in ("request_id",) and not kept(page, field, name, sent):
        said.append("the words are gone")
    return said


def kept(page: str, field: str, name: str, sent: dict[str, Any]) -> bool:
    """Say whether what was typed still stands in the page: all of it that a page can hold, but for secrets and files."""
    value = sent[field]
    secret = 'type="password"' in page and field in ("password", "secret")
    if (
        secret
        or not isinstance(value, str)
        or name in ("nul", "escape", "line end", "empty", "blanks")
        or re.search(rf'<select[^>]* name="{field}"', page)
    ):
        return True
    return escape(value) in page or bool(
        re.search(rf'type="checkbox"[^>]* name="{field}"|name="{field}"[^>]* type="checkbox"', page)
    )


@pytest.mark.parametrize("name", ["html", "sql", "nul", "huge", "right to left", "template"])
def test_a_form_opened_with_anything_shows_itself(cast: Cast, name: str) -> None:
    wrong = []
    browser = browser_of("own")
    value = HOSTILE[name][:4000]
    for action in (
        "need draft",
        "need correct",
        "round object",
        "consignment receive",
        "stock lose",
        "evidence attach",
    ):
        names = [one.name for one in ACTIONS[action].parameters]
        answer = browser.get(f"{form_of(action)}?{urlencode(dict.fromkeys([*names, 'next', 'typed'], value))}")
        if answer.status_code >= 500 or SCRIPT in answer.content.decode():
            wrong.append(f"{action}: {answer.status_code}")
    assert not wrong


def test_what_was_sent_twice_is_done_once_and_said_so(cast: Cast) -> None:
    browser = browser_of("own")
    sent = fields_of(RECIPES["need draft"].made("TCD"))
    first = browser.post(form_of("need draft"), sent)
    after = records()
    again = browser.post(form_of("need draft"), sent)
    assert (first.status_code, again.status_code) == (302, 302)
    assert records() == after
    assert "not done again" in browser.get("/en/needs").content.decode()


def test_the_same_id_with_other_words_is_refused(cast: Cast) -> None:
    browser = browser_of("own")
    sent = fields_of(RECIPES["need draft"].made("TCD"))
    browser.post(form_of("need draft"), sent)
    after = records()
    other = browser.post(form_of("need draft"), sent | {"quantity": "41 box"})
    assert other.status_code == 422
    assert records() == after


FOREIGN = (
    # action, field, whose it is, as whom: the refusal is that of something that was never made
    ("need submit", "need", "french draft", "own"),
    ("need correct", "need", "french draft", "own"),
    ("need withdraw", "need", "draft", "same"),
    ("need renew", "need", "clinic draft", "other"),
    ("need approve", "need", "french draft", "secr"),
    ("need submit", "need", "draft", "below"),
)


@pytest.mark.parametrize(("action", "field", "what", "asker"), FOREIGN)
def test_a_strangers_record_is_refused_like_one_that_was_made_up(
    world: Any, action: str, field: str, what: str, asker: str
) -> None:
    browser, before, said = browser_of(asker), records(), []
    for ref in (world[what], "ND-0000000000"):
        given = {field: ref, "quantity": "8 box", "valid_until": "2026-06-01"}
        answer = browser.post(form_of(action), fields_of(given))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "CANARY" not in page
        said.append(page.partition('id="errors-h"')[2].partition("</div>")[0].replace(ref, ""))
    assert said[0] == said[1]
    assert records() == before
