"""How much every page asks of the database: at most eight questions, and as many of a thousand rows as of ten.

Every address of the URL conf that is read, by everybody whose pages differ. The figures come from the kept book, as they do
in a server; reading it is measured by the benchmarks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from evenhand_cast import NOW, Cast
from evenhand_matrix import Address, addresses, browser_of, let_go, part_of
from evenhand_said import add_meeting, add_official, add_reading, add_sentences, add_statement
from evenhand_seen import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST = 8
SIGNED_IN = 3
"""The session, the user, the roles: asked for whoever is signed in, before any page."""

MORE = 60
"""So many of each kind are added: more than stand on one page."""

SOME = 5
"""So many questions more may be asked where there were no rows of some kind before; one for each row would be sixty."""

NOT_PAGES = frozenset({"act", "step_in", "everything", "open-table"})
"""Forms (their choices are asked for one by one), what is posted, and whole tables, which are as many questions as tables."""

ALLOWED: dict[str, int] = {}
"""Pages that may ask more, each with its reason. Only to be lowered."""


def read_pages(world: World) -> list[Address]:
    """Return one example of each page that stands under a language."""
    found = [
        one for one in addresses(world)
        if part_of(one) in ("pages", "rounds") and one.path.startswith("/en/") and one.name not in NOT_PAGES
    ]  # fmt: skip
    wanted: dict[str, Address] = {}
    for one in found:
        if one.what != "nowhere" or one.name not in wanted:
            wanted[one.name] = one
    return sorted(wanted.values(), key=lambda one: one.path)


def add_more() -> None:
    """Add rows of every kind that lists show, beside those that there are."""
    from evenhand.access.models import ActionLine
    from evenhand.records.models import Evidence, EvidenceLink, Need, Offer, Party
    from evenhand.records.refs import make_ref
    from evenhand.rounds.models import Round
    from evenhand.stockbook.models import Consignment, ConsignmentLine

    def copies(model: Any, prefix: Any, **filters: Any) -> Iterator[tuple[str, str]]:
        for number in range(MORE):
            row = model.objects.filter(**filters).order_by("pk")[0]
            before, row.pk = row.pk, make_ref(prefix, f"more-{before_of(filters)}", number)
            row.save(force_insert=True)
            yield before, row.pk

    def before_of(filters: dict[str, Any]) -> str:
        return "-".join(f"{name}-{value}" for name, value in filters.items())

    for state in ("approved", "draft", "submitted"):
        for before, ref in copies(Need, "ND", party="TCD", state=state, replaces=None):
            line = ActionLine.objects.filter(about=before).first()
            if line is not None:
                line.pk, line.about = f"more-{ref}", ref
                line.save(force_insert=True)
    list(copies(Offer, "OF", donor="UNICEF"))
    for before, ref in copies(Consignment, "CN", destination="TCD"):
        line = ConsignmentLine.objects.filter(consignment=before)[0]
        line.pk, line.consignment_id = None, ref
        line.save(force_insert=True)
    for before, ref in copies(Evidence, "EV", public=True):
        for link in EvidenceLink.objects.filter(evidence=before):
            link.pk, link.evidence_id = None, ref
            link.save(force_insert=True)
    list(copies(Round, "RD", state="published"))
    add_more_said()
    Party.objects.bulk_create(
        Party(key=f"TCD-more{number}", name=f"Clinic {number}", kind="facility", parent_id="TCD")
        for number in range(MORE)
    )


def add_more_said() -> None:
    """Add what was said: to each statement thread mates, links and a reply; to each meeting people and a document."""
    from evenhand.records.models import Offer
    from evenhand.said.models import Reply, Statement, StatementLink

    offers = list(Offer.objects.order_by("pk").values_list("pk", flat=True)[:MORE])
    for number in range(MORE // 4):
        document = add_reading()
        host, guest = add_official(f"Elvin {number} Mammadov"), add_official(f"Adoum {number} Kosso")
        add_sentences(document, host, "AZE")
        for state in ("confirmed", "proposed"):
            add_meeting(document, {host: "AZE"}, {guest: "TCD"}, state=state)
        add_statement(document, state="proposed", receivers=("TCD",))
    for number, one in enumerate(list(Statement.objects.order_by("pk"))):
        if one.state == "accepted":
            add_statement(
                one.evidence_id,
                words=one.words,
                thread_id=one.thread_id,
                meeting_id=one.meeting_id,
                official_id=one.official_id,
            )
            for offer in offers[number % 7 : number % 7 + 7]:
                StatementLink.objects.get_or_create(statement=one, about=offer)
            Reply.objects.create(
                ref=f"RY-{number:010}", statement=one, party_id="AZE", text="So it is.", by="u-x", made_at=NOW
            )
        elif one.meeting_id is None and one.state == "proposed":
            add_statement(one.evidence_id, state="proposed", words=one.words, receivers=("TCD",))


def count_questions(asker: str, pages: list[Address]) -> dict[str, tuple[int, int, list[str]]]:
    """Return for each page its status, how many questions were asked for it, and which."""
    browser = browser_of(asker)
    found = {}
    for page in pages:
        asked: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any, into: list[str] = asked) -> Any:
            if "SAVEPOINT" not in sql:
                into.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            answer = browser.get(page.path)
        let_go(answer)
        found[page.name] = (answer.status_code, len(asked), asked)
    return found


@pytest.fixture
def world(cast: Cast, on_the_day: None) -> World:
    return make_world(cast)


@pytest.fixture
def kept_book(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the book, and what is read once for a version, read again, and kept although this is a transaction."""
    from evenhand.lookups import snapshot, version

    monkeypatch.setattr(version, "_in_transaction", lambda: False)
    monkeypatch.setattr(version, "_KEPT", {})

    def read_again() -> None:
        version._KEPT.clear()
        held = snapshot._read(snapshot._all_moves())
        monkeypatch.setattr(snapshot, "read_snapshot", lambda: held)

    return read_again


@pytest.mark.parametrize("asker", ["public", "own", "below", "secr", "donor", "board", "audit", "oper"])
def test_every_page_asks_little_and_no_more_of_many_rows(asker: str, world: World, kept_book: Any) -> None:
    pages = read_pages(world)
    kept_book()
    count_questions(asker, pages)  # what is read once for a process
    few = count_questions(asker, pages)
    add_more()
    kept_book()
    count_questions(asker, pages)  # what is read once for a version
    many = count_questions(asker, pages)
    more = SIGNED_IN if asker != "public" else 0
    wrong = [
        f"{name}: {few[name][1]} questions of few rows, {number} of many, {ALLOWED.get(name, MOST) + more} at most"
        for name, (status, number, _) in many.items()
        if status == 200 and (number > ALLOWED.get(name, MOST) + more or number > few[name][1] + SOME)
    ]
    assert sum(status == 200 for status, _, _ in many.values()) > 25, "hardly a page answered"
    assert not wrong, "\n".join(["", *wrong])
