"""What the examples of the document are made of: every operation, asked of the fixed cast, with what may differ made the same.

Run by `test_openapi.py`, which compares with `src/evenhand/api/examples.json` or, with --update-golden, writes it.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import evenhand_recipes
import evenhand_said
import evenhand_seen
import evenhand_stock
import pytest
from evenhand_recipes import RECIPES

from evenhand.api.acting import DRY_RUN, acting_names, address_of
from evenhand.api.readings import READINGS

SHOWN_ROWS = 2
LONGEST = 400
WITHOUT = {"key make", "key revoke", *(name for name in RECIPES if name.startswith("user "))}
"""A key does not do these; their examples are those of a session."""


def number_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the cast's helpers and the ids of actions count from 1, so that what is made is named the same whatever ran before."""
    for module in (evenhand_recipes, evenhand_said, evenhand_seen, evenhand_stock):
        monkeypatch.setattr(module, "_numbers", itertools.count(1))
    ids = itertools.count(1)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(ids)))


def shortened(value: Any) -> Any:
    """An answer as people can read it: the first rows of each list, no long text."""
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shortened(one) for one in value[:SHOWN_ROWS]]
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:LONGEST]
    return re.sub(r"evh_[\w-]+", "evh_...", value) if isinstance(value, str) else value


def read_all(asker: Any, world: Any, viewer_name: str) -> dict[str, dict[str, Any]]:
    """The example of every reading: name → values of parameters, answer."""
    from evenhand.access.models import ActionLine, ApiKey
    from evenhand.rounds.models import Objection

    values = {
        "needs/{ref}": {"ref": world["approved"]}, "offers/{ref}": {"ref": world["gift"]},
        "offers/{offer}/path": {"offer": world["gift"]}, "parties/{key}": {"key": "TCD"},
        "parties/{key}/standing": {"key": "TCD"}, "groups/{key}": {"key": "NAM"}, "groups/{key}/members": {"key": "NAM"},
        "resources/{key}": {"key": "vaccine-measles"}, "rounds/{ref}": {"ref": world["published"]},
        "consignments/{ref}": {"ref": world["consignment"]}, "evidence/{ref}": {"ref": world["public evidence"]},
        "book/entries/{entry}": {"entry": "cn:3"}, "book/entries/number/{seq}": {"seq": 3},
        "objections/{ref}": {"ref": Objection.objects.filter(round=world["published"]).get().ref},
        "actions/{id}": {"id": ActionLine.objects.order_by("pk")[0].pk}, "users/{name}": {"name": viewer_name},
        "keys/{ref}": {"ref": ApiKey.objects.get().ref}, "places/{key}": {"key": "TCD"},
        "programmes/{ref}": {"ref": "PG-0000000001"}, "book/checkpoints/{size}": {"size": "5"},
        "statements/{ref}": {"ref": world["told"]}, "statements/{statement}/alike": {"statement": world["told"]},
        "statement-threads/{ref}": {"ref": world["thread"]}, "meetings/{ref}": {"ref": world["met"]},
        "meetings/{meeting}/alike": {"meeting": world["met"]}, "officials/{ref}": {"ref": world["host"]},
        "documents/{ref}": {"ref": world["document"]},
        "book/entries/{seq}/proof": {"seq": "3"}, "book/consistency": {"from": "5", "to": "5"}, "search": {"q": "Chad"},
    }  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    for reading in READINGS:
        given = values.get(reading.path, {})
        query = "" if "{" in reading.path or not given else f"?{urlencode(given)}"
        response = asker.get(reading.path.format_map(given) + query)
        assert response.status_code == 200, (reading.path, response.content)
        told = {"answer": shortened(response.json())}
        found[f"GET {reading.path}"] = {"values": given} | told if given else told
    for path in ("me", "checkpoint", "book/keys", "book/lines?most=2"):
        response = asker.get(path)
        answer = response.json() if path == "me" else response.content.decode()
        found[f"GET {path.partition('?')[0]}"] = {"answer": answer}
    return found


def add_more() -> None:
    """Write what the world of the cast has none of."""
    from evenhand.records.models import Place, Programme

    Place.objects.create(key="TCD", name="Chad", country="TCD", latitude=15.5, longitude=18.7)
    Programme.objects.create(
        ref="PG-0000000001", title="Measles in the Sahel", kind="aid", lead_id="IND", group_id="NAM"
    )


def act_in_session(cast: Any, rf: Any, undone: Callable[[], Any]) -> dict[str, dict[str, Any]]:
    """The same of what no key does: by a browser that is signed in."""
    from evenhand.actions.catalogue import ACTIONS
    from evenhand.api.acting import make_acting
    from evenhand.api.door import Asking

    found: dict[str, dict[str, Any]] = {}
    for name in sorted(WITHOUT):
        recipe = RECIPES[name]
        who = "operator" if name.startswith("user ") else "focal-tcd"
        with undone():
            body = recipe.made("TCD") | {"reason": "as agreed by telephone"}
            body.pop("digest", None)
            request = rf.post(
                "/", data=json.dumps(body), content_type="application/json", HTTP_IDEMPOTENCY_KEY="example-1"
            )
            request.asking = Asking(cast.viewers[who], session=True, address="127.0.0.1")
            answer = json.loads(make_acting(ACTIONS[name])(request).content)
        found[f"POST {name}"] = {"body": body, "answer": shortened(answer)}
    return found


def act_all(ask: Callable[..., Any], undone: Callable[[], Any]) -> dict[str, dict[str, Any]]:
    """The example of every action that somebody of the cast does with a key: name → body, answer."""
    found: dict[str, dict[str, Any]] = {}
    for name in acting_names():
        recipe = RECIPES[name]
        who = sorted(recipe.may["TCD"]) or sorted(set().union(*recipe.may.values()))
        if name in WITHOUT or recipe.later or not who:
            continue
        with undone():
            body = recipe.made("TCD") | {"reason": "as agreed by telephone"}
            body = {
                key: base64.b64encode(one).decode() if isinstance(one, bytes) else one if isinstance(one, int | str) else str(one)
                for key, one in body.items()
            }  # fmt: skip
            response = ask(who[0]).post(address_of(name), body, **{"Idempotency-Key": "example-1"})
        assert response.status_code == 200, (name, response.content)
        found[f"POST {name}"] = {"body": body, "answer": shortened(response.json())}
        if name == "import records":
            with undone():
                run = ask(who[0]).post(address_of(DRY_RUN), recipe.made("TCD") | {"file": body["file"]})
            found[f"POST {DRY_RUN}"] = {"body": body, "answer": shortened(run.json())}
    return found
