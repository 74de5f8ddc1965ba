"""The table of OWASP ASVS requirements names code and tests that are there, and leaves no row without evidence or reason."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

TABLE = Path(__file__).resolve().parents[2] / "docs/security/asvs.md"
PROJECT = TABLE.parents[2]
SOURCE, TESTS = PROJECT / "src/evenhand", PROJECT / "tests"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| ([a-z ]+) \| (.*?) \| (.*?) \|$", re.MULTILINE)
PER_CHAPTER = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16}
"""Chapter → requirements of levels 1 and 2 in ASVS 5.0.0."""

AS_A_WHOLE = {9: 7, 10: 29, 17: 7}
"""Chapters that do not apply."""

TEST = re.compile(r"`([\w/]+/test_\w+\.py)(?:::(\w+))?`")
ROWS = ROW.findall(TABLE.read_text(encoding="utf-8"))


def test_every_requirement_stands_there_once() -> None:
    numbers = [row[0] for row in ROWS]
    assert [number for number, count in Counter(numbers).items() if count > 1] == []
    assert Counter(int(number.partition(".")[0]) for number in numbers) == PER_CHAPTER
    text = TABLE.read_text(encoding="utf-8")
    for chapter, count in AS_A_WHOLE.items():
        assert re.search(rf"## V{chapter} .*\n\nNot applicable: \w.+\({count} requirements: {chapter}\.", text), chapter
    assert sum(PER_CHAPTER.values()) + sum(AS_A_WHOLE.values()) == 253


def test_the_sums_at_the_top_are_those_of_the_rows() -> None:
    counted = Counter(row[3] for row in ROWS)
    said = (
        f"253 in all: {counted['met']} met, {counted['partly']} partly, {counted['open']} open, "
        f"{counted['not applicable'] + sum(AS_A_WHOLE.values())} not applicable"
    )
    assert said in " ".join(TABLE.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_has_its_evidence(row: tuple[str, ...]) -> None:
    number, _level, _short, status, where, evidence = row
    assert status in ("met", "partly", "open", "not applicable"), number
    files = re.findall(r"`([^`]+)`", where)
    assert all((SOURCE / file).is_file() for file in files), f"{number}: {where}"
    named = TEST.findall(evidence)
    for file, test in named:
        assert (TESTS / file).is_file(), f"{number}: {file}"
        assert not test or f"def {test}(" in (TESTS / file).read_text(encoding="utf-8"), f"{number}: {test}"
    if status == "met":
        assert files, f"{number} is met: where?"
        assert named, f"{number} is met: which test says so?"
    elif status == "partly":
        assert files, f"{number} is partly met: where?"
    assert len(evidence) > 8, f"{number} says nothing"
    if status != "met":
        assert len(TEST.sub("", evidence).strip(" ;,")) > 8 or status == "met", f"{number}: what is lacking?"


def test_more_than_half_of_what_applies_is_tied_to_a_test() -> None:
    applies = [row for row in ROWS if row[3] != "not applicable"]
    tied = [row for row in applies if TEST.search(row[5])]
    assert len(tied) >= 0.6 * len(applies)


def test_passwords_are_hashed_as_slowly_as_is_said() -> None:
    from django.conf import global_settings
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    settings = (SOURCE / "server/settings.py").read_text(encoding="utf-8")
    assert "PASSWORD_HASHERS" not in settings, "say in docs/security/asvs.md, 11.4.2, what is used now"
    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert PBKDF2PasswordHasher.iterations >= 600_000
