"""One person, one record: the machine proposes pairs with its reasons, a person decides, both records stay until then.

What is compared stays in memory. What a person decided is not proposed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Annotated, Final

from evenhand.access.rights import require
from evenhand.actions.action import Acting, Doing, Done
from evenhand.actions.finding import get_party
from evenhand.actions.people.action import people_action
from evenhand.actions.people.finding import get_registration, reach_person
from evenhand.actions.people.households import merge_persons
from evenhand.errors import ActionRefused, NameUnknown, OptionRefused
from evenhand.lookups.people.clear import GONE, clear_table
from evenhand.lookups.people.reading import expect_kept
from evenhand.people.models import Duplicate, LearnedModel, Person
from evenhand.records.tree import target_of

LEAST: Final = 50
"""So few records teach nothing; until then a model learned from them is learned anew each time."""

GROWN: Final = 4
"""A model is learned anew when the register has so many times as many records as it was learned from."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Hold what was found before the transaction: pairs with chance and reasons, and the model that weighed them."""

    pairs: Mapping[tuple[str, str], tuple[float, str]]
    model: str
    records: int
    learned: bool


@people_action("people merge")
def propose_duplicates(
    doing: Doing,
    *,
    registration: Annotated[str, "the registration's ref, RG-..."],
    learn: Annotated[
        bool, "learn anew how records of one person agree, instead of using what was learned before"
    ] = False,
) -> Done:
    """Look for records of one person in a whole registration; pairs that were decided, or are proposed, stay as they are."""
    row = get_registration(registration)
    doing.require(target_of(get_party(row.party), doing.today))
    found: Proposed = doing.prepared
    if found.learned:
        LearnedModel.objects.update_or_create(
            registration=row, defaults={"text": found.model, "records": found.records, "at": doing.at}
        )
    known = set(Duplicate.objects.filter(registration=row).values_list("person", "other"))
    there = set(
        Person.objects.filter(pk__in={ref for pair in found.pairs for ref in pair})
        .exclude(state__in=GONE)
        .values_list("pk", flat=True)
    )
    new = [
        Duplicate(registration=row, person_id=one, other_id=two, chance=chance, reasons=reasons, made_at=doing.at)
        for (one, two), (chance, reasons) in found.pairs.items()
        if (one, two) not in known and {one, two} <= there
    ]
    Duplicate.objects.bulk_create(new)
    waiting = Duplicate.objects.filter(registration=row, state="proposed").count()
    return doing.done(row.ref, records=found.records, proposed=len(new), waiting=waiting)


@propose_duplicates.before
def _look(acting: Acting, *, registration: str, learn: bool = False) -> Proposed:
    """Open, compare and weigh with no lock held, and only for who may."""
    if find_spec("splink") is None:
        raise OptionRefused("matching needs a few more packages; install them with: pip install 'evenhand[people]'")
    from evenhand.matching import match, prepare
    from evenhand.matching.engines import DuckEngine
    from evenhand.matching.model import model_from_json
    from evenhand.matching.training import train

    row = get_registration(registration)
    today = (acting.at or datetime.now(UTC)).date()
    require(acting.viewer, "people merge", target_of(get_party(row.party), today))
    expect_kept(row, today)
    table = clear_table(row.ref)
    if table.height < 2:
        return Proposed({}, "", table.height, learned=False)
    kept = LearnedModel.objects.filter(registration=row).first()
    prepared = prepare(table)
    fresh = learn or kept is None or kept.records < LEAST or table.height > GROWN * kept.records
    model = train(prepared) if fresh or kept is None else model_from_json(kept.text, "the model of the registration")
    found = match(prepared, model=model, engine=DuckEngine(spills=False))
    pairs = {
        (min(one, two), max(one, two)): (float(chance), str(why))
        for one, two, chance, why in found.pairs.select("record_a", "record_b", "chance", "reasons").iter_rows()
    }
    return Proposed(pairs, model.as_json(), table.height, learned=fresh)


@people_action("people merge")
def decide_duplicate(
    doing: Doing,
    *,
    duplicate: Annotated[int, "the number of the proposal"],
    decision: Annotated[str, "same, or different"],
    keep: Annotated[str, "the ref of the record that stays, where they are the same, PN-..."] = "",
) -> Done:
    """Decide whether two records are one person: of the same, one stays and the other points to it; the different are not proposed again."""
    row = Duplicate.objects.filter(pk=duplicate).first()
    if row is None:
        raise NameUnknown("proposal", str(duplicate), ())
    one, two = (reach_person(doing, ref) for ref in (row.person_id, row.other_id))
    if decision not in ("same", "different"):
        raise OptionRefused(f"'{decision[:30]}' is none of same, different")
    if row.state != "proposed":
        raise ActionRefused(f"it was decided already: {row.state}")
    if not doing.reason.strip():
        raise ActionRefused("a decision needs a reason; say how it is known")
    gone = next((person for person in (one, two) if person.state in GONE), None)
    if gone is not None:
        raise ActionRefused(f"{gone.ref} is {gone.state} already, so there is nothing to decide")
    row.state, row.decided_by, row.decided_at = decision, doing.viewer.public_id, doing.at
    row.save()
    if decision == "different":
        return doing.done(str(row.pk), decision=decision)
    if keep not in (one.ref, two.ref):
        raise ActionRefused(f"say which record stays: {one.ref} or {two.ref}")
    merge_persons.body(doing, person=two.ref if keep == one.ref else one.ref, into=keep)
    return doing.done(str(row.pk), decision=decision, kept=keep)
