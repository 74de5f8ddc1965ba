"""The action that plants the shipped lists: countries, groups and their members, offices, currencies, relief resources.

It adds what is not there and touches nothing that is: what people registered, changed or ended stays theirs. Planted
again, from the same lists or a later edition, it adds only what is new. The lists are `records/seeds/*.csv`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from importlib.resources import files

from django.db.models import Model

from evenhand.access.viewers import ANYTHING
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.resources import read_sizes
from evenhand.records.models import Code, Group, Membership, Office, Party, Place, Resource, Translation

SEEDS = files("evenhand.records") / "seeds"
AT_ONCE = 500
SHIPPED = "the shipped lists"

Row = dict[str, str]


@action("seed plant")
def plant_seeds(doing: Doing) -> Done:
    """Plant the shipped lists of facts: adds what is missing, changes nothing that is there."""
    doing.require(ANYTHING)
    countries = read_seeds("countries")
    taken = frozenset(Party.objects.exclude(kind="state").values_list("key", flat=True))
    groups = [row for row in read_seeds("groups") if row["key"] not in taken]  # an earmark could not tell the two apart
    added = {
        "places": _plant(Place, (_place(row) for row in countries)),
        "parties": _plant(Party, (_state(row) for row in countries)),
        "groups": _plant(Group, (_group(row) for row in groups)),
        "currencies": _plant(Resource, (_currency(row) for row in read_seeds("currencies"))),
        "resources": _plant(Resource, (_resource(row) for row in read_seeds("resources"))),
    }
    codes = _plant_codes(added)
    counts = {name: len(keys) for name, keys in added.items()}
    return doing.done(
        "", **counts, memberships=_plant_memberships(), offices=_plant_offices(), codes=codes,
        translations=_plant_translations(),
    )  # fmt: skip


def read_seeds(name: str) -> list[Row]:
    """Return the rows of one shipped list: countries, groups, memberships, offices, currencies, resources, translations."""
    return list(csv.DictReader(io.StringIO((SEEDS / f"{name}.csv").read_text(encoding="utf-8"), newline="")))


def _plant(model: type[Model], wanted: Iterable[Model]) -> set[str]:
    """Write the rows whose key is not there; return their keys."""
    there = _known(model)
    new = [row for row in wanted if row.pk not in there]
    model._default_manager.bulk_create(new, batch_size=AT_ONCE)
    return {str(row.pk) for row in new}


def _place(row: Row) -> Place:
    return Place(key=row["key"], name=row["name"], country=row["key"], level=0)


def _state(row: Row) -> Party:
    return Party(key=row["key"], name=row["name"], kind="state", place_id=row["key"])


def _group(row: Row) -> Group:
    return Group(**{name: row[name] for name in ("key", "name", "kind", "founded", "source")})


def _currency(row: Row) -> Resource:
    """Return a currency, counted in its smallest unit; the currency itself is a pack of these."""
    digits = int(row["digits"])
    base_unit, packs = ("minor-unit", {row["key"]: 10**digits}) if digits else (row["key"], {})
    return Resource(key=row["key"], name=row["name"], kind="money", base_unit=base_unit, packs=packs)


def _resource(row: Row) -> Resource:
    plain = ("key", "name", "name_fr", "kind", "base_unit", "requires", "note")
    return Resource(
        **{name: row[name] for name in plain},
        family_id=row["family"] or None,
        packs=read_sizes("packs", row["packs"]),
        parts=read_sizes("parts", row["parts"]),
        per_person=row["per_person"] or "1",
    )


def _plant_codes(added: dict[str, set[str]]) -> int:
    """Write the codes of what was added, except a code that names something else already."""
    taken = set(Code.objects.values_list("of", "scheme", "code"))
    new = [one for one in _codes(added) if (one.of, one.scheme, one.code) not in taken]
    Code.objects.bulk_create(new, batch_size=AT_ONCE)
    return len(new)


def _codes(added: dict[str, set[str]]) -> Iterator[Code]:
    for row in read_seeds("countries"):
        for of, planted in (("place", added["places"]), ("party", added["parties"])):
            if row["key"] in planted:
                yield Code(of=of, key=row["key"], scheme="iso-3166-1-alpha-2", code=row["alpha2"])
                yield Code(of=of, key=row["key"], scheme="m49", code=row["m49"])
    for row in read_seeds("currencies"):
        if row["key"] in added["currencies"]:
            yield Code(of="resource", key=row["key"], scheme="iso-4217-number", code=row["number"])
    for row in read_seeds("resources"):
        for part in filter(None, row["codes"].split(";") if row["key"] in added["resources"] else ()):
            scheme, _, code = part.partition(":")
            yield Code(of="resource", key=row["key"], scheme=scheme.strip(), code=code.strip())


def _plant_memberships() -> int:
    """Write the memberships of every group and party that have none together; a pair people touched is left alone."""
    there = set(Membership.objects.values_list("group", "party"))
    groups, parties = _known(Group), _known(Party)
    new = [
        Membership(
            group_id=row["group"], party_id=row["party"], since=row["since"], until=row["until"], status=row["status"],
            source="; ".join(filter(None, (row["sources"], row["note"]))),
        )
        for row in read_seeds("memberships")
        if (row["group"], row["party"]) not in there and row["group"] in groups and row["party"] in parties
    ]  # fmt: skip
    Membership.objects.bulk_create(new, batch_size=AT_ONCE)
    return len(new)


def _plant_offices() -> int:
    """Write the offices of every group that no party is recorded to have held; an office people touched is left alone."""
    there = set(Office.objects.values_list("group", "office"))
    groups, parties = _known(Group), _known(Party)
    new = [
        Office(
            **{"group_id": row["group"], "party_id": row["party"]}
            | {name: row[name] for name in ("office", "since", "until", "source")}
        )
        for row in read_seeds("offices")
        if (row["group"], row["office"]) not in there and row["group"] in groups and row["party"] in parties
    ]
    Office.objects.bulk_create(new, batch_size=AT_ONCE)
    return len(new)


def _plant_translations() -> int:
    """Write the shipped names in other languages of what still has its shipped name; what people translated stays."""
    there = set(Translation.objects.values_list("of", "key", "language"))
    named = {
        of: dict(model._default_manager.values_list("pk", "name"))
        for of, model in (("place", Place), ("party", Party), ("group", Group), ("resource", Resource))
    }
    new = [
        one
        for name, one in _translations()
        if named[one.of].get(one.key) == name and (one.of, one.key, one.language) not in there
    ]
    Translation.objects.bulk_create(new, batch_size=AT_ONCE)
    return len(new)


def _translations() -> Iterator[tuple[str, Translation]]:
    """Return each shipped translation beside the shipped name it is of. A column of French names is no draft."""
    countries, groups = read_seeds("countries"), read_seeds("groups")
    shipped = {("group", row["key"]): row["name"] for row in groups}
    shipped |= {("resource", row["key"]): row["name"] for row in read_seeds("resources")}
    shipped |= {(of, row["key"]): row["name"] for row in countries for of in ("party", "place")}
    for of, rows in (("party", countries), ("place", countries), ("group", groups)):
        for row in rows:
            if row["name_fr"]:
                yield (
                    row["name"],
                    Translation(
                        of=of, key=row["key"], field="name", language="fr", text=row["name_fr"], source=SHIPPED
                    ),
                )
    for row in read_seeds("translations"):
        for of in ("party", "place") if row["of"] == "country" else (row["of"],):
            for language in ("ar", "zh", "ru", "es"):
                yield shipped[of, row["key"]], Translation(
                    of=of, key=row["key"], field="name", language=language, text=row[language], draft=True,
                    source=SHIPPED,
                )  # fmt: skip


def _known(model: type[Model]) -> set[str]:
    return set(model._default_manager.values_list("pk", flat=True))
