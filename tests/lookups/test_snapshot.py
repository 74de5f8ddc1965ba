"""The kept book is the book: after any action, from a thread or at once, and never of another database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from evenhand_cast import TODAY, Cast, let_it_be, make_cast
from evenhand_play import Play

from evenhand.access.models import Version
from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.errors import EvenhandError
from evenhand.lookups import figures, gaps, needs, promises, snapshot
from evenhand.lookups.moves import Moves
from evenhand.lookups.standings import read_afresh
from evenhand.lookups.version import read_version
from evenhand.records.models import Party

SUMS = ("standings", "wanted", "served", "given", "ways", "values", "memberships", "by_holder", "by_donor")


@pytest.fixture
def kept(fresh_database: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """A cast in a database of its own, outside any transaction, where snapshots are kept; however slow the machine is."""
    monkeypatch.setattr(snapshot, "QUICK", 3600.0)
    with fresh_database.here():
        yield make_cast()


FOCAL = Viewer("u-focal-tcd", "focal-tcd", ())
"""Whose version is that of everything."""


def draft(cast: Cast, quantity: str = "10", request: str = "") -> str:
    from evenhand.actions.needs import draft_need

    given = {"party": "TCD", "resource": "vaccine-measles", "quantity": quantity, "why": "an outbreak"}
    return draft_need(cast("focal-tcd", request=request), **given).ref


def rename(cast: Cast, name: str = "Tchad", request: str = "") -> None:
    """Do something that everybody sees."""
    from evenhand.actions.parties import change_party

    change_party(cast("task-force", reason="its own name", request=request), party="TCD", name=name)


def all_moves() -> Moves:
    moves = Moves()
    moves.read_on()
    return moves


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
def test_the_kept_book_is_a_fresh_reading_after_any_action(kept: Cast, seed: int) -> None:
    play = Play(kept, seed)
    for _ in range(12):
        play.run(18)
        version = read_version(PUBLIC)
        found, fresh = snapshot.read_snapshot(), read_afresh(None, all_moves())
        assert (found.version, found.entries) == (version, all_moves().size)
        for name in SUMS:
            ours, theirs = getattr(found.book, name), getattr(fresh, name)
            if name == "ways":
                ours, theirs = ({way: units for way, units in ways.items() if units} for ways in (ours, theirs))
            assert ours == theirs if isinstance(ours, dict) else sorted(map(repr, ours)) == sorted(map(repr, theirs)), (
                name
            )
        assert snapshot.read_snapshot() is found


def test_a_book_is_read_once_for_each_version_and_day(kept: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = snapshot.read_snapshot()
    assert snapshot.read_snapshot() is first
    rename(kept)
    second = snapshot.read_snapshot()
    assert second is not first
    assert second.version == first.version + 1
    let_it_be(monkeypatch, TODAY + timedelta(days=1))
    assert snapshot.read_snapshot() is not second


def test_a_slow_book_is_read_by_a_thread_while_the_last_one_answers(
    kept: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("QUICK", -1.0), ("REST", -1.0), ("STALE", 3600.0)):
        monkeypatch.setattr(snapshot, name, seconds)
    first = snapshot.read_snapshot()
    rename(kept)
    assert snapshot.read_snapshot() is first
    reader = snapshot._shelf().reader
    assert reader is not None
    reader.join()
    assert snapshot.read_snapshot().version == first.version + 1 == read_version(PUBLIC)


def test_a_book_that_was_out_of_date_for_long_does_not_answer(kept: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "QUICK", -1.0)
    first = snapshot.read_snapshot()
    rename(kept)
    monkeypatch.setattr(snapshot, "STALE", 0.0)
    monkeypatch.setattr(snapshot, "LATEST", 0.0)
    assert snapshot.read_snapshot().version == first.version + 1


def test_an_older_copy_of_the_database_is_noticed(kept: Cast) -> None:
    snapshot.read_snapshot()
    snapshot._shelf().moves.last = "somebody else's"
    snapshot._shelf().moves.size = 7
    rename(kept)
    found = snapshot.read_snapshot()
    assert (found.entries, snapshot._shelf().moves.size) == (0, 0)


@pytest.mark.django_db
def test_nothing_is_kept_inside_a_transaction(cast: Cast) -> None:
    first = snapshot.read_snapshot()
    Party.objects.create(key="XYZ", name="Somebody new", kind="state")
    assert "XYZ" in snapshot.read_snapshot().book.party_names
    assert "XYZ" not in first.book.party_names


def test_past_books_are_kept_by_their_day(kept: Cast) -> None:
    day = TODAY - timedelta(days=3)
    assert snapshot.read_book(day) is snapshot.read_book(day)
    for back in range(snapshot.PAST_BOOKS + 2):
        snapshot.read_book(TODAY - timedelta(days=back))
    assert len(snapshot._shelf().past) == snapshot.PAST_BOOKS


# --- the version ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_version_rises_with_every_action_and_with_nothing_else(cast: Cast) -> None:
    from evenhand.actions.needs import approve_need, submit_need

    everything, begun = read_version(FOCAL), read_version(PUBLIC)
    ref = draft(cast, request="twice")
    assert read_version(FOCAL) == everything + 1
    assert draft(cast, request="twice") == ref
    assert read_version(FOCAL) == everything + 1, "a repeat does nothing"
    with pytest.raises(EvenhandError):
        draft(cast, quantity="none")
    with pytest.raises(EvenhandError):
        submit_need(cast("focal-ken"), need=ref)
    needs.list_needs(PUBLIC)
    figures.read_headline(PUBLIC)
    gaps.list_gaps(PUBLIC)
    promises.list_promises(PUBLIC)
    assert read_version(FOCAL) == everything + 1
    submit_need(cast("focal-tcd"), need=ref)
    assert (read_version(FOCAL), read_version(PUBLIC)) == (everything + 2, begun), "nobody else sees it yet"
    approve_need(cast("task-force"), need=ref)
    assert read_version(FOCAL) == read_version(PUBLIC) == everything + 3


@pytest.mark.django_db
def test_a_version_that_is_gone_begins_anew(cast: Cast) -> None:
    Version.objects.all().delete()
    assert read_version(PUBLIC) == 0
    rename(cast)
    assert read_version(PUBLIC) == 1
