"""Every lookup, asked by every role: a canary stands in every field that somebody may not see, and is never returned."""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from evenhand_cast import NOW, USERS
from evenhand_seen import MAY_MEET, World

import evenhand.lookups
from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.errors import EvenhandError, NameUnknown

pytestmark = pytest.mark.django_db
EVERYBODY = ("public", *(user[0] for user in USERS))
CANARY = re.compile(r"canary[\w@.-]*", re.IGNORECASE)
READING = ("list_", "get_", "find_", "read_", "trace_", "seen_", "search_", "count_")


def lookups() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of every module of lookups whose first parameter is the viewer."""
    for module in pkgutil.iter_modules(evenhand.lookups.__path__):
        loaded = import_module(f"evenhand.lookups.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if not name.startswith(READING) or function.__module__ != loaded.__name__:
                continue
            if next(iter(inspect.signature(function).parameters), "") == "viewer":
                yield f"{module.name}.{name}", function


LOOKUPS = dict(lookups())
# What a lookup that names something is asked for; every one that needs a name must stand here.
NAMED: dict[str, tuple[str, ...]] = {
    "needs": ("draft", "clinic draft", "submitted", "abandoned", "approved", "correction", "french draft"),
    "offers": ("statement", "gift"),
    "gifts": ("statement", "gift"),
    "evidence": ("on draft", "on need", "on offer", "on round", "public evidence", "unread document"),
    "rounds": ("unpublished", "published"),
    "round_stories": ("unpublished", "published"),
    "round_inputs": ("unpublished", "published"),
    "consignments": ("consignment",),
    "papers": ("consignment",),
    "statements": ("told", "rejected", "proposed", "private", "unread"),
    "meetings": ("met", "planned"),
    "officials": ("host", "hidden official"),
    "documents": ("document", "unread document", "private document"),
}
BY_VALUE: dict[str, tuple[str, ...]] = {
    "users": ("focal-tcd", "auditor"),
    "parties": ("TCD", "UNICEF"),
    "groups": ("NAM",),
    "places": ("TCD",),
    "resources": ("vaccine-measles",),
    "programmes": ("PG-0000000000",),
    "programme_stories": ("PG-0000000000",),
    "stock": ("cn:3",),
    "checkpoints": ("1",),
    "search": ("CANARY", "Chad", "measles"),
    "party_stories": ("TCD", "UNICEF"),
    "said_of": ("TCD", "AZE"),
    "keys": ("KY-0000000000",),
    "open_data": ("needs", "offers", "consignments", "entries"),
}

# Those that are asked for something else than one name.
BY_NAME: dict[str, tuple[tuple[Any, ...], ...]] = {
    "allowed.list_allowed": ((("see drafts", "need approve"), "TCD"),),
    "gifts.read_earmark": ((("NAM", "TCD"),),),
    "gifts.read_standing": (("UNICEF",), ("TCD",)),
    "open_data.read_about": (("Needs",),),
    "stock.get_numbered_entry": ((3,), (2**70,)),
    "proofs.list_steps": (),  # it is given a proof, and reads nothing
}


def asked(world: World, name: str) -> Iterator[tuple[Any, ...]]:
    """Every set of names that a lookup is asked for, () for one that needs none."""
    module = name.partition(".")[0]
    parameters = list(inspect.signature(LOOKUPS[name]).parameters.values())[1:]
    needed = [one.name for one in parameters if one.default is inspect.Parameter.empty]
    if not needed:
        yield ()
    elif name == "proofs.list_steps":
        return  # it carries out a proof that was read before, and reads nothing
    elif name in BY_NAME:
        yield from BY_NAME[name]
    elif name == "stock.trace_offer":
        yield from ((world[ref],) for ref in NAMED["offers"])
    elif module == "actions":
        from evenhand.access.models import ActionLine

        yield from ((pk,) for pk in ActionLine.objects.values_list("pk", flat=True))
    elif name == "rounds.read_table":
        yield from ((world[ref], "needs") for ref in NAMED["rounds"])
    elif "objection" in name:
        from evenhand.rounds.models import Objection

        yield from ((pk,) for pk in Objection.objects.values_list("pk", flat=True))
    elif module == "hidden":
        yield from (([world[ref]],) for ref in NAMED["needs"])
    elif name in ("statements.get_thread", "statements.find_thread"):
        yield (world["thread"],)
    elif name == "reviewing.list_alike":
        yield from ((world[ref],) for ref in NAMED["statements"])
    elif name == "reviewing.list_alike_meetings":
        yield from ((world[ref],) for ref in NAMED["meetings"])
    elif module in NAMED:
        assert len(needed) == 1, f"{name} needs {needed}: say here what it is asked for"
        yield from ((world[ref],) for ref in NAMED[module])
    else:
        assert len(needed) == 1, f"{name} needs {needed}: say here what it is asked for"
        yield from ((value,) for value in BY_VALUE[module])


def words(found: Any) -> str:
    """Everything in what was returned, as text: nothing may hide in a field that a page does not show."""
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        return " ".join(words(getattr(found, field.name)) for field in dataclasses.fields(found))
    if isinstance(found, dict):
        return " ".join(f"{words(key)} {words(value)}" for key, value in found.items())
    if isinstance(found, list | tuple | set | frozenset):
        return " ".join(map(words, found))
    if hasattr(found, "model"):  # rows for other lookups, which leave out who acted
        return " ".join(words([cell for name, cell in row.items() if name not in WHO_ACTED]) for row in found.values())
    return found.decode() if isinstance(found, bytes) else str(found)


WHO_ACTED = {"made_by", "decided_by", "split_by"}
"""Columns of rows that lookups hand one another; a lookup that tells of them asks `tells_names` first."""

LEAVES = {"proofs.read_lines", "proofs.prove_inclusion"}
"""What hands out the very bytes of leaves: the opaque id of who wrote an entry is in them, for everybody to check."""


def everything_read(world: World, viewer: Viewer) -> str:
    """All that a viewer gets out of all lookups, refusals included."""
    got: list[str] = []
    for name, lookup in LOOKUPS.items():
        for names in asked(world, name):
            try:
                told = words(lookup(viewer, *names))
                got.append(told.replace("u-CANARYwriter", "") if name in LEAVES else told)
            except EvenhandError as refusal:
                got.append(str(refusal))
    return "\n".join(got)


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_meets_what_it_may_not_see(world: World, who: str) -> None:
    viewer = PUBLIC if who == "public" else world.cast.viewers[who]
    read = everything_read(world, viewer)
    met = {canary for canary in MAY_MEET if canary in read}
    assert met == {canary for canary, viewers in MAY_MEET.items() if who in viewers}


@pytest.mark.slow
def test_every_canary_is_let_out_and_known(world: World) -> None:
    """A canary that nobody could ever meet would prove nothing; one that is not in the table would go unseen."""
    read = "\n".join(everything_read(world, viewer) for viewer in world.cast.viewers.values())
    assert [canary for canary in MAY_MEET if canary not in read] == []
    own = r"CANARY(given|reason)(ND|OF)-|CANARYround|CANARYcode|CANARYname"
    flown = {canary for canary in CANARY.findall(read) if not re.match(own, canary, re.IGNORECASE)}
    assert [one for one in sorted(flown) if not any(known in one or one in known for known in MAY_MEET)] == []


def test_the_lines_of_actions_tell_the_auditor_everything_and_others_their_own(world: World) -> None:
    from evenhand.lookups.actions import list_actions

    lines = {line.about: line for line in list_actions(world.cast.viewers["auditor"])}
    assert lines[world["draft"]].given == {"why": f"CANARYgiven{world['draft']}"}
    assert lines[world["approved"]].given == {"why": f"CANARYgiven{world['approved']}"}
    assert {line.by for line in list_actions(world.cast.viewers["focal-tcd"])} == {"u-focal-tcd"}
    assert list_actions(PUBLIC) == []


HIDDEN = (
    ("statements.get_statement", "statement", "proposed"), ("statements.get_statement", "statement", "private"),
    ("meetings.get_meeting", "meeting", "planned"), ("officials.get_official", "official", "hidden official"),
    ("documents.get_document", "document", "unread document"),
    ("needs.get_need", "need", "draft"), ("needs.get_need", "need", "submitted"),
    ("needs.get_need", "need", "abandoned"), ("rounds.get_round", "round", "unpublished"),
    ("rounds.read_plan", "round", "unpublished"), ("evidence.get_evidence", "evidence", "on draft"),
    ("evidence.read_file", "evidence", "on offer"), ("evidence.get_evidence", "evidence", "unread document"),
    ("evidence.read_file", "evidence", "unread document"),
)  # fmt: skip


@pytest.mark.parametrize(("lookup", "kind", "name"), HIDDEN)
@pytest.mark.parametrize("who", ["public", "focal-ken", "operator"])
def test_what_is_hidden_and_what_does_not_exist_are_refused_alike(
    world: World, lookup: str, kind: str, name: str, who: str
) -> None:
    viewer = PUBLIC if who == "public" else world.cast.viewers[who]
    for ref in (world[name], world[name][:3] + "0000000000"):
        with pytest.raises(NameUnknown) as refused:
            LOOKUPS[lookup](viewer, ref)
        assert str(refused.value) == f"no {kind} '{ref}'"


def test_a_user_that_may_not_be_seen_is_refused_like_one_that_does_not_exist(world: World) -> None:
    for name in ("auditor", "auditer"):
        with pytest.raises(NameUnknown) as refused:
            LOOKUPS["users.get_user"](world.cast.viewers["focal-tcd"], name)
        assert str(refused.value) == f"no user '{name}'"


def test_a_choice_by_what_is_hidden_chooses_nothing(world: World) -> None:
    from evenhand.lookups.evidence import list_evidence

    focal, other = world.cast.viewers["focal-tcd"], world.cast.viewers["focal-ken"]
    assert {one.title for one in list_evidence(focal, about=world["draft"])} == {"CANARYondraft", "for all"}
    assert list_evidence(other, about=world["draft"]) == []


def test_every_lookup_takes_the_viewer_first() -> None:
    for_doors = {"get_viewer", "find_operator"}  # they make the viewer
    without = [
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(evenhand.lookups.__path__)
        for name, function in inspect.getmembers(import_module(f"evenhand.lookups.{module.name}"), inspect.isfunction)
        if function.__module__ == f"evenhand.lookups.{module.name}"
        and name.startswith(READING)
        and f"{module.name}.{name}" not in LOOKUPS
        and name not in for_doors
    ]
    # Limited to nobody, and saying so: what the figures and the export are made of, a time, how far the book is signed.
    assert set(without) <= {
        "snapshot.read_book",
        "snapshot.read_snapshot",
        "version.read_once",
        "standings.read_afresh",
        "promised.list_given",
        "moves.read_ways",
        "exported_tables.read_rows",
        "book.find_last_recorded",
        "checkpoints.read_standing",
    }


@pytest.mark.parametrize("who", ["public", "focal-tcd", "focal-ken", "donor-unicef", "task-force", "board-aze"])
def test_an_export_holds_no_more_than_its_viewer_may_see(world: World, who: str, tmp_path: Path) -> None:
    """But the opaque id of who wrote an entry: it is in the leaf that everybody checks."""
    from evenhand.lookups.exporting import write_export

    viewer = PUBLIC if who == "public" else world.cast.viewers[who]
    write_export(viewer, tmp_path / "export", made_at=NOW)
    text = "\n".join(file.read_text(encoding="utf-8") for file in (tmp_path / "export").rglob("*") if file.is_file())
    assert "Chad" in text
    met = {canary for canary in MAY_MEET if canary in text} - {"u-CANARYwriter"}
    assert met <= {canary for canary, viewers in MAY_MEET.items() if who in viewers}
