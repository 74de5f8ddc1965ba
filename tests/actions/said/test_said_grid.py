"""Every action on what was said: who may; twice with one id; failing halfway leaves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from action_grid import Case, check_halfway, check_roles, check_twice
from evenhand_cast import Cast
from evenhand_said import TEXT, add_meeting, add_merge, add_official, add_reading, add_statement

from evenhand.actions.said.documents import read_in
from evenhand.actions.said.meetings import (
    confirm_meeting,
    correct_meeting,
    merge_meeting,
    merge_official,
    reject_meeting,
)
from evenhand.actions.said.replying import answer_statement
from evenhand.actions.said.reviewing import (
    accept_statement,
    correct_statement,
    enter_statement,
    merge_statement,
    reject_statement,
)
from evenhand.actions.said.splitting import split_meeting, split_official, split_statement
from evenhand.actions.said.threads import link_statement, thread_statement, unlink_statement
from evenhand.said.models import StatementLink

pytestmark = pytest.mark.django_db
REVIEW = ("task-force", "task-force-eu")
OF_TCD = ("focal-tcd", "task-force")
FILE = {"file": TEXT.encode(), "filename": "readout.txt"}


def proposed(cast: Cast) -> Mapping[str, Any]:
    return {"statement": add_statement(state="proposed")}


def accepted(cast: Cast) -> Mapping[str, Any]:
    return {"statement": add_statement(receivers=("TCD",))}


def two(cast: Cast) -> Mapping[str, Any]:
    return {"statement": add_statement(), "into": add_statement()}


def entering(cast: Cast) -> Mapping[str, Any]:
    return {"document": add_reading()}


def linked(cast: Cast) -> Mapping[str, Any]:
    from evenhand_stock import make_gift

    statement, gift = add_statement(), make_gift("IND", "vaccine-measles", 4000)
    StatementLink.objects.create(statement_id=statement, about=gift)
    return {"statement": statement, "about": gift}


def unlinked(cast: Cast) -> Mapping[str, Any]:
    from evenhand_stock import make_gift

    return {"statement": add_statement(), "about": make_gift("IND", "vaccine-measles", 4000)}


def a_meeting(cast: Cast, state: str = "confirmed") -> Mapping[str, Any]:
    people = {add_official("Elvin Mammadov"): "AZE"}, {add_official("Adoum Brahim Kosso"): "TCD"}
    return {"meeting": add_meeting(add_reading(), *people, state=state)}


def a_proposed_meeting(cast: Cast) -> Mapping[str, Any]:
    return a_meeting(cast, "proposed")


def two_meetings(cast: Cast) -> Mapping[str, Any]:
    return {"meeting": a_meeting(cast)["meeting"], "into": a_meeting(cast)["meeting"]}


def two_officials(cast: Cast) -> Mapping[str, Any]:
    one, other = add_official("Adoum Brahim Kosso"), add_official("Adoum Ibrahim Kosso")
    for guest in (one, other):
        add_meeting(add_reading(), {add_official("Elvin Mammadov"): "AZE"}, {guest: "TCD"})
    return {"official": one, "into": other}


def a_merged_statement(cast: Cast) -> Mapping[str, Any]:
    return {"statement": add_merge("statement", *two(cast).values())}


def a_merged_meeting(cast: Cast) -> Mapping[str, Any]:
    return {"meeting": add_merge("meeting", *two_meetings(cast).values())}


def a_merged_official(cast: Cast) -> Mapping[str, Any]:
    return {"official": add_merge("official", *two_officials(cast).values())}


ENTERED = {"words": "900 tents", "kind": "promised", "speaker": "Elvin Mammadov", "resource_words": "tents"}
CASES = (
    Case(read_in, "focal-tcd", {**FILE, "party": "TCD"}, OF_TCD, {"title": "another"}),
    Case(enter_statement, "task-force", ENTERED, REVIEW, {"quantity": "950"}, entering),
    Case(accept_statement, "task-force", {}, REVIEW, {"statement": "ST-0000000000"}, proposed),
    Case(correct_statement, "task-force", {"quantity": "950"}, REVIEW, {"quantity": "951"}, accepted),
    Case(reject_statement, "task-force", {}, REVIEW, {"statement": "ST-0000000000"}, proposed),
    Case(merge_statement, "task-force", {}, REVIEW, {"into": "ST-0000000000"}, two),
    Case(thread_statement, "task-force", {"title": "900 tents"}, REVIEW, {"title": "another"}, accepted),
    Case(link_statement, "task-force", {}, REVIEW, {"about": "OF-0000000000"}, unlinked),
    Case(unlink_statement, "task-force", {}, REVIEW, {"about": "OF-0000000000"}, linked),
    Case(
        answer_statement, "focal-tcd", {"party": "TCD", "text": "400 came"}, ("focal-tcd",), {"text": "401 came"}, accepted
    ),
    Case(confirm_meeting, "task-force", {}, REVIEW, {"meeting": "MT-0000000000"}, a_proposed_meeting),
    Case(correct_meeting, "task-force", {"place": "Ganja"}, REVIEW, {"place": "Sheki"}, a_meeting),
    Case(merge_meeting, "task-force", {}, REVIEW, {"into": "MT-0000000000"}, two_meetings),
    Case(reject_meeting, "task-force", {}, REVIEW, {"meeting": "MT-0000000000"}, a_proposed_meeting),
    Case(merge_official, "task-force", {}, REVIEW, {"into": "HO-0000000000"}, two_officials),
    Case(split_statement, "task-force", {}, REVIEW, {"statement": "ST-0000000000"}, a_merged_statement),
    Case(split_meeting, "task-force", {}, REVIEW, {"meeting": "MT-0000000000"}, a_merged_meeting),
    Case(split_official, "task-force", {}, REVIEW, {"official": "HO-0000000000"}, a_merged_official),
)  # fmt: skip
each = pytest.mark.parametrize("case", CASES, ids=str)


@each
def test_it_is_done_by_those_who_may_and_by_nobody_else(case: Case, cast: Cast) -> None:
    check_roles(case, cast)


@each
def test_sent_twice_it_is_done_once(case: Case, cast: Cast) -> None:
    check_twice(case, cast)


@each
def test_failing_halfway_leaves_nothing(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    check_halfway(case, cast, monkeypatch)
