"""The work on a round: only what can be done now is offered, each step is done once, bad input keeps what was typed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from evenhand_cast import Cast
from evenhand_round_pages import RoundsNow

from evenhand.actions.rounds.deciding import recuse_from_round
from evenhand.actions.rounds.objecting import object_to_round
from evenhand.rounds.models import Objection, Proposal, Round, Vote

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]

BUTTONS = {
    # (who, step) → verbs offered on the round's page
    ("task-force", "open"): {"freeze", "cancel"},
    ("task-force", "frozen"): {"propose", "cancel"},
    ("task-force", "proposed"): {"publish", "propose", "cancel"},
    ("task-force", "published"): {"propose", "cancel"},
    ("task-force", "decided"): {"post", "cancel"},
    ("task-force", "posted"): set(),
    ("board-uga", "open"): {"recuse"},
    ("board-uga", "proposed"): {"recuse"},
    ("board-uga", "published"): {"decide", "recuse"},
    ("board-uga", "decided"): set(),
    ("focal-tcd", "published"): {"object"},
    ("focal-lbn", "published"): set(),
    ("focal-tcd", "posted"): set(),
    ("donor-ind", "published"): set(),
    ("auditor", "published"): set(),
    ("task-force-eu", "published"): set(),
    ("", "published"): set(),
}


@pytest.mark.parametrize(("who", "step"), BUTTONS)
def test_only_what_can_be_done_now_is_offered(rounds: RoundsNow, reader: Reader, who: str, step: str) -> None:
    ref = rounds.at(step)
    text = reader(who).get(f"/en/rounds/{ref}").content.decode()
    assert set(re.findall(r'href="/en/act/round/(\w+)\?', text)) == BUTTONS[who, step]


def do(client: Client, verb: str, **given: str) -> int:
    response = client.post(f"/en/act/round/{verb}", {"request_id": str(uuid.uuid4()), **given})
    return int(response.status_code)


def test_a_round_goes_from_open_to_posted_by_forms_alone(rounds: RoundsNow, reader: Reader) -> None:
    rounds.usual()
    staff, chad = reader("task-force"), reader("focal-tcd")
    opened = {
        "title": "Measles",
        "group": "NAM",
        "resource": "vaccine-measles",
        "rule": "equal-coverage",
        "floor": "0.2",
    }
    assert do(staff, "open", **opened) == 302
    ref = Round.objects.get().ref
    assert do(staff, "freeze", round=ref) == 302
    assert do(staff, "propose", round=ref) == 302
    assert do(staff, "publish", round=ref) == 302
    assert do(chad, "object", round=ref, party="TCD", text="Too little.") == 302
    objection = Objection.objects.get().ref
    assert do(reader("board-uga"), "decide", round=ref, approve="true") == 422  # nobody was answered yet
    assert (
        do(staff, "answer", objection=objection, answer="It is half for everybody.", whatif="needs.TCD.held=100") == 302
    )
    assert do(reader("board-ken"), "recuse", round=ref, party="KEN", reason="Kenya receives some.") == 302
    assert do(reader("board-ken"), "decide", round=ref, approve="true") == 422
    assert do(reader("board-uga"), "decide", round=ref, approve="true") == 302
    assert do(reader("board-uga"), "decide", round=ref, approve="true") == 422  # a vote stands
    assert do(reader("board-aze"), "decide", round=ref, approve="true") == 302
    assert do(staff, "post", round=ref) == 302
    assert Round.objects.get().state == "posted"


def test_a_vote_against_needs_a_reason_and_is_one(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    assert do(reader("board-uga"), "decide", round=ref, approve="false") == 422
    assert not Vote.objects.exists()
    assert do(reader("board-uga"), "decide", round=ref, approve="false", reason="Wrong targets.") == 302
    assert [(one.party, one.approves) for one in Vote.objects.all()] == [("UGA", False)]


def test_the_board_reads_before_it_votes(rounds: RoundsNow, cast: Cast, reader: Reader) -> None:
    ref = rounds.at("published")
    object_to_round(cast("focal-tcd", at=datetime.now(UTC)), round=ref, party="TCD", text="Too little for us.")
    text = reader("board-uga").get("/en/act/round/decide", {"round": ref}).content.decode()
    for words in (
        "Too little for us.",
        "checked now",
        "It takes two members",
        "One objection is not answered yet",
        "Vote against plan 1",
    ):
        assert words in text
    recuse_from_round(cast("board-uga", reason="an interest", at=datetime.now(UTC)), round=ref, party="UGA")
    text = reader("board-uga").get("/en/act/round/decide", {"round": ref}).content.decode()
    assert "has recused itself" in text
    assert "Approve plan 1" not in text


@pytest.mark.parametrize("verb", ["freeze", "propose", "publish"])
def test_a_form_sent_twice_does_it_once(rounds: RoundsNow, reader: Reader, verb: str) -> None:
    ref = rounds.at({"freeze": "open", "propose": "frozen", "publish": "proposed"}[verb])
    client = reader("task-force")
    given = {"request_id": str(uuid.uuid4()), "round": ref}
    statuses = [client.post(f"/en/act/round/{verb}", given).status_code for _ in range(3)]
    assert statuses == [302, 302, 302]
    assert Proposal.objects.count() == (0 if verb == "freeze" else 1)


@pytest.mark.parametrize("verb", ["freeze", "propose", "publish", "answer", "post", "cancel", "decide", "override"])
@pytest.mark.parametrize("who", ["focal-tcd", "donor-ind", "auditor", "operator"])
def test_a_stranger_to_the_work_finds_no_form(rounds: RoundsNow, reader: Reader, verb: str, who: str) -> None:
    assert reader(who).get(f"/en/act/round/{verb}").status_code == 403


BAD = (
    "",
    "x" * 20_000,
    "\u202eevil",
    "😀",
    "'; DROP TABLE rounds_round; --",
    "<script>alert(1)</script>",
    "RD-0000000000",
)


@pytest.mark.parametrize("typed", BAD)
@pytest.mark.parametrize(
    "field", ["title", "rule", "floor", "needs", "max_lots", "objections_until", "group", "resource"]
)
def test_a_wrong_word_when_opening_is_named_and_nothing_is_lost(
    rounds: RoundsNow, reader: Reader, field: str, typed: str
) -> None:
    rounds.usual()
    good = {"title": "A round", "group": "NAM", "resource": "vaccine-measles", "rule": "equal-coverage", "floor": "0.2"}
    response = reader("task-force").post("/en/act/round/open", {"request_id": str(uuid.uuid4()), **good, field: typed})
    assert response.status_code in (302, 422)
    if response.status_code == 302:
        assert field == "title" or typed == ""
        return
    text = response.content.decode()
    assert 'class="errors"' in text
    assert "<script>alert(1)</script>" not in text
    assert not Round.objects.exists()
    if field != "title":
        assert 'value="A round"' in text


def test_a_round_can_share_out_every_good_and_the_currencies_that_are_needed_or_given(
    rounds: RoundsNow, reader: Reader
) -> None:
    rounds.usual()

    def listed() -> set[str]:
        text = reader("task-force").get("/en/act/round/open").content.decode()
        return set(re.findall(r'<option value="([^"]+)"', text))

    assert "vaccine-measles" in listed()
    assert "USD" not in listed()
    rounds.offer("70000 USD", "USD", "UNICEF")
    assert "USD" in listed()
    given = reader("task-force").get("/en/act/round/open?resource=USD").content.decode()
    assert '<option value="USD" selected>' in given


def test_a_day_in_the_past_is_refused_at_its_field(rounds: RoundsNow, reader: Reader) -> None:
    rounds.usual()
    past = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    given = {
        "title": "A round",
        "group": "NAM",
        "resource": "vaccine-measles",
        "rule": "equal-coverage",
        "floor": "0.2",
        "objections_until": past,
    }
    response = reader("task-force").post("/en/act/round/open", {"request_id": str(uuid.uuid4()), **given})
    assert response.status_code == 422
    assert "id_objections_until-err" in response.content.decode()


def test_nobody_objects_for_somebody_else(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    given = {"request_id": str(uuid.uuid4()), "round": ref, "party": "KEN", "text": "For Kenya."}
    assert reader("focal-tcd").post("/en/act/round/object?party=KEN", given).status_code == 422
    assert not Objection.objects.exists()


# ── another plan than the fair one ──────────────────────────────────────────────────────────────────────────────────


def override(client: Client, ref: str, **given: str) -> tuple[int, str]:
    response = client.post(f"/en/rounds/{ref}/override/plan", {"request_id": str(uuid.uuid4()), **given})
    return response.status_code, response.content.decode()


def lines_of(ref: str, **packs: int) -> str:
    lot = Round.objects.get(pk=ref).lots.get().offer_id
    return "lot,recipient,packs\n" + "".join(f"{lot},{key},{number}\n" for key, number in packs.items())


def test_an_override_is_proposed_only_after_its_cost_was_shown(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    board = reader("board-uga")
    assert board.get(f"/en/rounds/{ref}/override/plan").status_code == 200
    lines = lines_of(ref, TCD=6, KEN=2)
    status, text = override(board, ref, lines=lines, step="propose", reason="An outbreak in Chad.")
    assert (status, Proposal.objects.count()) == (200, 1)  # nobody had seen the cost
    assert "What it would cost" in text
    assert "less fair" in text
    seen = str(re.search(r'name="seen" value="(\w+)"', text)[1])  # type: ignore[index]  # it is there
    status, text = override(board, ref, lines=lines, seen=seen, step="propose")
    assert status == 422
    assert "needs a reason" in text
    status, _ = override(
        board, ref, lines=lines_of(ref, TCD=7, KEN=1), seen=seen, step="propose", reason="Other lines."
    )
    assert (status, Proposal.objects.count()) == (200, 1)
    status, _ = override(board, ref, lines=lines, seen=seen, step="propose", reason="An outbreak in Chad.")
    assert (status, Proposal.objects.count()) == (302, 2)
    page = reader("task-force").get(f"/en/rounds/{ref}").content.decode()
    assert "Publish plan 2" in page
    shown = reader("task-force").get(f"/en/rounds/{ref}?proposal=2").content.decode()
    assert "This is not the fair plan." in shown
    assert "An outbreak in Chad." in shown
    assert shown.count("<h1") == 1


@pytest.mark.parametrize(
    "lines", ["", "no table", "lot,recipient,packs\nX,TCD,1\n", "lot,recipient,packs\n{lot},TCD,9000\n", "lot,recipient,packs\n{lot},KEN,0.5\n",
              "lot,recipient,packs\n{lot},FRA,1\n", "\x00", "<script>alert(1)</script>", "lot,recipient,packs\n{lot},TCD,-4\n"],
)  # fmt: skip
def test_lines_that_cannot_be_are_refused_and_stay(rounds: RoundsNow, reader: Reader, lines: str) -> None:
    ref = rounds.at("published")
    typed = lines.replace("{lot}", Round.objects.get().lots.get().offer_id)
    status, text = override(reader("board-uga"), ref, lines=typed, step="cost")
    assert status == 422
    assert 'class="errors"' in text
    assert "<script>alert(1)</script>" not in text
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status"), [("", 302), ("task-force", 403), ("focal-tcd", 403), ("auditor", 403), ("board-uga", 200)]
)
def test_only_the_board_overrides(rounds: RoundsNow, reader: Reader, who: str, status: int) -> None:
    ref = rounds.at("proposed")
    assert reader(who).get(f"/en/rounds/{ref}/override/plan").status_code == status
