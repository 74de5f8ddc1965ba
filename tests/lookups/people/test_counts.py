"""From the counts that are shown nobody works out one that is hidden, not even who knows by which rule they are hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import product

import pytest
from evenhand_register import DATABASES, MEMBERS, Register

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.people.counts import FEWEST, count_people, suppress_breakdowns, suppress_parts

ONES = dict.fromkeys("abcdefghij", 1)


@pytest.mark.parametrize(("parts", "total", "told"), [
    ({}, 0, {}), ({"a": 0}, 0, {"a": 0}), ({"a": 9}, None, {"a": None}), ({"a": 0, "b": 10}, 10, {"a": 0, "b": 10}),
    ({"north": 400, "a": 1, "b": 1}, 402, {"north": None, "a": None, "b": None}),
    ({"north": 400, "south": 30, "a": 1, "b": 1}, 432, {"north": 400, "south": None, "a": None, "b": None}),
    ({"a": 9, "b": 9}, None, {"a": None, "b": None}), ({"a": 9, "b": 9, "c": 9}, None, dict.fromkeys("abc")),
    ({"a": 9, "b": 9, "c": 50}, 68, dict.fromkeys("abc")), ({"a": 9, "b": 4, "c": 50}, 63, {"a": None, "b": None, "c": 50}),
    ({"z": 9, "b": 10, "c": 10, "d": 60}, 89, {"z": None, "b": None, "c": None, "d": 60}),  # no name is more hidden than another
    (ONES, None, dict.fromkeys(ONES)), ({**ONES, "k": 20}, 30, dict.fromkeys([*ONES, "k"])),
])  # fmt: skip
def test_enough_is_hidden(parts: dict[str, int], total: int | None, told: dict[str, int | None]) -> None:
    assert suppress_breakdowns(parts) == (total, [told])


@pytest.mark.parametrize(("names", "most"), [("ab", 40), ("abc", 22), ("abcd", 11)])
def test_each_hidden_number_could_be_another_one(names: str, most: int) -> None:
    """Try everything that could be there: what looks alike from outside must differ in each number that is hidden."""
    alike: dict[str, list[Mapping[str, int]]] = defaultdict(list)
    shown = {}
    for numbers in product(range(most + 1), repeat=len(names)):
        parts = dict(zip(names, numbers, strict=True))
        total, (told,) = suppress_breakdowns(parts)
        assert told == suppress_parts(parts)
        alike[repr((total, told))].append(parts)
        shown[repr((total, told))] = (total, told)
    for key, could_be in alike.items():
        total, told = shown[key]
        hidden = [name for name, number in told.items() if number is None]
        for name in hidden:
            assert len({parts[name] for parts in could_be}) > 1, (name, could_be[0])
        if hidden and total is not None:
            assert all(sum(parts[name] for name in hidden) >= FEWEST for parts in could_be)


def test_a_total_that_is_hidden_cannot_be_added_up_from_another_table() -> None:
    assert suppress_breakdowns({"waiting": 9, "home": 9}, {"surgery": 18}) == (
        None, [{"waiting": None, "home": None}, {"surgery": None}],
    )  # fmt: skip
    assert suppress_breakdowns({"waiting": 30, "home": 3}, {"surgery": 33}) == (
        33, [{"waiting": None, "home": None}, {"surgery": 33}],
    )  # fmt: skip


@pytest.mark.django_db(databases=DATABASES)
@pytest.mark.parametrize(("moissala", "mandoul", "told"), [
    (6, 3, (None, {"TCD-moissala": None, "TCD-mandoul": None})), (5, 5, (20, {"TCD-moissala": 10, "TCD-mandoul": 10})),
    (9, 3, (24, {"TCD-moissala": None, "TCD-mandoul": None})),
])  # fmt: skip
def test_everybody_is_told_of_a_registration_what_tells_nobody(
    register: Register, moissala: int, mandoul: int, told: tuple[int | None, dict[str, int | None]]
) -> None:
    for site, number in (("TCD-moissala", moissala), ("TCD-mandoul", mandoul)):
        for _ in range(number):
            register.household(*MEMBERS, site=site)
    (one,) = count_people(PUBLIC)
    assert (one.persons, one.by_site) == told
