"""The form of every action: a field for each parameter, junk refused by name with the words kept, done once, open to its roles."""

from __future__ import annotations

import html
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from evenhand_cast import Cast
from evenhand_people import give_password
from evenhand_recipes import RECIPES

from evenhand.access.models import ActionLine
from evenhand.access.rights import RIGHTS
from evenhand.actions.catalogue import ACTIONS
from evenhand.web.forms.acts import NOT_HERE
from evenhand.web.forms.sayings import SAYINGS

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
FORMS = sorted(set(ACTIONS) - set(NOT_HERE))
ROLES = {
    "focal-tcd": "focal-point", "donor-ind": "donor", "task-force": "secretariat", "board-aze": "board",
    "auditor": "auditor", "operator": "operator", "registrar-tcd": "registrar",
}  # fmt: skip
JUNK = {
    "empty": "", "huge": "9" * 9000, "number": "minus one", "turned": "TCD\u202edct", "emoji": "🦠💉", "sql": "'; DROP TABLE x; --",
    "markup": "<script>alert(1)</script>", "half": "CN-0000000000", "nul": "a\x00b", "past": "1900-01-01", "choice": "nobody-has-this",
}  # fmt: skip


def address(action: str) -> str:
    group, _, verb = action.partition(" ")
    return f"/en/act/{group}/{verb.replace(' ', '-')}"


def who_may(action: str) -> str:
    return next(who for who, role in ROLES.items() if role in RIGHTS[action])


def signed(reader: Reader, who: str) -> Client:
    """Sign somebody in, who has proved a moment ago who it is."""
    from allauth.account.internal.flows import login

    browser = reader(who)
    session = browser.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session["_auth_user_id"]
    session.save()
    return browser


@pytest.mark.parametrize("action", FORMS)
def test_every_action_speaks_on_its_form(action: str) -> None:
    assert action in SAYINGS, "write what its form says in web/forms/sayings"


@pytest.mark.parametrize("action", FORMS)
def test_a_form_opens_to_whoever_has_its_right_with_a_labelled_field_for_each_parameter(
    cast: Cast, reader: Reader, action: str
) -> None:
    went = {who: signed(reader, who).get(address(action)) for who in ROLES}
    wanted = {who: 200 if role in RIGHTS[action] else 403 for who, role in ROLES.items()}
    assert {who: one.status_code for who, one in went.items()} == wanted
    page = went[who_may(action)].content.decode()
    saying = SAYINGS[action]
    for parameter in ACTIONS[action].parameters:
        if parameter.name in saying.absent or saying.template != "forms/act.html" or saying.varies:
            continue
        assert f'name="{parameter.name}"' in page
        labelled = re.search(rf'<label[^>]* for="id_{parameter.name}"|<fieldset class="field', page)
        assert labelled or parameter.name in saying.hidden, parameter.name
    assert saying.template != "forms/act.html" or re.search(r'name="request_id" value="[0-9a-f-]{36}"', page)
    assert not re.search(r">\s*(None|Lazy|&lt;)", page.partition("<main")[2])


@pytest.mark.parametrize("action", FORMS)
def test_junk_is_refused_with_a_summary_that_names_a_field_and_nothing_is_done(
    cast: Cast, reader: Reader, action: str
) -> None:
    names = [one.name for one in ACTIONS[action].parameters]
    if not names:
        pytest.skip("it has nothing to fill in")
    browser = signed(reader, who_may(action))
    for kind, junk in JUNK.items():
        given = dict.fromkeys(names, junk) | {"request_id": str(uuid.uuid4()), "reason": "a try"}
        answer = browser.post(address(action), given)
        page = answer.content.decode()
        assert answer.status_code == 422, (kind, answer.status_code)
        assert "&amp;#x27;" not in page, "a refusal is escaped once"
        summary = page.partition('class="errors"')[2].partition("</ul>")[0]
        assert summary, kind
        assert "<script>alert" not in page
        if kind in ("sql", "emoji", "choice"):
            kept = [one for one in names if one not in ACTIONS[action].private]
            typed = html.unescape(page)
            texts = [name for name in kept if re.search(rf'<(input type="text"|textarea)[^>]*name="{name}"', page)]
            assert not texts or junk in typed, f"{kind}: what was typed is gone"
    assert not ActionLine.objects.exists()


TYPED = sorted(
    name for name in FORMS
    if not RECIPES[name].later and name.partition(" ")[0] in ("need", "user", "party", "place", "resource", "group", "translation")
)  # fmt: skip
DOERS = {"need": "focal-tcd", "user": "operator", "party": "operator", "place": "operator", "resource": "operator"}


@pytest.mark.parametrize("action", TYPED)
def test_what_is_sent_twice_is_done_once(cast: Cast, reader: Reader, action: str) -> None:
    made = RECIPES[action].made("TCD")
    doer = "task-force" if action == "need approve" else DOERS.get(action.partition(" ")[0], "operator")
    sent: dict[str, Any] = {name: str(value) for name, value in made.items()} | {
        "request_id": "twice-1",
        "reason": "as told",
    }
    browser = signed(reader, doer)
    if action.startswith("need ") and "need" in made:
        from datetime import timedelta

        from evenhand.lookups.reach import today
        from evenhand.records.models import Need

        Need.objects.filter(pk=made["need"]).update(valid_until=today() + timedelta(days=9))
        if "valid_until" in sent:
            sent["valid_until"] = (today() + timedelta(days=60)).isoformat()
    for _ in range(2):
        answer = browser.post(address(action), sent)
        assert answer.status_code == 302, answer.content.decode().partition('class="errors"')[2][:600]
    assert ActionLine.objects.filter(name=action).count() == 1


def test_an_expired_sign_in_keeps_the_words_and_a_form_that_was_sent_forgets_them(cast: Cast, reader: Reader) -> None:
    give_password("focal-tcd")
    public = Client()
    given = {
        "request_id": "lost-1",
        "party": "TCD",
        "resource": "vaccine-measles",
        "quantity": "40 box",
        "why": "typed on a bad line",
    }
    asked = public.post("/en/act/need/draft", given)
    assert asked.status_code == 302
    from urllib.parse import parse_qs, urlparse

    onward = parse_qs(urlparse(asked["Location"]).query)["next"][0]
    signed_in = public.post(
        asked["Location"], {"login": "focal-tcd", "password": "a sentence that nobody guesses", "next": onward}
    )
    assert signed_in.status_code == 302
    assert "typed on a bad line" in public.get(onward).content.decode()
    assert public.post(onward, given).status_code == 302
    assert "typed on a bad line" not in public.get(onward).content.decode()
    assert ActionLine.objects.filter(name="need draft").count() == 1


def test_actions_with_a_page_of_their_own_lead_there_and_the_archive_has_none(cast: Cast, reader: Reader) -> None:
    assert reader("task-force").get("/en/act/import/records")["Location"] == "/en/desk/import"
    assert reader("focal-tcd").get("/en/act/key/make")["Location"] == "/en/desk/keys"
    assert reader("operator").get("/en/act/import/archive").status_code == 404
    assert reader("operator").get("/en/act/need/dance").status_code == 404
