"""The OpenAPI document: what ninja makes of the operations, with our schemas, the one error body, and an example of each.

The examples in `examples.json` are what the operations answered to the fixed cast of the tests; a test runs them again and
compares. Called by `addresses`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ninja import NinjaAPI

from evenhand.actions.bulk.importing import DryRun
from evenhand.api.acting import DRY_RUN, KEY_HEADER
from evenhand.api.reading import Asked, Listed
from evenhand.api.readings import Reading
from evenhand.api.schemas import REF, Schema, add_record, name_of

EXAMPLES: Final = "examples.json"
FAULTS: Final = {
    "304": "Nothing has changed since the ETag that was sent.",
    "400": "An option is outside its range, or the request cannot be read.",
    "401": "No key where one is needed, or one that opens nothing.",
    "403": "Your roles, or your key's scopes, do not allow it.",
    "404": "There is no such record, or none that you may see.",
    "409": "It cannot be done as things stand, or the id was used for something else; the sentence says what would work.",
    "413": "What was sent is larger than this server takes.",
    "422": "Parameters or rows cannot be used; `problems` names every one.",
    "429": "Asked too often; Retry-After says how long to wait.",
    "503": "The database does not answer; send it again, an action with the same Idempotency-Key.",
}
READ_FAULTS: Final = ("400", "401", "404", "409", "422", "429", "503")
ACT_FAULTS: Final = ("400", "401", "403", "404", "409", "413", "422", "429", "503")
COMPONENTS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "properties": {
            "table": {"type": "string"},
            "row": {"type": "integer", "description": "as a person counts in the file; 0 where no row is meant"},
            "column": {"type": "string"},
            "field": {"type": "string", "description": "the parameter, where one is meant"},
            "text": {"type": "string", "description": "what is wrong, and what would work"},
        },
        "required": ["table", "row", "column", "field", "text"],
        "additionalProperties": False,
    },
    "Fault": {
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "code": {"type": "string", "description": "stable, for programs"},
                    "sentence": {"type": "string", "description": "what is wrong, where, and what would work"},
                    "problems": {"type": "array", "items": {"$ref": f"{REF}Problem"}},
                    "request": {"type": "string", "description": "names this request in the server's log"},
                },
                "required": ["code", "sentence", "problems", "request"],
                "additionalProperties": False,
            }
        },
        "required": ["error"],
        "additionalProperties": False,
    },
    "Done": {
        "type": "object",
        "properties": {
            "action": {"type": "string", "description": "the action's id"},
            "ref": {"type": "string", "description": "the ref or key of what it is about"},
            "facts": {"type": "object", "description": "what else is worth knowing"},
            "repeated": {"type": "boolean", "description": "it was done before under this id; nothing was done again"},
            "key": {"type": "string", "description": "of `key make` alone: the new key, shown this once"},
        },
        "required": ["action", "ref", "facts", "repeated"],
        "additionalProperties": False,
    },
}
"""Schemas that stand beside those of the records."""

DAY: Schema = {"type": "string", "format": "date", "description": "the day as on which it was answered, in UTC"}
VERSION: Schema = {"type": "integer", "description": "the version of the records; every action raises it"}
NEXT: Schema = {"type": ["string", "null"], "description": "the address of the next page, null where there is none"}


def describe_reading(reading: Reading, answer: Listed, asked: Sequence[Asked]) -> dict[str, Any]:
    """Return what the document says of a reading beyond its parameters."""
    add_record(answer.kind, COMPONENTS)
    record: Schema = {"$ref": REF + name_of(answer.kind)}
    data = {"type": "array", "items": record} if answer.many else record
    schema = _envelope(data, {"version": VERSION, **({"next": NEXT} if answer.many else {})})
    content: dict[str, Any] = {"application/json": {"schema": schema} | _example(f"GET {reading.path}", "answer")}
    if answer.many:
        content["text/csv"] = {"schema": {"type": "string"}}
    return {
        "responses": _responses(content, READ_FAULTS),
        "security": [{}, {"key": []}],
        **_filled(reading.path, f"GET {reading.path}"),
    }


def describe_file(place: str, kind: str, schema: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the document says of a file."""
    content: dict[str, Any] = {kind: {"schema": {"type": "string"}}}
    if schema is not None:
        content = {kind: {"schema": _envelope(dict(schema), {})} | _example(f"GET {place}", "answer")}
    elif kind == "application/geo+json":
        content = {kind: {"schema": {"type": "object"}}}
    elif kind in ("application/zip", "application/octet-stream"):
        content = {kind: {}}
    else:
        content[kind] |= _example(f"GET {place}", "answer")
    return {
        "responses": _responses(content, READ_FAULTS),
        "security": [{}, {"key": []}],
        **_filled(place, f"GET {place}"),
    }


def describe_act(name: str, view: Callable[..., Any]) -> dict[str, Any]:
    """Return what the document says of an action: its body, out of its signature, and the header that makes it safe to repeat."""
    model = view.api_model.model_json_schema()  # type: ignore[attr-defined]  # `acting` has put it there
    body = {key: value for key, value in model.items() if key != "title"}
    for field in body["properties"].values():
        field.pop("title", None)
    place = f"POST {name}"
    answer: Schema = {"$ref": f"{REF}Done"}
    if name == DRY_RUN:
        add_record(DryRun, COMPONENTS)
        answer = {"$ref": REF + name_of(DryRun)}
    header = {
        "name": KEY_HEADER, "in": "header", "required": False, "schema": {"type": "string", "maxLength": 36},
        "description": "an id of your own, at most 36 letters, digits, '-', '.', ':'; sent twice, it is done once",
    }  # fmt: skip
    forms = {"multipart/form-data": {"schema": body}} if "contentEncoding" in json.dumps(body) else {}
    return {
        "parameters": [header],
        "requestBody": {
            "required": bool(body.get("required")),
            "content": {"application/json": {"schema": body} | _example(place, "body")} | forms,
        },
        "responses": _responses(
            {"application/json": {"schema": _envelope(answer, {})} | _example(place, "answer")}, ACT_FAULTS, read=False
        ),
        "security": [{"key": []}],
        "description": view.__doc__ or "",
    }


def document(api: NinjaAPI) -> dict[str, Any]:
    """Return the whole document."""
    return _document(id(api), api)


@cache
def _document(_: int, api: NinjaAPI) -> dict[str, Any]:
    found = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    found["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    found["components"] = {
        "schemas": dict(sorted(COMPONENTS.items())),
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "a key: evh_..."}},
    }
    found["servers"] = [{"url": "/"}]
    del found["info"]["description"]
    found["info"] |= {"description": api.description}
    filled = json.loads(json.dumps(found))
    for place in filled["paths"].values():
        for operation in place.values():
            _fill(operation)
    whole: dict[str, Any] = filled
    return whole


def _fill(operation: dict[str, Any]) -> None:
    """Put the values of the example beside the parameters."""
    values = operation.pop("x-example-values", {})
    for parameter in operation.get("parameters", []):
        parameter.get("schema", {}).pop("title", None)
        if parameter["name"] in values:
            parameter["example"] = values[parameter["name"]]


def _filled(place: str, name: str) -> dict[str, Any]:
    values = examples().get(name, {}).get("values")
    return {"x-example-values": values} if values else {}


def _responses(content: Mapping[str, Any], faults: Sequence[str], *, read: bool = True) -> dict[str, Any]:
    found: dict[str, Any] = {
        "200": {"description": "What was asked for." if read else "Done.", "content": dict(content)}
    }
    if read:
        found["304"] = {"description": FAULTS["304"]}
    for status in faults:
        schema = {"schema": {"$ref": f"{REF}Fault"}}
        found[status] = {"description": FAULTS[status], "content": {"application/json": schema}}
    return found


def _envelope(data: Schema, more: Mapping[str, Schema]) -> Schema:
    properties = {"data": data, **more, "day": DAY}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Return the examples: method and path, or name of the action, → values of parameters, body and answer."""
    file = files("evenhand.api") / EXAMPLES
    found: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def _example(name: str, part: str) -> dict[str, Any]:
    found = examples().get(name, {})
    return {"example": found[part]} if part in found else {}
