"""The document describes what is there and what it answers; its examples are what the cast was answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.db import transaction
from evenhand_cast import Cast
from evenhand_seen import World, make_world

import evenhand.api
from evenhand.api.addresses import API, FILES, urlpatterns
from evenhand.api.described import document
from evenhand.api.readings import READINGS

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
EXAMPLES = Path(str(evenhand.api.__file__)).parent / "examples.json"


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document(API)["paths"].items()
        for method, operation in methods.items()
    ]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_the_document_is_one_of_openapi_3_1_and_all_its_references_lead_somewhere() -> None:
    whole = document(API)
    assert whole["openapi"].startswith("3.1")
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(whole)):
        found: Any = whole
        for part in reference.split("/"):
            found = found[part]
        assert found
    for schema in whole["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"})


def test_every_address_is_described_and_every_description_has_its_address() -> None:
    told = {path.removeprefix("/api/v1/") for _, path, _ in operations()}
    there = {
        str(one.pattern).replace("<", "{").replace(">", "}")
        for pattern in urlpatterns
        for one in getattr(pattern, "url_patterns", [])
    }
    assert told == there
    assert told >= {*(one.path for one in READINGS), *(place for place, *_ in FILES)}


def test_every_operation_and_parameter_says_what_it_means() -> None:
    silent = [f"{method} {path}" for method, path, one in operations() if not one.get("summary")]
    silent += [
        f"{path} {parameter['name']}"
        for _, path, one in operations()
        for parameter in one.get("parameters", [])
        if not parameter.get("description")
    ]
    silent += [
        f"{path} {name}"
        for _, path, one in operations()
        for name, schema in _properties(one.get("requestBody", {})).items()
        if not schema.get("description")
    ]
    assert silent == []


def _properties(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body.get("content", {}).get("application/json", {}).get("schema", {}).get("properties", {})
    return found


def test_no_two_operations_have_one_name() -> None:
    names = [one["operationId"] for _, _, one in operations()]
    assert len(names) == len(set(names))


def validator(schema: dict[str, Any]) -> Any:
    return jsonschema_rs.Draft202012Validator(
        schema | {"components": document(API)["components"]}, validate_formats=True
    )


@pytest.mark.parametrize("who", ["", "focal-tcd", "auditor", "operator"])
def test_what_is_answered_is_what_is_described_and_every_field_is_there(world: World, ask: Ask, who: str) -> None:
    asker = ask(who) if who else ask()
    described = document(API)
    checked = 0
    for reading in READINGS:
        if "{" in reading.path or "consistency" in reading.path:
            continue
        answer = asker.get(f"{reading.path}?q=Chad" if reading.path == "search" else reading.path).json()
        schema = described["paths"][f"/api/v1/{reading.path}"]["get"]["responses"]["200"]["content"]["application/json"]
        validator(schema["schema"]).validate(answer)
        rows = answer["data"] if isinstance(answer["data"], list) else [answer["data"]]
        ref = schema["schema"]["properties"]["data"]
        name = (ref.get("$ref") or ref["items"]["$ref"]).rpartition("/")[2]
        for row in rows:
            assert set(row) == set(described["components"]["schemas"][name]["properties"]), reading.path
            checked += 1
    assert checked > 20


@pytest.mark.slow
def test_the_examples_are_what_the_cast_was_answered(
    cast: Cast, ask: Ask, signing: Any, rf: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, update_golden: bool
) -> None:
    from evenhand_examples import act_all, act_in_session, add_more, number_anew, read_all

    from evenhand.actions.checkpoints import make_checkpoint
    from evenhand.ledger.checkpoint import SigningKey

    settings.EVENHAND.signing_key_file.write_text(SigningKey(signing.name, bytes(32)).text(), encoding="ascii")

    number_anew(monkeypatch)
    found: dict[str, Any] = {}
    with undone():
        world = make_world(cast)
        add_more()
        make_checkpoint(cast("task-force", request="example-0"))
        found |= read_all(ask("auditor"), world, "auditor")
    settings.EVENHAND.signing_key_file.unlink()  # what it signed is undone, and it would sign nothing else
    number_anew(monkeypatch)
    found |= act_all(ask, undone)
    found |= act_in_session(cast, rf, undone)
    text = json.dumps(dict(sorted(found.items())), ensure_ascii=False, indent=1) + "\n"
    if update_golden:
        EXAMPLES.write_text(text, encoding="utf-8")
    assert json.loads(EXAMPLES.read_text(encoding="utf-8")) == json.loads(text), "read it, then: pytest --update-golden"


@pytest.mark.parametrize("part", ["answer", "body"])
def test_every_example_is_what_is_described(part: str) -> None:
    checked = 0
    for _, _, operation in operations():
        content = operation["requestBody"]["content"] if part == "body" and "requestBody" in operation else {}
        content = operation["responses"]["200"]["content"] if part == "answer" else content
        told = content.get("application/json", {})
        if "example" in told:
            validator(told["schema"]).validate(told["example"])
            checked += 1
    assert checked > (90 if part == "answer" else 45)


def test_the_page_of_reference_shows_every_operation_and_runs_nothing(ask: Ask) -> None:
    page = ask().client.get("/api/v1/")
    text = page.content.decode()
    assert page["Content-Type"].startswith("text/html")
    assert "<script" not in text
    assert " style=" not in text
    for method, path, _ in operations():
        assert f"<code>{method.upper()} {path}</code>" in text
    assert ask().client.get("/api/v1/openapi.json").json() == document(API)
