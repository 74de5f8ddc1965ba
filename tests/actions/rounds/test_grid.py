"""The grid of every action on rounds: wrong role; twice; for something else; failing halfway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from action_grid import Case, check_halfway, check_roles, check_twice, refused
from evenhand_cast import Cast
from evenhand_rounds import Rounds

from evenhand.actions.rounds.deciding import decide_round, recuse_from_round
from evenhand.actions.rounds.freezing import freeze_round
from evenhand.actions.rounds.objecting import answer_objection, object_to_round
from evenhand.actions.rounds.opening import cancel_round, open_round
from evenhand.actions.rounds.overriding import override_round
from evenhand.actions.rounds.posting import post_round
from evenhand.actions.rounds.proposing import propose_round, publish_round
from evenhand.errors import ActionRefused, NotAllowed

pytestmark = pytest.mark.django_db
OPENING = {"title": "Measles", "group": "NAM", "resource": "vaccine-measles"}


def opened(cast: Cast) -> Mapping[str, Any]:
    Rounds(cast).usual()
    return {}


def standing(step: str) -> Callable[[Cast], Mapping[str, Any]]:
    return lambda cast: {"round": Rounds(cast).at(step)}


def overridden(cast: Cast) -> Mapping[str, Any]:
    rounds = Rounds(cast)
    _, _, offer = rounds.usual()
    return {"round": rounds.at("proposed", made=True), "lines": f"lot,recipient,packs\n{offer},TCD,8\n".encode()}


def objected(cast: Cast) -> Mapping[str, Any]:
    ref = Rounds(cast).at("published")
    return {"objection": object_to_round(cast("focal-ken"), round=ref, party="KEN", text="We have more people.").ref}


CASES = (
    Case(open_round, "task-force", OPENING, ("task-force",), {"title": "Rubella"}, opened),
    Case(freeze_round, "task-force", {}, ("task-force",), {"round": "RD-0000000000"}, standing("open")),
    Case(propose_round, "task-force", {}, ("task-force",), {"round": "RD-0000000000"}, standing("frozen")),
    Case(override_round, "board-aze", {}, ("board-aze",), {"lines": b"lot,recipient,packs\n"}, overridden),
    Case(publish_round, "task-force", {}, ("task-force",), {"proposal": 7}, standing("proposed")),
    Case(
        object_to_round, "focal-ken", {"party": "KEN", "text": "We have more people."}, ("focal-ken",),
        {"text": "They have fewer."}, standing("published"),
    ),
    Case(
        answer_objection, "task-force", {"answer": "The census says so.", "whatif": "needs.KEN.target=400"},
        ("task-force",), {"answer": "No."}, objected,
    ),
    Case(recuse_from_round, "board-aze", {"party": "AZE"}, ("board-aze",), {"party": "UGA"}, standing("published")),
    Case(decide_round, "board-aze", {}, ("board-aze",), {"approve": False}, standing("published")),
    Case(post_round, "task-force", {}, ("task-force",), {"round": "RD-0000000000"}, standing("decided")),
    Case(cancel_round, "task-force", {}, ("task-force",), {"round": "RD-0000000000"}, standing("published")),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nobody_else_does_it(case: Case, cast: Cast) -> None:
    check_roles(case, cast)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_same_id_twice_does_it_once(case: Case, cast: Cast) -> None:
    check_twice(case, cast)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_failing_halfway_leaves_nothing(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    check_halfway(case, cast, monkeypatch)


def test_a_repeat_does_not_solve_the_round_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    import evenhand.actions.rounds.proposing as proposing

    given = standing("frozen")(cast)
    propose_round(cast("task-force", request="r-1"), **given)
    monkeypatch.setattr(proposing, "solve_frozen", None)
    assert propose_round(cast("task-force", request="r-1"), **given).repeated


def test_nobody_without_the_right_makes_the_engine_work(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    import evenhand.actions.rounds.proposing as proposing

    given = standing("frozen")(cast)
    worked: list[object] = []
    monkeypatch.setattr(proposing, "solve_frozen", lambda *given: worked.append(given))
    with pytest.raises(NotAllowed, match="takes the role secretariat"):
        propose_round(cast("focal-tcd"), **given)
    assert not worked


STEPS: dict[Any, tuple[str, set[str]]] = {
    # action: who, the states where it can be done
    freeze_round: ("task-force", {"open"}),
    propose_round: ("task-force", {"frozen", "proposed", "published"}),
    publish_round: ("task-force", {"proposed"}),
    decide_round: ("board-ken", {"published"}),
    post_round: ("task-force", {"decided"}),
    cancel_round: ("task-force", {"open", "frozen", "proposed", "published", "decided"}),
}


@pytest.mark.parametrize("step", ["open", "frozen", "proposed", "published", "decided", "posted"])
@pytest.mark.parametrize("action", STEPS, ids=lambda one: str(one.name))
def test_each_step_begins_where_the_one_before_ends(step: str, action: Any, cast: Cast, rounds: Rounds) -> None:
    who, states = STEPS[action]
    ref = rounds.at(step)
    if step in states:
        assert action(cast(who, reason="asked"), round=ref).ref == ref
    else:
        with refused(ActionRefused, f"{ref} is {step}"):
            action(cast(who, reason="asked"), round=ref)
