"""From a record's class to its JSON schema: the fields by name, with the meaning that the class's docstring gives.

Called by `addresses`, for the OpenAPI document and the page of reference. What is declared here is what `answers` sends;
a test holds every answer against it.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args, get_origin

from evenhand.api.answers import EXACT, alternatives, is_exact, parts_of

Schema = dict[str, Any]
PLAIN: dict[Any, Schema] = {
    str: {"type": "string"}, int: {"type": "integer"}, bool: {"type": "boolean"}, float: {"type": "number"},
    date: {"type": "string", "format": "date"}, datetime: {"type": "string", "format": "date-time"},
}  # fmt: skip
REF = "#/components/schemas/"


def name_of(kind: type) -> str:
    """Return the name of a record's schema: needs.Need, for two modules may each have a Line."""
    return f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"


def schema_of(hint: Any, components: dict[str, Schema]) -> Schema:
    """Return the schema of a type; records are put among the components and referred to."""
    found = [one for one in alternatives(hint) if one is not type(None)]
    nullable = len(found) < len(alternatives(hint))
    if is_exact(hint):
        schema: Schema = {"type": "number"}
    elif len(found) == 1:
        schema = _one(found[0], components)
    else:
        schema = {"anyOf": [_one(one, components) for one in found]}
    if not nullable:
        return schema
    return schema | {"type": [schema["type"], "null"]} if isinstance(schema.get("type"), str) else {
        "anyOf": [schema, {"type": "null"}]
    }  # fmt: skip


def _one(hint: Any, components: dict[str, Schema]) -> Schema:
    if hint in PLAIN:
        return dict(PLAIN[hint])
    origin, within = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        add_record(hint, components)
        return {"$ref": REF + name_of(hint)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(within[1], components)}
    if origin is tuple and Ellipsis not in within:
        return {"type": "array", "prefixItems": [schema_of(one, components) for one in within]}
    if isinstance(origin, type) and issubclass(origin, Sequence | set | frozenset):
        return {"type": "array", "items": schema_of(within[0], components)}
    return {}  # whatever JSON holds


def add_record(kind: type, components: dict[str, Schema]) -> None:
    """Put a record's schema among the components. No field is required, because a reader may choose some of them."""
    name = name_of(kind)
    if name in components:
        return
    components[name] = {}  # a record may hold others of its kind
    said = meanings_of(kind)
    properties: dict[str, Schema] = {}
    for part in parts_of(kind):
        schema = schema_of(part.hint, components)
        properties[part.name] = ({"description": said[part.name]} if part.name in said else {}) | schema
        if part.exact:
            nullable = type(None) in alternatives(part.hint)
            properties[part.name + EXACT] = {
                "type": ["string", "null"] if nullable else "string",
                "description": f"{part.name}, exactly: a whole number, a fraction such as 1/3, or a decimal",
            }
    components[name] = {
        "type": "object", "description": first_sentence(kind.__doc__), "properties": properties,
        "additionalProperties": False,
    }  # fmt: skip


def meanings_of(kind: type) -> dict[str, str]:
    """Return the meaning of each attribute that a class's docstring describes.

    Examples
    --------
    >>> from evenhand.lookups.needs import Need
    >>> meanings_of(Need)["typed"]
    'The quantity as it was typed.'
    """
    found: dict[str, str] = {}
    for parent in reversed(kind.__mro__[:-1]):
        text = inspect.cleandoc(parent.__doc__ or "")
        section = text.partition("Attributes\n----------\n")[2]
        for names, meaning in re.findall(r"^(\S[^\n]*)\n((?:    [^\n]*\n?)+)", section, re.MULTILINE):
            found |= dict.fromkeys(re.split(r",\s*", names), " ".join(meaning.split()))
    for name, value in inspect.getmembers(kind, lambda one: isinstance(one, property)):
        found[name] = first_sentence(value.__doc__)
    return found


def first_sentence(text: str | None) -> str:
    """Return what a docstring says first.

    Examples
    --------
    >>> first_sentence("Return a need. Raises NameUnknown where there is none.")
    'Return a need.'
    """
    paragraph = " ".join(inspect.cleandoc(text or "").split("\n\n")[0].split())
    return paragraph.partition(" Raises ")[0]
