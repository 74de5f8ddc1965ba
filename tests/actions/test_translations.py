"""A translation stands beside a record's own words: who may give one, what it replaces, what it never does."""

from __future__ import annotations

from typing import Any

import pytest
from action_grid import Case, check_halfway, check_roles, check_twice, refused
from evenhand_cast import Cast
from evenhand_seen import add_need

from evenhand.actions.translations import add_translation, remove_translation
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed
from evenhand.records.models import Party, Translation

pytestmark = pytest.mark.django_db
NAME = {"kind": "party", "key": "TCD", "language": "fr", "text": "Tchad"}
MAY = ("focal-tcd", "task-force", "operator")


def named(cast: Cast) -> dict[str, Any]:
    Translation.objects.get_or_create(
        of="party", key="TCD", field="name", language="fr", defaults={"text": "Tchade", "draft": True}
    )
    return {}


CASES = (
    Case(add_translation, "task-force", NAME, MAY, {"text": "Le Tchad"}),
    Case(remove_translation, "task-force", {"kind": "party", "key": "TCD", "language": "fr"}, MAY, {"language": "ar"}, named),
)  # fmt: skip
cases = pytest.mark.parametrize("case", CASES, ids=str)


@cases
def test_those_who_keep_the_record_may_and_nobody_else(case: Case, cast: Cast) -> None:
    check_roles(case, cast)


@cases
def test_sent_twice_it_is_done_once(case: Case, cast: Cast) -> None:
    check_twice(case, cast)


@cases
def test_failing_halfway_it_leaves_nothing(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    check_halfway(case, cast, monkeypatch)


def test_the_record_keeps_its_own_name(cast: Cast) -> None:
    before = Party.objects.get(pk="TCD").name
    add_translation(cast("focal-tcd"), **NAME, source="the ministry")
    assert Party.objects.get(pk="TCD").name == before
    kept = Translation.objects.get()
    assert (kept.of, kept.key, kept.field, kept.text, kept.draft) == ("party", "TCD", "name", "Tchad", False)


def test_the_same_again_changes_nothing_and_only_a_draft_gives_way(cast: Cast) -> None:
    add_translation(cast("task-force"), **NAME | {"text": "Le  Tchad"}, draft=True)
    assert add_translation(cast("task-force"), **NAME).facts == {"language": "fr", "replaced_draft": True}
    assert add_translation(cast("task-force"), **NAME).facts == {"language": "fr", "there_already": True}
    with refused(ActionRefused, "has a translation into 'fr' that is no draft; remove it first"):
        add_translation(cast("task-force"), **NAME | {"text": "Le Tchad"})
    remove_translation(cast("task-force"), kind="party", key="TCD", language="fr")
    with refused(ActionRefused, "there is nothing to remove"):
        remove_translation(cast("task-force"), kind="party", key="TCD", language="fr")


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        ({"kind": "parties"}, ActionRefused, "did you mean 'party'?"),
        ({"key": "TDC"}, NameUnknown, "did you mean 'TCD'?"),
        ({"language": "de"}, ActionRefused, "there is no language 'de'; it is one of ar, zh, en, fr, ru, es"),
        ({"field": "title"}, ActionRefused, "there is no text of a party 'title'; it is one of name"),
        ({"text": "  "}, ActionRefused, "is empty"),
        ({"text": "a\u202eb"}, ActionRefused, "an unseen character"),
        ({"text": "x" * 201}, ActionRefused, "at most 200"),
    ],
)
def test_what_is_no_translation_is_refused(cast: Cast, wrong: dict[str, str], error: Any, sentence: str) -> None:
    with refused(error, sentence):
        add_translation(cast("task-force"), **NAME | wrong)


@pytest.mark.parametrize(
    ("who", "given"),
    [
        ("focal-tcd", {"kind": "resource", "key": "vaccine-measles"}), ("focal-tcd", {"kind": "group", "key": "NAM"}),
        ("focal-ken", {"kind": "party", "key": "TCD"}), ("task-force-eu", {"kind": "group", "key": "NAM"}),
    ],
)  # fmt: skip
def test_lists_that_all_share_are_not_a_focal_point_s_nor_another_group_s(
    cast: Cast, who: str, given: dict[str, str]
) -> None:
    with refused(NotAllowed):
        add_translation(cast(who), **given, language="fr", text="Un nom")


def test_a_draft_need_has_no_translation_for_who_may_not_see_it(cast: Cast) -> None:
    """It is refused like one that does not exist."""
    need = add_need("TCD", "draft", "an outbreak")
    add_translation(cast("focal-tcd"), kind="need", key=need, language="fr", text="une épidémie")
    with refused(NameUnknown, f"no need '{need}'"):
        add_translation(cast("task-force"), kind="need", key=need, language="fr", text="autre")


def test_what_says_nothing_has_nothing_to_translate(cast: Cast) -> None:
    with refused(ActionRefused, "vaccine-measles has no note, so there is nothing to translate"):
        add_translation(
            cast("task-force"), kind="resource", key="vaccine-measles", field="note", language="fr", text="une note"
        )
