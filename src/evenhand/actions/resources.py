"""Actions on resources: register one with its units, packs, parts and codes.

A resource is never changed afterwards, because every quantity of it is counted in its base unit.
"""

from __future__ import annotations

import re
from typing import Annotated

from evenhand.access.rights import shared_list
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_resource
from evenhand.actions.typed import (
    KEY,
    UNIT,
    read_choice,
    read_codes,
    read_key,
    read_line,
    read_names,
    read_number,
    read_text,
    shown,
    stands_already,
)
from evenhand.errors import ActionRefused
from evenhand.ledger.entries import LARGEST_QUANTITY
from evenhand.ledger.stages import KINDS
from evenhand.records.models import Code, Resource

CURRENCY = re.compile(r"[A-Z]{3}")


@action("resource register")
def register_resource(
    doing: Doing,
    *,
    key: Annotated[str, "the key everybody will know it by, such as vaccine-measles; ISO 4217 for money"],
    name: Annotated[str, "its name"],
    kind: Annotated[str, "goods, money, service, capacity or structure"],
    base_unit: Annotated[str, "the smallest unit it is counted in, such as dose, piece, gram"],
    packs: Annotated[str, "its packs in base units, such as vial=10;box=100"] = "",
    parts: Annotated[str, "for a kit: what one holds in base units, such as mask-ffp2=1;gloves-examination=2"] = "",
    family: Annotated[str, "the key of the general resource that it can stand in for"] = "",
    per_person: Annotated[str, "how many base units make one service unit, such as 2 doses for a person"] = "1",
    requires: Annotated[str, "what a recipient must be able to handle, separated by ';', such as ultra-cold"] = "",
    codes: Annotated[str, "its codes in other lists, as scheme:code separated by ';'"] = "",
    name_fr: Annotated[str, "its name in French"] = "",
    note: Annotated[str, "what else is worth knowing"] = "",
) -> Done:
    """Register a resource. The same one again changes nothing; another one under the same key is refused."""
    doing.require(shared_list(doing.viewer))
    alike = Resource.objects.filter(key__iexact=key).exclude(key=key).values_list("key", flat=True)
    resource = Resource(
        key=read_key("resource", key, alike),
        name=read_line("name of the resource", name, most=200),
        name_fr=read_line("French name", name_fr, most=200, needed=False),
        kind=read_choice("kind of resource", kind, KINDS),
        family=get_resource(family) if family else None,
        base_unit=_unit("base unit", base_unit),
        packs=read_sizes("packs", packs),
        parts=read_sizes("parts", parts),
        per_person=read_number("per_person", per_person),
        requires=";".join(read_names("requires", requires)),
        note=read_text("note", note),
    )
    _refuse_unsound(resource)
    known = read_codes("resource", resource.key, codes)
    if stands_already("resource", Resource.objects.filter(pk=resource.key).first(), resource, known):
        return doing.done(resource.key, there_already=True)
    resource.save(force_insert=True)
    Code.objects.bulk_create(known)
    return doing.done(resource.key)


def read_sizes(column: str, text: str) -> dict[str, int]:
    """Return packs or parts, `box=100;carton=1000`, as a mapping.

    Raises
    ------
    ActionRefused
        A part is not a name with a whole size above 0, or a name stands twice.
    """
    sizes: dict[str, int] = {}
    named = KEY if column == "parts" else UNIT
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, size = (half.strip() for half in part.partition("="))
        if not named.fullmatch(name) or not re.fullmatch(r"[0-9]{1,16}", size) or not 0 < int(size) <= LARGEST_QUANTITY:
            raise ActionRefused(
                f"{column} holds '{shown(part)}'; write such as box=100, a name without spaces that begins with a "
                "letter, and a whole size above 0"
            )
        if name in sizes:
            raise ActionRefused(f"{column} names '{name}' twice; say it once")
        sizes[name] = int(size)
    return sizes


def _unit(column: str, text: str) -> str:
    if not UNIT.fullmatch(text):
        raise ActionRefused(
            f"the {column} '{shown(text)}' cannot stand behind a number; begin with a letter, without spaces, at most 40"
        )
    return text


def _refuse_unsound(resource: Resource) -> None:
    if resource.packs.get(resource.base_unit, 1) != 1:
        raise ActionRefused(
            f"'{resource.base_unit}' is the base unit and cannot be a pack of {resource.packs[resource.base_unit]} too"
        )
    family = resource.family
    if family is not None:
        if family.key == resource.key or family.family_id is not None:
            raise ActionRefused(
                f"{family.key} cannot be the family of {resource.key}: a family is a general resource that is in none itself"
            )
        if family.kind != resource.kind:
            raise ActionRefused(
                f"{family.key} is {family.kind} and {resource.key} {resource.kind}; a family is of one kind"
            )
    for part in resource.parts:
        if part == resource.key or get_resource(part).kind == "money":
            raise ActionRefused(f"'{part}' cannot be a part of {resource.key}; a kit holds other things, and no money")
    if resource.kind == "money" and not (
        CURRENCY.fullmatch(resource.key) and resource.key in (resource.base_unit, *resource.packs)
    ):
        raise ActionRefused(
            f"money is named by its ISO 4217 code and has it as a pack of its smallest unit, such as USD with the base "
            f"unit cent and the packs USD=100; '{resource.key}' has not"
        )
