"""The board: two people for two members, neither of whom proposed the plan, and only a plan that holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from action_grid import refused
from evenhand_cast import NOW, TODAY, Cast
from evenhand_rounds import Rounds, add_board, balances

from evenhand.access.models import RoleHeld, User
from evenhand.access.viewers import viewer_of
from evenhand.actions.rounds.deciding import decide_round, recuse_from_round
from evenhand.actions.rounds.objecting import answer_objection, object_to_round
from evenhand.actions.rounds.posting import post_round
from evenhand.actions.rounds.proposing import propose_round, publish_round
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed, StockShort
from evenhand.rounds.models import FrozenTable, Proposal, Recusal, Round, Vote
from evenhand.rounds.plan_files import pack_files, unpack_files

pytestmark = pytest.mark.django_db


def test_two_members_decide(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    first = decide_round(cast("board-aze"), round=ref)
    assert (first.facts["state"], first.facts["approvals"]) == ("published", 1)
    second = decide_round(cast("board-uga"), round=ref)
    assert (second.facts["state"], second.facts["approvals"]) == ("decided", 2)
    assert sorted(Vote.objects.values_list("party", flat=True)) == ["AZE", "UGA"]


def test_one_person_does_not_decide_alone(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    decide_round(cast("board-aze"), round=ref)
    with refused(ActionRefused, "board-aze has voted on proposal 1 already"):
        decide_round(cast("board-aze"), round=ref)
    with refused(ActionRefused, "is published; only a round that is decided can be posted"):
        post_round(cast("task-force"), round=ref)


def test_two_people_of_one_member_do_not_decide(cast: Cast, rounds: Rounds) -> None:
    add_board(cast, "board-aze-2", "AZE")
    ref = rounds.at("published")
    decide_round(cast("board-aze"), round=ref)
    with refused(ActionRefused, "AZE has voted on proposal 1 already; the other vote is another member's"):
        decide_round(cast("board-aze-2"), round=ref)


def test_who_proposed_does_not_decide(cast: Cast, rounds: Rounds) -> None:
    add_board(cast, "both", "KEN", "NAM", "secretariat")
    ref = rounds.at("frozen")
    propose_round(cast("both"), round=ref)
    publish_round(cast("task-force"), round=ref)
    with refused(ActionRefused, "both proposed this plan; two others decide"):
        decide_round(cast("both"), round=ref)


def test_another_groups_board_has_no_say(cast: Cast, rounds: Rounds) -> None:
    add_board(cast, "board-fra", "FRA", "EU")
    ref = rounds.at("published")
    with refused(NotAllowed, "board in NAM"):
        decide_round(cast("board-fra"), round=ref)


@pytest.mark.parametrize(("parties", "said"), [((), "no party"), (("KEN", "LBN"), "KEN and LBN")])
def test_who_speaks_for_none_or_for_two_does_not_vote(
    cast: Cast, rounds: Rounds, parties: tuple[str, ...], said: str
) -> None:
    ref = rounds.at("published")
    add_board(cast, "odd", parties[0] if parties else "")
    for party in parties[1:]:
        user = User.objects.get(name="odd")
        RoleHeld.objects.create(user=user, role="board", party=party, group="NAM", since=TODAY)
        cast.viewers["odd"] = viewer_of(user, on=TODAY)
    with refused(ActionRefused, f"sits on the board of NAM for {said}"):
        decide_round(cast("odd"), round=ref)


def test_a_member_that_recused_itself_does_not_decide(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    recuse_from_round(cast("board-ken", reason="we make these vaccines"), round=ref, party="KEN")
    with refused(ActionRefused, r"KEN has recused itself from"):
        decide_round(cast("board-ken"), round=ref)
    assert Recusal.objects.get().reason == "we make these vaccines"


def test_a_vote_before_a_recusal_stays_on_record_and_counts_no_longer(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    decide_round(cast("board-ken"), round=ref)
    recuse_from_round(cast("focal-ken", reason="we make these vaccines"), round=ref, party="KEN")
    assert decide_round(cast("board-aze"), round=ref).facts["state"] == "published"
    assert decide_round(cast("board-uga"), round=ref).facts["state"] == "decided"
    assert Vote.objects.count() == 3


def test_nobody_recuses_somebody_else(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    for who in ("board-aze", "focal-tcd", "task-force"):
        with refused(NotAllowed):
            recuse_from_round(cast(who, reason="an interest"), round=ref, party="KEN")


def test_a_recusal_needs_a_reason_and_stands(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    with refused(ActionRefused, "needs a reason"):
        recuse_from_round(cast("board-ken"), round=ref, party="KEN")
    recuse_from_round(cast("board-ken", reason="an interest"), round=ref, party="KEN")
    with refused(ActionRefused, "has recused itself from"):
        recuse_from_round(cast("board-ken", reason="an interest"), round=ref, party="KEN")
    with refused(NameUnknown, "no party 'KNE'; did you mean 'KEN'?"):
        recuse_from_round(cast("board-ken", reason="an interest"), round=ref, party="KNE")
    with refused(ActionRefused, "FRA is no member of NAM"):
        recuse_from_round(cast("focal-fra", reason="an interest"), round=ref, party="FRA")


def test_a_vote_against_needs_a_reason_and_decides_nothing(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    with refused(ActionRefused, "a vote against needs a reason"):
        decide_round(cast("board-ken"), round=ref, approve=False)
    done = decide_round(cast("board-ken", reason="our census is older"), round=ref, approve=False)
    assert (done.facts["state"], done.facts["approvals"]) == ("published", 0)
    assert Vote.objects.get().reason == "our census is older"


def test_nothing_is_decided_while_an_objection_waits(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    asked = sorted(
        object_to_round(cast(f"focal-{who.lower()}"), round=ref, party=who, text="We have more people.").ref
        for who in ("KEN", "TCD")
    )
    with refused(ActionRefused, f"2 objections are unanswered: {', '.join(asked)}; answer them first"):
        decide_round(cast("board-aze"), round=ref)
    for one in asked:
        answer_objection(cast("task-force"), objection=one, answer="The census says so.")
    assert decide_round(cast("board-aze"), round=ref).facts["approvals"] == 1


def test_nothing_is_decided_while_members_may_object(cast: Cast, rounds: Rounds) -> None:
    last = TODAY + timedelta(days=7)
    ref = rounds.at("published", objections_until=last)
    with refused(ActionRefused, f"members may object to {ref} until {last}"):
        decide_round(cast("board-aze", at=NOW + timedelta(days=7)), round=ref)
    assert decide_round(cast("board-aze", at=NOW + timedelta(days=8)), round=ref).facts["approvals"] == 1


def altered(name: str, old: bytes, new: bytes) -> Callable[[str], None]:
    """Alter one file of a stored plan, as somebody with the database in hand could."""

    def alter(ref: str) -> None:
        proposal = Proposal.objects.get(round=ref)
        files = unpack_files(bytes(proposal.folder))
        assert old in files[name]
        Proposal.objects.filter(pk=proposal.pk).update(folder=pack_files(files | {name: files[name].replace(old, new)}))

    return alter


def alter_lines(ref: str) -> None:
    proposal = Proposal.objects.get(round=ref)
    proposal.lines[0][2], proposal.lines[1][2] = proposal.lines[1][2], proposal.lines[0][2]
    proposal.save(update_fields=["lines"])


def alter_frozen(ref: str) -> None:
    body = bytes(FrozenTable.objects.get(round=ref, name="needs").body)
    FrozenTable.objects.filter(round=ref, name="needs").update(body=body.replace(b"300", b"301"))


def other_plan(ref: str) -> None:
    """Put in the sound plan of other tables, certificate and all."""
    from evenhand.rounds.planning import freeze_rows, solve_frozen

    row = Round.objects.get(pk=ref)
    lot = row.lots.get().offer_id
    frozen = freeze_rows(
        [{"recipient": "KEN", "target": 300}, {"recipient": "TCD", "target": 30}], [{"lot": lot, "packs": 8}], []
    )
    from evenhand.actions.rounds.steps import terms_of

    plan = solve_frozen(frozen, terms_of(row))
    Proposal.objects.filter(round=ref).update(folder=plan.folder, lines=plan.lines)


def other_rule(ref: str) -> None:
    Round.objects.filter(pk=ref).update(rule="need-weighted")


@pytest.mark.parametrize(
    ("alter", "sentence"),
    [
        (altered("plan.csv", b"KEN,3,", b"KEN,4,"), "does not hold"),
        (altered("inputs/needs.csv", b"300", b"900"), "does not hold"),
        (altered("certificate.json", b"proved best", b"bounded"), "cannot be decided on"),
        (lambda ref: Proposal.objects.filter(round=ref).update(folder=b"PK"), "is damaged"),
        (lambda ref: Proposal.objects.filter(round=ref).update(folder=pack_files({"../plan.csv": b""})), "damaged"),
        (lambda ref: Proposal.objects.filter(round=ref).update(folder=pack_files({})), "cannot be decided on"),
        (alter_lines, "its lines are not those of its plan"),
        (alter_frozen, "are not those that were hashed"),
        (other_plan, "was made from another table of needs, lots"),
        (other_rule, "was made with rule equal-coverage, and the round says need-weighted"),
    ],
)
def test_a_plan_that_was_altered_is_not_decided_on(
    cast: Cast, rounds: Rounds, alter: Callable[[str], None], sentence: str
) -> None:
    ref = rounds.at("published")
    alter(ref)
    with refused(ActionRefused, sentence):
        decide_round(cast("board-aze"), round=ref)


def test_a_plan_altered_between_the_check_and_the_vote_is_not_decided_on(
    cast: Cast, rounds: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    import evenhand.actions.rounds.deciding as deciding

    ref = rounds.at("published")
    monkeypatch.setattr(deciding, "_before_the_board", _altering(deciding._before_the_board, ref))
    with pytest.raises(ActionRefused, match="was changed while it was checked"):
        decide_round(cast("board-aze"), round=ref)
    assert not Vote.objects.exists()


def _altering(before: Callable[[Round], Proposal], ref: str) -> Callable[[Round], Proposal]:
    """Alter the lines before the body looks, after the check has."""
    looked: list[int] = []

    def look(row: Round) -> Proposal:
        looked.append(1)
        if len(looked) == 2:
            alter_lines(ref)
        return before(row)

    return look


def test_votes_on_different_bytes_do_not_add_up(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("published")
    decide_round(cast("board-aze"), round=ref)
    Vote.objects.update(folder_sha256="0" * 64)
    assert decide_round(cast("board-uga"), round=ref).facts["state"] == "published"
    assert decide_round(cast("board-ken"), round=ref).facts["state"] == "decided"


def test_a_plan_altered_after_the_decision_is_not_posted(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("decided")
    alter_lines(ref)
    with refused(ActionRefused, "its lines are not those of its plan"):
        post_round(cast("task-force"), round=ref)
    altered("plan.csv", b"KEN,3,", b"KEN,4,")(ref)
    with refused(ActionRefused, "is not the one that the board voted on"):
        post_round(cast("task-force"), round=ref)


def test_posting_is_all_or_nothing(cast: Cast, rounds: Rounds) -> None:
    """Two lots; of the second one box is gone by the time of posting: nothing of the first is posted either."""
    from evenhand.actions.action import account
    from evenhand.database.writing import writing
    from evenhand.stockbook.posting import Posting, post

    rounds.need("TCD", "1000")
    offers = sorted((rounds.offer("2 box"), rounds.offer("3 box", donor="UNICEF")))
    ref = rounds.at("decided", made=True)
    gone = Posting(
        "gone", "expire", account("offered", offers[1]), account("expired", offers[1]), "vaccine-measles", 1, TODAY
    )
    with writing():
        post([gone], action="a", by="u", recorded=NOW)
    with refused(StockShort, f"offered/{offers[1]} holds"):
        post_round(cast("task-force"), round=ref)
    assert balances("allocated") == {}
    assert Round.objects.get(pk=ref).state == "decided"


def test_posting_twice_changes_nothing(cast: Cast, rounds: Rounds) -> None:
    ref = rounds.at("decided")
    first = post_round(cast("task-force", request="p-1"), round=ref)
    assert post_round(cast("task-force", request="p-1"), round=ref).facts == first.facts
    with refused(ActionRefused, "is posted"):
        post_round(cast("task-force-2"), round=ref)


def test_a_checkpoint_is_signed_when_a_decision_is_posted(
    cast: Cast, rounds: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    import evenhand.actions.rounds.posting as posting

    ref = rounds.at("decided")
    signed: list[tuple[object, ...]] = []
    monkeypatch.setattr(posting, "checkpoint_decision", lambda *given: signed.append(given))
    post_round(cast("task-force"), round=ref)
    assert signed == [(NOW,)]


def test_the_certificate_is_the_one_that_was_proposed(rounds: Rounds) -> None:
    import hashlib

    proposal = Proposal.objects.get(round=rounds.at("published"))
    certificate = unpack_files(bytes(proposal.folder))["certificate.json"]
    assert hashlib.sha256(certificate).hexdigest() == proposal.certificate_sha256
    assert json.loads(certificate)["claim"] == proposal.claim
