"""Whoever writes an evacuation down dies at any moment: sent again with the same ids it goes on, and nothing is held or told twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from evenhand_cast import TODAY
from evenhand_evacuation import Sending, make_sending
from evenhand_register import MEMBERS
from ground import Ground
from writers import all_killed, start_writer

pytestmark = pytest.mark.slow


def test_a_walk_that_is_killed_anywhere_is_finished_by_sending_it_again(
    ground_of_both: Ground, how_many: Callable[..., int]
) -> None:
    from django.conf import settings

    times, lot = how_many(25, long=500), random.Random(6)
    with ground_of_both.here():
        sending = make_sending()
        offer = sending.offer(places=1)
        need = sending.ask(sending.household(MEMBERS[0]).facts["persons"][0])
    ground_of_both.keep()
    began = time.monotonic()
    with ground_of_both.here():
        _walk(sending, need, offer)
    whole = time.monotonic() - began
    ends: dict[int, int] = {}
    for _ in range(times):
        ground_of_both.put_back()
        writer = start_writer(ground_of_both, lambda _: _walk(sending, need, offer), seconds=0.0)
        with all_killed([writer]):
            time.sleep(lot.uniform(0.1, 1.2) * whole)
        with ground_of_both.here():
            reached = _check(need, offer)
            ends[reached] = ends.get(reached, 0) + 1
            _walk(sending, need, offer)
            assert _check(need, offer) == len(ORDER)
    with ground_of_both.here():
        settings.EVENHAND.people_keys_file.unlink()
    assert len(ends) > 2, f"it was killed at {ends} events alone"


ORDER = ("accepted", "left", "crossed", "admitted", "discharged", "accepted", "left", "returned-home")


def _walk(sending: Sending, need: str, offer: str) -> str:
    """Send somebody out and home again, each step under an id of its own."""
    from evenhand.actions.people.evacuation import referrals, transfers

    referral = referrals.refer_person(sending(request="k-1"), need=need, offer=offer).ref
    out = referrals.accept_referral(sending("doctor-tcd", request="k-2"), referral=referral).facts["transfer"]
    transfers.plan_transfer(sending(request="k-3"), transfer=out, leaves_on=TODAY, checkpoint="gate-north")
    for number, stage in enumerate(("left", "crossed"), 4):
        transfers.record_stage(sending(request=f"k-{number}"), transfer=out, stage=stage)
    for number, stage in enumerate(("admitted", "discharged"), 6):
        transfers.record_treatment(sending("doctor-tcd", request=f"k-{number}"), transfer=out, stage=stage)
    back = transfers.plan_return(sending(request="k-8"), transfer=out, leaves_on=TODAY).ref
    for number, stage in enumerate(("left", "returned-home"), 9):
        transfers.record_stage(sending(request=f"k-{number}"), transfer=back, stage=stage)
    return back


def _check(need: str, offer: str) -> int:
    """Return how many events stand, having seen that state, place and lines fit them."""
    from evenhand.people.evacuation import NEED_STATE
    from evenhand.people.models import EvacuationNeed, HospitalOffer, HospitalReferral, PeopleLine, TransferEvent

    events = list(TransferEvent.objects.order_by("pk").select_related("transfer"))
    assert tuple(one.stage for one in events) == ORDER[: len(events)]
    row = EvacuationNeed.objects.get(pk=need)
    live = HospitalReferral.objects.filter(state__in=HospitalReferral.LIVE).count()
    assert HospitalOffer.objects.get(pk=offer).taken == live <= 1
    if events:
        assert row.state == NEED_STATE[events[-1].transfer.way, events[-1].stage]
    else:
        assert row.state == ("referred" if live else "asked")
    lines = PeopleLine.objects.filter(pk__startswith="k-").count()
    assert lines - 2 <= len(events) <= lines  # the referral and the plan write none
    return len(events)
