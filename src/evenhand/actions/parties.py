"""Actions on parties: register, change, retire.

A party is never deleted and never moved in the tree: what it needed, gave and received stays readable under its key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from evenhand.access.rights import shared_list
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_party, get_place
from evenhand.actions.typed import (
    read_choice,
    read_codes,
    read_degrees,
    read_key,
    read_line,
    read_names,
    stands_already,
)
from evenhand.errors import ActionRefused
from evenhand.records.models import Code, Group, Need, Party, Resource
from evenhand.records.tree import DEEPEST, parties_above, target_of
from evenhand.rounds.models import Round, RoundNeed
from evenhand.stockbook.models import Account, Consignment

SHOWN = 5
"""So many of what stands in the way are named; the rest are counted."""

HOLDING = ("received", "allocated", "paid")
"""Stages in which a party has units, or is to have them."""

NOTHING = "nothing"
"""What is written where a party can no longer handle what it could; empty means that nothing was said."""

OPEN = ("offered", "committed", "allocated")
"""Stages in which units are still with their donor."""


@action("party register")
def register_party(
    doing: Doing,
    *,
    key: Annotated[str, "the key everybody will know it by: ISO 3166 alpha-3 for a state, such as TCD"],
    name: Annotated[str, "its name"],
    kind: Annotated[str, "state, organisation, facility, team or company"],
    parent: Annotated[str, "the key of the party it stands under, such as the state of a clinic"] = "",
    place: Annotated[str, "the key of the place where it is"] = "",
    handles: Annotated[str, "what it can handle, separated by ';', such as cold-chain;ultra-cold"] = "",
    codes: Annotated[str, "its codes in other lists, as scheme:code separated by ';'"] = "",
    latitude: Annotated[str, "degrees north, such as 8.57"] = "",
    longitude: Annotated[str, "degrees east, such as 17.92"] = "",
) -> Done:
    """Register a party. The same one again changes nothing; another one under the same key is refused."""
    above = get_party(parent) if parent else None
    doing.require(target_of(above, doing.today) if above else shared_list(doing.viewer))
    party = Party(
        key=read_key("party", key, _lookalikes(key, kind)),
        name=read_line("name of the party", name, most=200),
        kind=read_choice("kind of party", kind, Party.KINDS),
        parent=above,
        place=get_place(place) if place else None,
        handles=";".join(read_names("handles", handles)),
    )
    party.latitude, party.longitude = read_degrees(latitude, longitude)
    known = read_codes("party", party.key, codes)
    doing.for_party = party.key
    existing = Party.objects.filter(pk=party.key).first()
    if existing is not None and existing.retired_on is not None:
        raise ActionRefused(f"{party.key} was retired on {existing.retired_on}; register a new party under another key")
    if stands_already("party", existing, party, known):
        return doing.done(party.key, there_already=True)
    _refuse_misplaced(party, above)
    party.save(force_insert=True)
    Code.objects.bulk_create(known)
    return doing.done(party.key)


@action("party change")
def change_party(
    doing: Doing,
    *,
    party: Annotated[str, "the key of the party"],
    name: Annotated[str, "its name, where that changed"] = "",
    place: Annotated[str, "the key of the place where it is, where that changed"] = "",
    handles: Annotated[
        str, "all that it can handle from now on, separated by ';', such as cold-chain;ultra-cold; or nothing"
    ] = "",
    latitude: Annotated[str, "degrees north, where that changed"] = "",
    longitude: Annotated[str, "degrees east, where that changed"] = "",
) -> Done:
    """Change a party's name, its place, or what it can handle, with a reason; rounds frozen before stay as they are."""
    row = get_party(party)
    doing.require(target_of(row, doing.today))
    if row.retired_on is not None:
        raise ActionRefused(f"{row.key} was retired on {row.retired_on}; it stays as it is")
    if not doing.reason:
        raise ActionRefused("changing a party needs a reason; say how it is known")
    said: dict[str, object] = {}
    if name:
        said["name"] = read_line("name of the party", name, most=200)
    if place:
        said["place_id"] = get_place(place).key
    if handles:
        said["handles"] = "" if handles.strip() == NOTHING else ";".join(read_names("handles", handles))
    if latitude or longitude:
        said["latitude"], said["longitude"] = read_degrees(latitude, longitude)
    changed = {column: value for column, value in said.items() if value != getattr(row, column)}
    if not changed:
        raise ActionRefused(
            f"nothing of {row.key} would change; say which of name, place, handles, degrees is different"
        )
    before = {column: getattr(row, column) for column in changed}
    for column, value in changed.items():
        setattr(row, column, value)
    row.save(update_fields=[column.removesuffix("_id") for column in changed])
    return doing.done(row.key, before=before, now=changed)


@action("party retire")
def retire_party(doing: Doing, *, party: Annotated[str, "the key of the party"]) -> Done:
    """Retire a party that takes part in nothing any more; it stays readable."""
    row = get_party(party)
    doing.require(target_of(row, doing.today))
    if row.retired_on is not None:
        raise ActionRefused(f"{row.key} was retired on {row.retired_on}")
    if not doing.reason:
        raise ActionRefused("retiring a party needs a reason; say why, because it cannot be taken back")
    in_the_way = _in_the_way(row)
    if in_the_way:
        raise ActionRefused(f"{row.key} cannot be retired: {'; '.join(in_the_way)}")
    row.retired_on = doing.today
    row.save(update_fields=["retired_on"])
    return doing.done(row.key, retired_on=row.retired_on)


def _lookalikes(key: str, kind: str) -> list[str]:
    """Return what a party's key could be taken for: parties by capitals alone, groups (an earmark names both).

    A state has the key that ISO 3166 gives it, and Namibia's is NAM: see `records.earmarks`.
    """
    parties = Party.objects.filter(key__iexact=key).exclude(key=key)
    groups = Group.objects.none() if kind == "state" else Group.objects.filter(key__iexact=key)
    return [
        *parties.values_list("key", flat=True),
        *(f"the group {one}" for one in groups.values_list("key", flat=True)),
    ]


def _refuse_misplaced(party: Party, above: Party | None) -> None:
    if above is None:
        if party.kind in ("facility", "team"):
            raise ActionRefused(f"a {party.kind} stands under the state or organisation it belongs to; name its parent")
        return
    if party.kind == "state":
        raise ActionRefused(f"a state stands under nobody; register {party.key} without a parent, or as another kind")
    if above.retired_on is not None:
        raise ActionRefused(f"{above.key} was retired on {above.retired_on}; nothing new stands under it")
    if len(parties_above(above)) >= DEEPEST:
        raise ActionRefused(
            f"{above.key} stands {DEEPEST} deep in the tree, which is the deepest; choose one higher up"
        )


def _in_the_way(party: Party) -> list[str]:
    """Say what keeps a party from being retired, each with what would clear it."""
    found = []
    below = _some(Party.objects.filter(parent=party, retired_on=None).order_by("key").values_list("key", flat=True))
    if below:
        found.append(f"it stands above {below}; retire these first")
    needs = Need.objects.filter(party=party, state__in=("draft", "submitted", "approved")).order_by("ref")
    if needs:
        found.append(f"it has the open needs {_some(needs.values_list('ref', flat=True))}; withdraw these first")
    serving = RoundNeed.objects.filter(need__party=party, round__state__in=Round.LIVE).order_by("round")
    if serving:
        rounds = dict.fromkeys(serving.values_list("round", flat=True))
        found.append(f"it is served by the round {_some(rounds)}; wait until that is posted or cancelled")
    held = Account.objects.filter(holder=party.key, stage__in=HOLDING, balance__gt=0)
    if held:
        found.append(f"it holds {_balances(held)}; distribute, return or send it on first")
    given = Account.objects.filter(offer__donor=party, stage__in=OPEN, balance__gt=0).exclude(holder=party.key)
    if given:
        found.append(f"its offers still hold {_balances(given)}; withdraw or send these first")
    travelling = Account.objects.filter(
        stage="in-transit",
        balance__gt=0,
        holder__in=[
            *Consignment.objects.filter(origin=party).values_list("ref", flat=True),
            *Consignment.objects.filter(destination=party).values_list("ref", flat=True),
        ],
    )
    if travelling:
        found.append(f"{_balances(travelling)} travels from or to it; receive it first")
    return found


def _balances(accounts: Iterable[Account]) -> str:
    units = dict(Resource.objects.values_list("key", "base_unit"))
    return _some(f"{one.balance:,} {units[one.resource_id]} of {one.resource_id} ({one.key})" for one in accounts)


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more
