"""Whatever is in the files, the checker answers with sentences: never a traceback, and never "holds" for a changed plan."""

from __future__ import annotations

import copy
import json
import os
import random
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.certificates import Verdict, check_folder
from evenhand.errors import PlanUnreadable

NASTY = [
    "", " ", " 5", "5 ", "+5", "05", "5.0", "1e3", "-1", "-0", "0", "NaN", "nan", "inf", "1/0", "0/1", "2/4", "1/-2", "5/1",
    "9" * 5000, "1/" + "9" * 5000, "9" * 200_000, "\u0663", "\u00b2", "=1+1", "1,5", "1_000", "\u202e", "x\ny", "\r", "\x0b",
    'a"b', "R0;R1", "unlimited", "none", "2026-02-30", "2026-W01-1", "\U0010ffff", "True", "1000000000001",
]  # fmt: skip
NASTY_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2**80, 1.5, 1e308, [], {}, [None], [["1/2"]], {"a": "b"}, ["1/2", "1/2", "1/2"], ["1/0", "1/2"],
    [1, 2], ["a", "b"], ["9" * 5000, "1"], *NASTY[:12], "unlimited", "none", "proved best", "bounded", "tiers",
]  # fmt: skip
TABLES = (*brute.FILES, "bound.csv", "levels.csv")


def folders() -> list[brute.Folder]:
    """A plan of each kind, with several lines each."""
    needs = (
        brute.Need("R0", Fraction(7), groups=("north",), name="Côte d'Été", handles=("ultra-cold",)),
        brute.Need("R1", Fraction(9), Fraction(1), per_week=Fraction(3), groups=("north", "south")),
        brute.Need("R2", Fraction(5, 2), weight=Fraction(3, 2), tiers=(Fraction(0), Fraction(1))),
    )
    lots = (
        brute.Lot("L0", 3, only=("north",), expires=brute.date(2026, 12, 20)),
        brute.Lot("L1", 2, requires=("ultra-cold",)),
        brute.Lot("L2", 4),
        brute.Lot("L3", 0),
    )
    made = []
    for rule in ("equal-coverage", "need-weighted", "tiers", "floor-then-weighted"):
        case = brute.Case(needs, lots, rule)
        made.append(brute.best_folder(case))
        made.append(brute.best_folder(brute.replace(case, divisible=True)))
        different = (brute.replace(lots[0], pack_size=Fraction(2)), *lots[1:])
        bounded = brute.Case(needs, different, rule, max_lots=2)
        made.append(brute.bounded_folder(bounded, brute.settled(bounded, {})))
    return made


FOLDERS = folders()


def answer(path: Path) -> Verdict | None:
    """What the checker says; None if it says that this is no plan. Anything but a sentence fails the test."""
    try:
        verdict = check_folder(path)
    except PlanUnreadable as refusal:
        said = str(refusal)
        assert said
        assert "\n" not in said
        assert len(said) < 400
        return None
    assert verdict.holds == (not verdict.problems)
    for problem in verdict.problems:
        assert "\n" not in problem
        assert problem.isprintable()
        assert len(problem) < 1000
    return verdict


@pytest.mark.parametrize("place", range(len(FOLDERS)))
def test_the_undamaged_plans_hold(place: int, tmp_path: Path) -> None:
    verdict = answer(FOLDERS[place].write(tmp_path))
    assert verdict is not None
    assert verdict.holds, str(verdict)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data())
def test_a_file_with_changed_bytes_gets_a_sentence(data: st.DataObject) -> None:
    made = copy.deepcopy(FOLDERS[data.draw(st.integers(0, len(FOLDERS) - 1))])
    with tempfile.TemporaryDirectory() as folder:
        path = made.write(Path(folder))
        name = data.draw(st.sampled_from([*made.tables, "certificate.json"]))
        before = (path / name).read_bytes()
        start = data.draw(st.integers(0, len(before)))
        end = data.draw(st.integers(start, min(len(before), start + 40)))
        junk = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from([text.encode() for text in NASTY])))
        after = data.draw(
            st.sampled_from([before[:start] + junk + before[end:], before[:start], junk, before + junk, before[::-1]])
        )
        (path / name).write_bytes(after)
        verdict = answer(path)
        if verdict is not None and verdict.holds:
            if name == "certificate.json":
                same_apart_from_free_words(before, after)
            else:
                assert before == after


def same_apart_from_free_words(before: bytes, after: bytes) -> None:
    """A changed certificate may hold only if it says the same: dates and solver's words may differ, little else."""
    old, new = json.loads(before), json.loads(after)
    for data in (old, new):
        data.pop("date")
        if data["bound"]:
            data["bound"].pop("closed")
    # Another waterline may prove the same plan, and a fraction may be written in other terms.
    for data in (old, new):
        data.pop("waterlines")
        if data["bound"]:
            data["bound"].pop("waterlines")
        data.pop("floor", None)
    assert old == new


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data())
def test_a_changed_cell_is_found_even_with_hashes_made_right(data: st.DataObject) -> None:
    made = copy.deepcopy(FOLDERS[data.draw(st.integers(0, len(FOLDERS) - 1))])
    name = data.draw(st.sampled_from(list(made.tables)))
    rows = made.tables[name]
    row = rows[data.draw(st.integers(0, len(rows) - 1))]
    column = data.draw(st.integers(0, len(row) - 1))
    before = row[column]
    row[column] = data.draw(st.sampled_from(NASTY))
    with tempfile.TemporaryDirectory() as folder:
        verdict = answer(made.write(Path(folder)))
    free = name.startswith("inputs/") or (name == "recipients.csv" and column == 9 and row is not rows[0])
    if not free and verdict is not None:
        assert verdict.holds is (row[column] == before), f"{name}: {before!r} became {row[column]!r}: {verdict}"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data())
def test_rows_doubled_dropped_swapped_or_cut_are_found_even_with_hashes_made_right(data: st.DataObject) -> None:
    made = copy.deepcopy(FOLDERS[data.draw(st.integers(0, len(FOLDERS) - 1))])
    name = data.draw(st.sampled_from([table for table in made.tables if len(made.tables[table]) > 2]))
    rows = made.tables[name]
    place, other = data.draw(st.integers(1, len(rows) - 1)), data.draw(st.integers(0, len(rows) - 1))
    harm = data.draw(st.sampled_from(["double", "drop", "swap", "cut", "widen", "blank"]))
    before = copy.deepcopy(rows)
    if harm == "double":
        rows.insert(other, list(rows[place]))
    elif harm == "drop":
        del rows[place]
    elif harm == "swap":
        rows[place], rows[other] = rows[other], rows[place]
    elif harm == "cut":
        del rows[place][-1]
    elif harm == "widen":
        rows[place].append("")
    else:
        rows.insert(place, [])
    with tempfile.TemporaryDirectory() as folder:
        verdict = answer(made.write(Path(folder)))
    if rows != before and verdict is not None and not name.startswith("inputs/"):
        assert not verdict.holds, f"{name}: {harm} {place}"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data())
def test_a_certificate_with_a_wrong_value_gets_a_sentence(data: st.DataObject) -> None:
    made = copy.deepcopy(FOLDERS[data.draw(st.integers(0, len(FOLDERS) - 1))])
    with tempfile.TemporaryDirectory() as folder:
        path = made.write(Path(folder))
        places = list(inside(made.certificate))
        holder, key = places[data.draw(st.integers(0, len(places) - 1))]
        harm = data.draw(st.sampled_from(["set", "drop", "add"]))
        before = copy.deepcopy(made.certificate)
        if harm == "set":
            holder[key] = data.draw(st.sampled_from(NASTY_VALUES))
        elif harm == "drop":
            del holder[key]
        elif isinstance(holder, dict):
            holder[data.draw(st.sampled_from(NASTY))] = data.draw(st.sampled_from(NASTY_VALUES))
        else:
            holder.append("1/2")
        verdict = answer(made.write(path, hashes=False))
        if verdict is not None and verdict.holds:
            old, new = (json.dumps(c, indent=1).encode() for c in (before, made.certificate))
            same_apart_from_free_words(old, new)


def inside(value: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) in a tree of dicts and lists."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [found for key in keys for found in inside(value[key])]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"format": "evenhand-certificate/1", "format": "evenhand-certificate/1"}', "a key stands twice"),
        ('{"format": NaN}', "NaN is not a number"),
        ('{"format": ' + "9" * 5000 + "}", "not sound JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "does not say it is of the format"),
        ("", "not sound JSON"),
        ('{"format": "evenhand-certificate/2"}', "does not say it is of the format"),
        ('{"format": "evenhand-certificate/1"}', "does not say rule"),
    ],
)
def test_a_certificate_that_is_none_gets_its_reason(text: str, reason: str, tmp_path: Path) -> None:
    FOLDERS[0].write(tmp_path)
    (tmp_path / "certificate.json").write_text(text, encoding="utf-8")
    with pytest.raises(PlanUnreadable, match=reason):
        check_folder(tmp_path)


@pytest.mark.parametrize("name", [*brute.FILES, "certificate.json"])
def test_a_missing_file_a_folder_in_its_place_and_junk_get_a_sentence(name: str, tmp_path: Path) -> None:
    FOLDERS[0].write(tmp_path)
    (tmp_path / name).write_bytes(random.Random(7).randbytes(3000))
    with pytest.raises(PlanUnreadable, match=name):
        check_folder(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(PlanUnreadable, match=f"{name} is missing"):
        check_folder(tmp_path)
    (tmp_path / name).mkdir()
    with pytest.raises(PlanUnreadable, match=f"{name} is not a file"):
        check_folder(tmp_path)


def test_a_pipe_in_place_of_a_file_does_not_hang_the_checker(tmp_path: Path) -> None:
    FOLDERS[0].write(tmp_path)
    (tmp_path / "plan.csv").unlink()
    os.mkfifo(tmp_path / "plan.csv")
    with pytest.raises(PlanUnreadable, match=r"plan\.csv is not a file"):
        check_folder(tmp_path)


def test_a_path_that_cannot_be_one_gets_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", "a\0b", "", "x" * 5000):
        with pytest.raises(PlanUnreadable, match="is not a folder"):
            check_folder(path)
