"""Time every lookup that a page asks, on a scene: the median of some runs with everything warm, and the questions asked.

Processor time is measured, so that a busy machine makes nothing look slower than it is.

    python -m bench.portal.lookups FOLDER [NAME ...]

Promised: 30 ms and 6 questions each. What keeps a promise not says "no".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

MOST_SECONDS, MOST_QUESTIONS = 0.030, 6
RUNS = 7
PAGE = 51


def cases() -> dict[str, Callable[[], Any]]:
    """Return what is measured, by name."""
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups import (
        changes,
        consignments,
        evidence,
        figures,
        gaps,
        lapsing,
        money,
        needs,
        offers,
        parties,
        places,
        promises,
        queue,
        resources,
        rounds,
        search,
        snapshot,
        stock,
        version,
        viewers,
    )  # fmt: skip
    from evenhand.lookups.paging import cursor
    from evenhand.lookups.reach import today
    from evenhand.records.models import Offer, Party
    from evenhand.stockbook.models import Consignment, Entry

    task_force = viewers.get_viewer("demo-task-force", on=today())
    given = Entry.objects.filter(verb="distribute").order_by("-seq").values_list("source__offer", flat=True)[0]
    donor = Offer.objects.get(pk=given).donor_id
    facility = Party.objects.filter(kind="facility").order_by("key").values_list("key", flat=True)[1000:][0]
    state = facility[:3]
    travelling = Consignment.objects.order_by("-ref").values_list("ref", flat=True)[0]
    middle = needs.list_needs(PUBLIC, most=25_000)[-1]
    half = stock.list_entries(PUBLIC, most=1, order="-seq", until=None)[0]
    page: dict[str, Any] = {"most": PAGE}
    asked: dict[str, Callable[[], Any]] = {
        "version": lambda: version.read_version(PUBLIC),
        "snapshot": lambda: snapshot.read_snapshot(),
        "headline": lambda: figures.read_headline(PUBLIC),
        "figures by recipient": lambda: figures.list_figures(PUBLIC, by="recipient"),
        "figures of a party": lambda: figures.list_figures(PUBLIC, party=state),
        "figures of a donor": lambda: figures.list_figures(PUBLIC, donor=donor),
        "figures of a group": lambda: figures.list_figures(PUBLIC, group="NAM"),
        "worst served": lambda: figures.list_worst_served(PUBLIC, group="NAM"),
        "money": lambda: money.list_money(PUBLIC),
        "values": lambda: money.list_values(PUBLIC),
        "waiting": lambda: figures.list_waiting(PUBLIC),
        "gaps by need": lambda: gaps.list_gaps(PUBLIC, **page),
        "gaps by need, searched": lambda: gaps.list_gaps(PUBLIC, search="chad vaccine", **page),
        "gaps by member": lambda: gaps.list_gaps(PUBLIC, by="member", **page),
        "gaps by month": lambda: gaps.list_gaps(PUBLIC, by="month", **page),
        "gaps counted": lambda: gaps.count_gaps(PUBLIC),
        "promises by donor": lambda: promises.list_promises(PUBLIC, **page),
        "promises by month": lambda: promises.list_promises(PUBLIC, by="month", **page),
        "promises by offer": lambda: promises.list_promises(PUBLIC, by="offer", **page),
        "promises of a donor": lambda: promises.list_promises(PUBLIC, by="offer", donor=donor, **page),
        "lapsing": lambda: lapsing.list_lapsing(PUBLIC, **page),
        "lapsing counted": lambda: lapsing.count_lapsing(PUBLIC),
        "expiring": lambda: lapsing.list_expiring(PUBLIC, **page),
        "expiring counted": lambda: lapsing.count_expiring(PUBLIC),
        "queue": lambda: queue.list_queue(task_force),
        "queue counted": lambda: queue.count_queue(task_force),
        "changes": lambda: changes.list_changes(PUBLIC),
        "changes, page 2": lambda: changes.list_changes(PUBLIC, after=cursor(changes.list_changes(PUBLIC)[-1])),
        "search chad": lambda: search.search_everything(PUBLIC, "chad"),
        "search measles": lambda: search.search_everything(PUBLIC, "measles"),
        "search a ref": lambda: search.search_everything(PUBLIC, travelling),
        "needs": lambda: needs.list_needs(PUBLIC, **page),
        "needs for the task force": lambda: needs.list_needs(task_force, **page),
        "needs counted": lambda: needs.count_needs(PUBLIC),
        "needs, page 500": lambda: needs.list_needs(PUBLIC, after=cursor(middle), **page),
        "needs, searched": lambda: needs.list_needs(PUBLIC, search="chad campaign", **page),
        "needs, searched, counted": lambda: needs.count_needs(PUBLIC, search="chad campaign"),
        "needs of a party": lambda: needs.list_needs(PUBLIC, party=state, **page),
        "needs of a group": lambda: needs.list_needs(PUBLIC, group="NAM", **page),
        "needs of a group, counted": lambda: needs.count_needs(PUBLIC, group="NAM"),
        "needs of a resource": lambda: needs.list_needs(PUBLIC, resource="mask-surgical", **page),
        "needs approved": lambda: needs.list_needs(PUBLIC, state="approved", **page),
        "one need": lambda: needs.get_need(PUBLIC, middle.ref),
        "offers": lambda: offers.list_offers(PUBLIC, **page),
        "offers open": lambda: offers.list_offers(PUBLIC, state="open", **page),
        "offers open, counted": lambda: offers.count_offers(PUBLIC, state="open"),
        "offers closed": lambda: offers.list_offers(PUBLIC, state="closed", **page),
        "offers of a donor": lambda: offers.list_offers(PUBLIC, party=donor, **page),
        "one offer": lambda: offers.get_offer(PUBLIC, given),
        "path of an offer": lambda: stock.trace_offer(PUBLIC, given),
        "consignments": lambda: consignments.list_consignments(PUBLIC, **page),
        "consignments for the task force": lambda: consignments.list_consignments(task_force, **page),
        "consignments counted": lambda: consignments.count_consignments(PUBLIC),
        "consignments to a party": lambda: consignments.list_consignments(PUBLIC, party=state, **page),
        "consignments of a donor": lambda: consignments.list_consignments(PUBLIC, donor=donor, **page),
        "one consignment": lambda: consignments.get_consignment(PUBLIC, travelling),
        "parties": lambda: parties.list_parties(PUBLIC, **page),
        "parties searched": lambda: parties.list_parties(PUBLIC, search="clinic", **page),
        "one party": lambda: parties.get_party(PUBLIC, facility),
        "standing of a party": lambda: parties.get_standing(PUBLIC, facility),
        "places": lambda: places.list_places(PUBLIC, **page),
        "resources": lambda: resources.list_resources(PUBLIC, **page),
        "rounds": lambda: rounds.list_rounds(PUBLIC, **page),
        "rounds of a party": lambda: rounds.list_rounds(PUBLIC, party=state, **page),
        "evidence": lambda: evidence.list_evidence(PUBLIC, **page),
        "evidence on an offer": lambda: evidence.list_evidence(PUBLIC, about=given),
        "entries, newest first": lambda: stock.list_entries(PUBLIC, order="-seq", **page),
        "entries from the middle": lambda: stock.list_entries(PUBLIC, order="-seq", after=cursor(half, "-seq"), **page),
        "entries counted": lambda: stock.count_entries(PUBLIC),
        "entries of a party": lambda: stock.list_entries(PUBLIC, party=state, order="-seq", **page),
        "entries of a party, counted": lambda: stock.count_entries(PUBLIC, party=state),
        "entries of an offer": lambda: stock.list_entries(PUBLIC, offer=given, **page),
        "entries of a donor": lambda: stock.list_entries(PUBLIC, donor=donor, order="-seq", **page),
        "entries of a resource": lambda: stock.list_entries(PUBLIC, resource="ors", order="-seq", **page),
        "entries by verb": lambda: stock.list_entries(PUBLIC, verb="damage", order="-seq", **page),
        "entries searched": lambda: stock.list_entries(PUBLIC, search="lebanon", order="-seq", **page),
        "balances of a party": lambda: stock.list_balances(PUBLIC, party=facility),
    }
    for state_ in consignments.STATES:
        asked[f"consignments {state_}"] = lambda one=state_: consignments.list_consignments(  # type: ignore[misc]
            PUBLIC, state=one, order="-made_at", **page
        )
        asked[f"consignments {state_}, counted"] = lambda one=state_: consignments.count_consignments(  # type: ignore[misc]
            PUBLIC, state=one
        )
    for name in needs.ORDERS.by:
        asked[f"needs by {name}"] = lambda one=name: needs.list_needs(PUBLIC, order=one, **page)  # type: ignore[misc]
    for name in offers.ORDERS.by:
        asked[f"offers by -{name}"] = lambda one=f"-{name}": offers.list_offers(PUBLIC, order=one, **page)  # type: ignore[misc]
    for name in consignments.ORDERS.by:
        asked[f"consignments by {name}"] = lambda one=name: consignments.list_consignments(  # type: ignore[misc]
            PUBLIC, order=one, **page
        )
    return asked


def main(arguments: list[str]) -> int:
    """Measure those named, or all; return 1 where a promise is not kept."""
    os.environ["EVENHAND_DATA"] = arguments[0]
    os.environ["DJANGO_SETTINGS_MODULE"] = "evenhand.server.settings"
    import django

    django.setup()
    from django.db import connection

    from evenhand.lookups import snapshot

    begun = perf_counter()
    snapshot.warm()
    print(f"the first snapshot: {perf_counter() - begun:.2f} s")
    shelf = snapshot._shelf()
    shelf.now, begun = None, perf_counter()
    snapshot.warm()
    print(f"the next one: {perf_counter() - begun:.2f} s")
    kept = True
    print(f"{'lookup':42} {'ms':>8} {'asked':>6}")
    for name, ask in cases().items():
        if arguments[1:] and not any(one in name for one in arguments[1:]):
            continue
        ask()
        times = []
        for _ in range(RUNS):
            begun = process_time()  # other work on the machine does not count
            ask()
            times.append(process_time() - begun)
            if sum(times) > 2:
                break
        questions: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any, into: list[str] = questions) -> Any:
            into.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            ask()
        good = median(times) <= MOST_SECONDS and len(questions) <= MOST_QUESTIONS
        kept = kept and good
        print(f"{name:42} {median(times) * 1000:8.1f} {len(questions):6} {'' if good else 'no'}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
