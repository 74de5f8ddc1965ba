"""Actions on translations: add one to a name or a text of a record, take one back.

A record keeps its own words; a translation stands beside them, with who made it and whether somebody has read it. A draft
gives way to what a person says; nobody's words but a draft's are replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import Model

from evenhand.access.rights import shared_list
from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import (
    get_evidence,
    get_group,
    get_need,
    get_objection,
    get_offer,
    get_party,
    get_place,
    get_programme,
    get_resource,
    get_round,
)
from evenhand.actions.typed import read_choice, read_line, read_text
from evenhand.errors import ActionRefused
from evenhand.records.models import Evidence, Party, Place, Programme, Translation
from evenhand.records.tree import parties_above, target_of
from evenhand.rounds.models import Objection

LINES = ("name", "title")
"""Fields of one line; the others may have several."""

LONGEST_NAME = 200

Kind = Annotated[str, "what it is a text of: party, place, group, resource, programme, need, offer, round, ..."]
Key = Annotated[str, "its key or ref, such as TCD or ND-..."]
Field = Annotated[str, "which text of it: name, title, note, why, conditions, text or answer; its first where not said"]
Language = Annotated[str, "into which language: ar, zh, en, fr, ru or es"]


@action("translation add")
def add_translation(
    doing: Doing,
    *,
    kind: Kind,
    key: Key,
    language: Language,
    text: Annotated[str, "the translation"],
    field: Field = "",
    draft: Annotated[bool, "a machine made it, or nobody has read it who would know"] = False,
    source: Annotated[str, "who translated it, or where it is from"] = "",
) -> Done:
    """Add a translation of a name or a text. The same again changes nothing; a draft is replaced, nothing else is."""
    row, field = _own(doing, kind, key, field)
    read_choice("language", language, Translation.LANGUAGES)
    if not getattr(row, field):
        raise ActionRefused(f"{key} has no {field}, so there is nothing to translate; give that first")
    read = read_line(field, text, most=LONGEST_NAME) if field in LINES else read_text(field, text)
    if not read:
        raise ActionRefused(f"the translation of the {field} is empty; write it, or remove the translation")
    names = {"of": kind, "key": row.pk, "field": field, "language": language}
    said = {"text": read, "draft": draft, "source": read_line("source", source, most=400, needed=False)}
    there = Translation.objects.filter(**names).first()
    if there is None:
        Translation.objects.create(**names, **said)
        return doing.done(row.pk, language=language)
    if {name: getattr(there, name) for name in said} == said:
        return doing.done(row.pk, language=language, there_already=True)
    if not there.draft:
        raise ActionRefused(
            f"the {field} of {key} has a translation into '{language}' that is no draft; remove it first if it is wrong"
        )
    Translation.objects.filter(pk=there.pk).update(**said)
    return doing.done(row.pk, language=language, replaced_draft=True)


@action("translation remove")
def remove_translation(doing: Doing, *, kind: Kind, key: Key, language: Language, field: Field = "") -> Done:
    """Take a translation back; the record's own words stand for it again."""
    row, field = _own(doing, kind, key, field)
    gone, _ = Translation.objects.filter(of=kind, key=row.pk, field=field, language=language).delete()
    if not gone:
        raise ActionRefused(f"the {field} of {key} has no translation into '{language}'; there is nothing to remove")
    return doing.done(row.pk, language=language)


def _own(doing: Doing, kind: str, key: str, field: str) -> tuple[Model, str]:
    """Return the record and the field, having asked for the right over them."""
    read_choice("kind of record with translations", kind, tuple(Translation.OF))
    row = GETTERS[kind](key)
    doing.require(_target(doing, row))
    fields = Translation.OF[kind]
    return row, read_choice(f"text of a {kind}", field or fields[0], fields)


GETTERS: dict[str, Callable[[str], Any]] = {
    "party": get_party, "place": get_place, "group": get_group, "resource": get_resource, "programme": get_programme,
    "need": get_need, "offer": get_offer, "round": get_round, "objection": get_objection, "evidence": get_evidence,
}  # fmt: skip
"""Kind of record → what finds one; raises NameUnknown."""


def _target(doing: Doing, row: Any) -> Target:
    """Return what a right over a record's words is asked about: its party, else its group, else the shared lists."""
    if isinstance(row, Place):
        party: Party | None = Party.objects.filter(pk=row.country, kind="state").first()
    elif isinstance(row, Programme):
        party = row.lead
    elif isinstance(row, Evidence):
        party = row.given_by
    else:
        party = row if isinstance(row, Party) else getattr(row, "party", None) or getattr(row, "donor", None)
    group = row.round.group_id if isinstance(row, Objection) else getattr(row, "group_id", None)
    if row._meta.model_name == "group":
        group = row.pk
    if group:
        return Target(parties_above(party) if party else (), (group,))
    return target_of(party, doing.today) if party else shared_list(doing.viewer)
