"""The actions over HTTP: as the commands do them, once for their id, by nobody without a key; what cannot be is said how."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from evenhand_cast import TODAY, USERS, Cast
from evenhand_recipes import PARTIES, RECIPES
from evenhand_seen import World

from evenhand.actions.catalogue import ACTIONS
from evenhand.api.acting import LEFT_OUT, acting_names, address_of
from evenhand.lookups.actions import get_action

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
NEED = {"party": "TCD", "resource": "vaccine-measles", "quantity": "40 box", "why": "an outbreak"}
CLOSED = {name for name in ACTIONS if name.partition(" ")[0] in ("key", "user")}
"""What no key ever does."""


def sendable(given: dict[str, Any]) -> dict[str, Any]:
    """What an action is given, as JSON."""
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value if isinstance(value, int | str) else str(value)
        for name, value in given.items()
    }  # fmt: skip


def test_every_action_has_an_address_but_those_that_read_a_folder_of_the_server() -> None:
    assert {*acting_names(), *LEFT_OUT} == set(ACTIONS)
    assert {"import archive"} == LEFT_OUT


def test_an_action_is_done_once_for_its_id(cast: Cast, ask: Ask) -> None:
    asker = ask("focal-tcd")
    first = asker.post("need/draft", NEED, **{"Idempotency-Key": "form-1"}).json()["data"]
    again = asker.post("need/draft", NEED, **{"Idempotency-Key": "form-1"}).json()["data"]
    assert (again["ref"], again["facts"]) == (first["ref"], first["facts"])
    assert (first["repeated"], again["repeated"], first["action"]) == (False, True, "form-1")
    assert len(asker.data("needs")) == 1
    other = asker.post("need/draft", {**NEED, "quantity": "41 box"}, **{"Idempotency-Key": "form-1"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "repeat-differs")


def test_the_line_of_an_action_tells_which_key_and_from_where(cast: Cast, ask: Ask) -> None:
    done = ask("focal-tcd").post("need/draft", {**NEED, "reason": "asked by telephone"}).json()["data"]
    line = get_action(cast.viewers["auditor"], done["action"])
    assert (line.by, line.reason, line.origin) == ("u-focal-tcd", "asked by telephone", "127.0.0.1 by KY-0000000001")


def test_nobody_acts_without_a_name(cast: Cast, ask: Ask) -> None:
    from evenhand.api import limits

    for name in acting_names():
        limits.ADDRESSES.clear()  # a stranger without a key soon has to wait
        response = ask().post(address_of(name), {})
        assert response.status_code == 401, name
        assert "send a key" in response.json()["error"]["sentence"]


@pytest.mark.slow
@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("name", sorted(set(RECIPES) - LEFT_OUT - CLOSED))
def test_who_may_not_do_it_may_not_do_it_here_either(cast: Cast, ask: Ask, name: str, party: str) -> None:
    """The matrix of rights once more, through the door: those who may not are refused, and one of those who may is not."""
    recipe = RECIPES[name]
    given = sendable(recipe.made(party)) | {"reason": "as the recipe says"}
    for who in [user[0] for user in USERS if user[0] not in recipe.may[party]]:
        response = ask(who).post(address_of(name), given)
        assert response.status_code in (403, 404), (who, response.content)
    for who in sorted(recipe.may[party])[:1]:
        response = ask(who).post(address_of(name), given)
        assert response.status_code in ((200, 400, 409) if recipe.later else (200,)), (who, response.content)


def test_a_strangers_draft_is_refused_like_what_was_made_up(world: World, ask: Ask) -> None:
    said = [
        ask("focal-ken").post("need/submit", {"need": ref}).json()["error"] for ref in (world["draft"], "ND-0000000000")
    ]
    assert [one["code"] for one in said] == ["name-unknown", "name-unknown"]
    assert said[0]["sentence"].replace(world["draft"], "") == said[1]["sentence"].replace("ND-0000000000", "")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "party is missing; give it: the key of the party that needs it"),
        ({**NEED, "quantty": "1"}, 422, "quantty is no parameter here; did you mean 'quantity'?"),
        ({**NEED, "by_when": "soon"}, 422, "by_when is not a date"),
        ({**NEED, "party": ["TCD"]}, 422, "party is not text"),
        ({**NEED, "party": "TDC"}, 404, "did you mean 'TCD'?"),
        ({**NEED, "quantity": "-4"}, 422, "-4"),
        ({**NEED, "why": "\0"}, 400, "NUL"),
        ({**NEED, "why": "\ud800"}, 422, "why holds half of a letter"),
        ([NEED], 400, "no object"),
        ("text", 400, "no object"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_would_work(
    cast: Cast, ask: Ask, body: Any, status: int, said: str
) -> None:
    response = ask("focal-tcd").post("need/draft", body)
    assert response.status_code == status, response.content
    assert said in response.json()["error"]["sentence"]
    assert ask("focal-tcd").data("needs") == []


@pytest.mark.parametrize(
    ("sent", "kind", "said"),
    [
        (b"{", "application/json", "it is not JSON"),
        (b"\xff", "application/json", "it is not JSON"),
        (b"[" * 100_000, "application/json", "it is not JSON"),
        (b'{"party": NaN}', "application/json", "NaN is no number"),
        (b'{"party": "TCD", "party": "KEN"}', "application/json", "twice"),
        (b"1" * 10_000, "application/json", "it is not JSON"),
        (b"<need/>", "text/xml", "of the kind 'text/xml'"),
    ],
)
def test_what_is_no_json_is_refused(cast: Cast, ask: Ask, sent: bytes, kind: str, said: str) -> None:
    asker = ask("focal-tcd")
    response = asker.client.post("/api/v1/need/draft", data=sent, content_type=kind, headers=asker.headers)
    assert response.status_code == 400
    assert said in response.json()["error"]["sentence"]


@pytest.mark.parametrize("request_id", ["x" * 37, "a b", "é", "a\tb"])
def test_an_id_that_cannot_be_one_is_refused(cast: Cast, ask: Ask, request_id: str) -> None:
    response = ask("focal-tcd").post("need/draft", NEED, **{"Idempotency-Key": request_id})
    assert response.status_code == 400, response.content


FILE = b"party,resource,quantity,why\nTCD,vaccine-measles,100,an outbreak\nTCD,vaccine-measles,lots,an outbreak\n"


def test_a_dry_run_says_what_a_file_would_do_and_does_nothing(cast: Cast, ask: Ask) -> None:
    asker = ask("focal-tcd")
    body = {"register": "needs", "filename": "needs.csv", "file": base64.b64encode(FILE).decode()}
    run = asker.post("import/dry-run", body).json()["data"]
    assert (run["sound"], run["rows"], run["total"]) == (False, 2, 1)
    (problem,) = run["problems"]
    assert (problem["row"], problem["column"]) == (3, "quantity")
    assert asker.data("needs") == []
    refused = asker.post("import/records", body)
    assert refused.status_code == 422
    assert [(one["row"], one["column"]) for one in refused.json()["error"]["problems"]] == [(3, "quantity")]


def test_a_file_comes_as_a_form_or_within_the_json_and_is_taken_once(cast: Cast, ask: Ask) -> None:
    asker = ask("focal-tcd")
    sound = b"".join(FILE.splitlines(keepends=True)[:2])
    form = {"register": "needs", "filename": "needs.csv", "file": SimpleUploadedFile("needs.csv", sound)}
    first = asker.client.post("/api/v1/import/records", data=form, headers=asker.headers)
    assert first.status_code == 200, first.content
    body = {"register": "needs", "filename": "needs.csv", "file": base64.b64encode(sound).decode()}
    again = asker.post("import/records", body).json()["data"]
    assert (again["repeated"], again["ref"]) == (True, first.json()["data"]["ref"])
    assert len(asker.data("needs")) == 1


def test_more_than_the_server_takes_is_refused(cast: Cast, ask: Ask, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = ask("focal-tcd").post("need/draft", {**NEED, "why": "x" * 2000})
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too-large")


def test_a_key_is_shown_once_and_kept_nowhere(cast: Cast, ask: Ask, rf: Any) -> None:
    """Only a session makes one; the answer holds it, and neither a table nor the line of the action does."""
    from evenhand.access.models import ActionLine, ApiKey
    from evenhand.actions.keys import make_key
    from evenhand.api.acting import make_acting
    from evenhand.api.door import Asking
    from evenhand.lookups.keys import digest_of

    request = rf.post("/api/v1/key/make", data=json.dumps({"name": "a report"}), content_type="application/json")
    request.asking = Asking(cast.viewers["focal-tcd"], session=True, address="127.0.0.1")
    told = json.loads(make_acting(ACTIONS["key make"])(request).content)["data"]
    assert told["key"].startswith("evh_")
    row = ApiKey.objects.get(pk=told["ref"])
    assert row.digest == digest_of(told["key"])
    line = ActionLine.objects.get(pk=told["action"])
    for text in (str(vars(row)), str(vars(line))):
        assert told["key"] not in text
    client = ask()
    client.headers = {"Authorization": f"Bearer {told['key']}"}
    assert client.data("me")["public_id"] == "u-focal-tcd"
    assert make_key(cast("focal-tcd"), name="another").secret != told["key"]
    assert row.until > TODAY
