"""Objections and their answers, publishing, and overrides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import NOW, TODAY, Cast
from evenhand_rounds import Rounds, add_board, balances

from evenhand.actions.rounds.deciding import decide_round
from evenhand.actions.rounds.objecting import answer_objection, object_to_round
from evenhand.actions.rounds.overriding import override_round
from evenhand.actions.rounds.posting import post_round
from evenhand.actions.rounds.proposing import propose_round, publish_round
from evenhand.errors import ActionRefused, EditRefused, InputRefused, NameUnknown, NotAllowed
from evenhand.records.models import Party
from evenhand.rounds.models import Objection, Proposal, Round, Vote

pytestmark = pytest.mark.django_db
TEXT = "We have more people."


def objected(cast: Cast, ref: str, party: str = "KEN") -> str:
    return object_to_round(cast(f"focal-{party.lower()}"), round=ref, party=party, text=TEXT).ref


def test_a_member_objects_and_is_answered_with_what_a_change_would_do(cast: Cast, rounds: Rounds) -> None:
    """With a target of 500 instead of 300 KEN and TCD are alike: 4 boxes each; KEN gains 50 persons, TCD loses 50."""
    asked = objected(cast, rounds.at("published"))
    answer_objection(cast("task-force"), objection=asked, answer="The census says 300.", whatif="needs.KEN.target=500")
    row = Objection.objects.get(pk=asked)
    assert (row.text, row.answer, row.whatif) == (TEXT, "The census says 300.", ["needs.KEN.target=500"])
    assert "Kenya (KEN) gets 50 service units more" in row.difference
    assert "Chad (TCD) gets 50 service units less" in row.difference


def test_several_changes_are_tried_together_and_a_value_may_hold_a_semicolon(cast: Cast, rounds: Rounds) -> None:
    asked = objected(cast, rounds.at("published"))
    edits = "needs.KEN.handles=ultra-cold;oral; needs.TCD.target=600"
    answer_objection(cast("task-force"), objection=asked, answer="As you see.", whatif=edits)
    assert Objection.objects.get(pk=asked).whatif == ["needs.KEN.handles=ultra-cold;oral", "needs.TCD.target=600"]


@pytest.mark.parametrize(
    ("whatif", "error", "sentence"),
    [
        ("needs.KNE.target=5", NameUnknown, "did you mean 'KEN'?"),
        ("needs.KEN.target=many", EditRefused, "many"),
        ("make it fair", EditRefused, "make it fair"),
        (";".join(["needs.KEN.target=5"] * 21), ActionRefused, "at most 20"),
    ],
)
def test_a_change_that_cannot_be_tried_is_refused(
    cast: Cast, rounds: Rounds, whatif: str, error: Any, sentence: str
) -> None:
    asked = objected(cast, rounds.at("published"))
    with refused(error, sentence):
        answer_objection(cast("task-force"), objection=asked, answer="As you see.", whatif=whatif)


def test_an_answer_says_something_and_stands(cast: Cast, rounds: Rounds) -> None:
    asked = objected(cast, rounds.at("published"))
    with refused(ActionRefused, "give a sentence"):
        answer_objection(cast("task-force"), objection=asked, answer="  ")
    answer_objection(cast("task-force"), objection=asked, answer="The census says so.")
    with refused(ActionRefused, "was answered on 2026-03-02"):
        answer_objection(cast("task-force-2"), objection=asked, answer="No.")
    with refused(NameUnknown, "no objection 'OB-0000000000'"):
        answer_objection(cast("task-force"), objection="OB-0000000000", answer="No.")


def test_only_who_has_a_need_in_the_round_objects(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    with refused(ActionRefused, "LBN has no need in"):
        objected(cast, ref, "LBN")
    with refused(NotAllowed):
        object_to_round(cast("focal-lbn"), round=ref, party="KEN", text=TEXT)
    with refused(ActionRefused, "give a sentence"):
        object_to_round(cast("focal-ken"), round=ref, party="KEN", text=" ")
    with refused(NameUnknown, "no round"):
        object_to_round(cast("focal-ken"), round="RD-0000000000", party="KEN", text=TEXT)


def test_nobody_objects_before_it_is_published_or_after_the_last_day(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("proposed", objections_until=TODAY + timedelta(days=3))
    with refused(NameUnknown, f"no round '{ref}'"):  # nobody but those who work on it knows that it is there
        objected(cast, ref)
    publish_round(cast("task-force"), round=ref)
    late = cast("focal-ken", at=NOW + timedelta(days=4))
    with refused(ActionRefused, "members could object"):
        object_to_round(late, round=ref, party="KEN", text=TEXT)
    object_to_round(cast("focal-ken", at=NOW + timedelta(days=3)), round=ref, party="KEN", text=TEXT)


def test_a_plan_is_not_published_after_the_last_day_for_objections(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("proposed", objections_until=TODAY)
    later = NOW + timedelta(days=2)
    with refused(ActionRefused, "say objections_until"):
        publish_round(cast("task-force", at=later), round=ref)
    publish_round(cast("task-force", at=later), round=ref, objections_until=later.date())
    assert Round.objects.get(pk=ref).objections_until == later.date()


def test_a_proposal_is_published_once_and_must_exist(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    with refused(ActionRefused, "proposal 1 of .* is published already".replace(".*", ref)):
        publish_round(cast("task-force"), round=ref)
    with refused(ActionRefused, "has no proposal 9; its newest is 1"):
        publish_round(cast("task-force"), round=ref, proposal=9)


def test_a_new_proposal_takes_the_old_one_from_the_board(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    decide_round(cast("board-aze"), round=ref)
    propose_round(cast("task-force-2"), round=ref)
    with refused(ActionRefused, "is proposed; only a round that is published can be decided on"):
        decide_round(cast("board-uga"), round=ref)
    publish_round(cast("task-force"), round=ref)
    assert decide_round(cast("board-uga"), round=ref).facts["approvals"] == 1
    assert Vote.objects.filter(proposal__number=1).count() == 1


def lines(**packs: int) -> bytes:
    from evenhand.records.models import Offer

    offer = Offer.objects.get().ref
    return "\n".join(["lot,recipient,packs", *(f"{offer},{party},{count}" for party, count in packs.items())]).encode()


def test_an_override_is_recorded_with_its_reason_and_its_cost(cast: Cast, rounds: Rounds) -> None:
    """4 and 4 instead of 5 and 3: TCD falls from 250 to 200 of 500, 0.4; KEN rises to 200 of 300. Lowest: 0.5 to 0.4."""
    ref = rounds.at("published")
    done = override_round(cast("board-ken", reason="the outbreak is in Kenya"), round=ref, lines=lines(TCD=4, KEN=4))
    proposal = Proposal.objects.get(round=ref, number=2)
    lowest = next(one for one in proposal.cost["measures"] if one["measure"] == "Lowest level")
    assert (lowest["fair"], lowest["override"], lowest["fairer"]) == (0.5, 0.4, "higher")
    assert proposal.measures["lowest_level"] == 0.4
    assert (proposal.override, proposal.reason, proposal.party) == (True, "the outbreak is in Kenya", "KEN")
    assert "proved" not in proposal.claim
    assert "gives it 250 service units" in proposal.explanations["TCD"]
    assert any("The lowest level falls" in sentence for sentence in done.facts["sentences"])
    assert Round.objects.get(pk=ref).state == "proposed"


def test_an_override_is_published_and_decided_like_any_plan(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("proposed")
    override_round(cast("board-ken", reason="the outbreak is in Kenya"), round=ref, lines=lines(TCD=4, KEN=4))
    publish_round(cast("task-force"), round=ref)
    for who in ("board-aze", "board-uga"):
        decide_round(cast(who), round=ref)
    post_round(cast("task-force"), round=ref)
    assert sorted(balances("allocated").values()) == [400, 400]


def test_neither_who_overrides_nor_its_member_decides(cast: Cast, rounds: Rounds) -> None:
    add_board(cast, "board-ken-2", "KEN")
    ref = rounds.at("proposed")
    override_round(cast("board-ken", reason="the outbreak is in Kenya"), round=ref, lines=lines(TCD=4, KEN=4))
    publish_round(cast("task-force"), round=ref)
    with refused(ActionRefused, "board-ken proposed this plan"):
        decide_round(cast("board-ken"), round=ref)
    with refused(ActionRefused, "KEN proposed this override"):
        decide_round(cast("board-ken-2"), round=ref)


def test_the_fair_plan_can_be_published_again_in_place_of_an_override(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("proposed")
    override_round(cast("board-ken", reason="the outbreak is in Kenya"), round=ref, lines=lines(TCD=4, KEN=4))
    publish_round(cast("task-force"), round=ref, proposal=1)
    decide_round(cast("board-ken"), round=ref)
    assert decide_round(cast("board-aze"), round=ref).facts["state"] == "decided"
    post_round(cast("task-force"), round=ref)
    assert sorted(balances("allocated").values()) == [300, 500]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"TCD": 9}, "has 8 packs, not 9"),
        ({"TCD": 5, "KEN": 7}, "KEN needs and can take at most 300 service units, not 350"),
        ({"TCD": 5, "KEN": 3}, "that is the fair plan, proposal 1, as it stands"),
        ({"TCD": 0}, "gives nothing to anybody"),
    ],
)
def test_what_cannot_be_is_not_overridden(cast: Cast, rounds: Rounds, given: dict[str, int], sentence: str) -> None:
    ref = rounds.at("proposed")
    with refused(ActionRefused, sentence):
        override_round(cast("board-ken", reason="the outbreak"), round=ref, lines=lines(**given))


def test_no_reason_overrides_an_earmark_or_a_cold_chain(cast: Cast, rounds: Rounds) -> None:
    Party.objects.filter(pk="KEN").update(handles="ultra-cold")
    for party in ("TCD", "KEN"):
        rounds.need(party, "100", "measles-vaccination")
    cold, meant = rounds.offer("1 tray", "vaccine-cold"), rounds.offer("1 box", meant_for="TCD")
    ref = rounds.at("proposed", made=True, resource="measles-vaccination")
    table = f"lot,recipient,packs\n{cold},TCD,1\n{meant},KEN,1\n".encode()
    with refused(ActionRefused, f"{cold} cannot go to TCD: that recipient cannot handle what it requires") as caught:
        override_round(cast("board-ken", reason="an order"), round=ref, lines=table)
    assert f"{meant} cannot go to KEN: its earmark does not allow that" in str(caught.value)


def test_no_reason_overrides_shelf_life_smallest_shipments_or_the_number_of_lots(cast: Cast, rounds: Rounds) -> None:
    rounds.need("TCD", "1000", per_week="100")
    rounds.need("KEN", "1000", per_week="100")
    soon = rounds.offer("8 box", expires=TODAY + timedelta(days=14))
    large = rounds.offer("8 box", donor="UNICEF", min_packs=3)
    ref = rounds.at("proposed", made=True, max_lots=1)
    table = f"lot,recipient,packs\n{soon},TCD,3\n{large},TCD,2\n".encode()
    with refused(ActionRefused, f"TCD can use at most 2 packs of {soon} before it expires, not 3") as caught:
        override_round(cast("board-ken", reason="an order"), round=ref, lines=table)
    assert f"{large} is sent in at least 3 packs, not 2 as to TCD" in str(caught.value)
    assert "TCD may get at most 1 lots, not 2" in str(caught.value)


@pytest.mark.parametrize(
    ("table", "error", "sentence"),
    [
        (b"lot,recipient,packs\nOF-1,TCD,1\n", InputRefused, "no lot 'OF-1'"),
        (b"lot,recipient,packs\n{lot},TDC,1\n", InputRefused, "did you mean 'TCD'?"),
        (b"lot,recipient,packs\n{lot},TCD,0.5\n", ActionRefused, "packs are whole"),
        (b"lot,recipient,packs\n{lot},TCD,-1\n", InputRefused, "-1"),
        (b"recipient,units\nTCD,100\n", ActionRefused, "says lot, recipient and packs"),
        (b"\xff\xfe\x00", Exception, ""),
    ],
)
def test_a_table_that_is_no_plan_is_refused(
    cast: Cast, rounds: Rounds, table: bytes, error: Any, sentence: str
) -> None:
    from evenhand.errors import EvenhandError

    _, _, offer = rounds.usual()
    ref = rounds.at("proposed", made=True)
    with refused(EvenhandError if error is Exception else error, sentence):
        override_round(cast("board-ken", reason="an order"), round=ref, lines=table.replace(b"{lot}", offer.encode()))


def test_an_override_needs_a_reason_and_a_fair_plan_beside_it(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("proposed")
    with refused(ActionRefused, "an override needs a reason"):
        override_round(cast("board-ken", reason=" "), round=ref, lines=lines(TCD=4, KEN=4))


def test_an_override_altered_after_it_was_proposed_is_not_decided_on(cast: Cast, rounds: Rounds) -> None:
    from evenhand.rounds.plan_files import pack_files, unpack_files

    ref = rounds.at("proposed")
    override_round(cast("board-ken", reason="the outbreak is in Kenya"), round=ref, lines=lines(TCD=4, KEN=4))
    publish_round(cast("task-force"), round=ref)
    proposal = Proposal.objects.get(round=ref, number=2)
    files = unpack_files(bytes(proposal.folder)) | {"override.csv": lines(TCD=2, KEN=6)}
    Proposal.objects.filter(pk=proposal.pk).update(folder=pack_files(files))
    with refused(ActionRefused, "its lines are not those of its plan"):
        decide_round(cast("board-aze"), round=ref)
    wrong = lines(TCD=20)
    lot = wrong.decode().splitlines()[1].split(",")[0]
    Proposal.objects.filter(pk=proposal.pk).update(
        folder=pack_files(files | {"override.csv": wrong}), lines=[[lot, "TCD", 20]]
    )
    with refused(ActionRefused, "has 8 packs, not 20"):
        decide_round(cast("board-aze"), round=ref)


def test_a_whatif_on_an_override_is_tried_on_the_fair_plan(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("proposed")
    override_round(cast("board-ken", reason="the outbreak is in Kenya"), round=ref, lines=lines(TCD=4, KEN=4))
    publish_round(cast("task-force"), round=ref)
    asked = objected(cast, ref, "TCD")
    answer_objection(cast("task-force"), objection=asked, answer="As you see.", whatif="needs.KEN.target=500")
    assert "Kenya (KEN) gets 50 service units more" in Objection.objects.get(pk=asked).difference
