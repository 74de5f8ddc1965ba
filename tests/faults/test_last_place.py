"""Several name patients to one hospital at the same moment: no place is given twice, none is left that somebody asked for."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from evenhand_evacuation import Sending, make_sending
from evenhand_register import MEMBERS
from ground import Ground
from writers import Writer, all_killed, start_writer

from evenhand.errors import ActionRefused

pytestmark = pytest.mark.slow


def test_places_of_a_hospital_are_never_overbooked(ground_of_both: Ground, how_many: Callable[..., int]) -> None:
    """Each of two processes has patients of its own for half of the places and more; some referrals are taken back meanwhile."""
    from django.conf import settings

    patients, places = how_many(40, long=400), how_many(25, long=250)
    with ground_of_both.here():
        sending = make_sending()
        offer = sending.offer(places=places)
        needs = [sending.ask(sending.household(MEMBERS[0]).facts["persons"][0]) for _ in range(2 * patients)]
    writers: list[Writer] = []
    start = time.monotonic() + 0.5  # so that they begin together
    with all_killed(writers):
        writers += [
            start_writer(ground_of_both, _referring(sending, needs[index::2], offer, start), seconds=0.0)
            for index in range(2)
        ]
        assert [writer.wait() for writer in writers] == [0, 0]
    won = [int(writer.acknowledged[0]) for writer in writers]
    with ground_of_both.here():
        from evenhand.people.models import HospitalOffer, HospitalReferral

        live = HospitalReferral.objects.filter(state__in=HospitalReferral.LIVE).count()
        assert HospitalOffer.objects.get(pk=offer).taken == live == places == sum(won)
        settings.EVENHAND.people_keys_file.unlink()
    assert min(won) > 0, "one process took everything; nobody raced"


def _referring(sending: Sending, needs: list[str], offer: str, start: float) -> Callable[[int], str]:
    """Return work that refers every patient, takes each fifth back and refers that one again; it tells how many have a place."""

    def work(_: int) -> str:
        from evenhand.actions.people.evacuation.referrals import withdraw_referral

        time.sleep(max(0.0, start - time.monotonic()))
        won, refused = 0, list[str]()
        for number, need in enumerate(needs):
            try:
                referral = sending.refer(need, offer)
                if number % 5 == 0:
                    withdraw_referral(sending(), referral=referral)
                    sending.refer(need, offer)
            except ActionRefused as refusal:
                refused.append(str(refusal))
            else:
                won += 1
        assert all("no place left" in sentence for sentence in refused)
        return str(won)

    return work
