"""Bars in plain text: no line too long, groups named, what was given always to be seen."""

from __future__ import annotations

import pytest

from evenhand.figures.terminal import GIVEN, columns_of, text_bars


@pytest.mark.parametrize("width", [48, 80, 200])
def test_no_line_is_wider_than_the_terminal(stories, width):
    for story in (stories.of(30), stories.of(300), stories.two_lines(), stories.left_over(), stories.of(rule="tiers")):
        for line in text_bars(story, width).splitlines():
            assert columns_of(line) <= width, line


def test_whoever_receives_something_has_a_full_sign(stories):
    story = stories.of(30)
    bars = text_bars(story, 80).splitlines()
    for row in story.recipients:
        shown = [line for line in bars if line.startswith(f"  {row.name} ")]
        if row.received > 0 and shown:
            assert GIVEN in shown[0]


def test_chinese_and_arabic_names_keep_the_bars_in_line(stories):
    needs = [
        stories.need("A", "乍得共和国", 100),
        stories.need("B", "جمهورية تشاد", 100),
        stories.need("C", "Chad\x1b[31m", 100),
    ]
    text = text_bars(stories.pour(needs, [stories.lot("L", "Alpha", 90)]), 80)
    rows = [line for line in text.splitlines() if GIVEN in line and line.startswith("  ")]
    assert len({columns_of(line[: line.index(GIVEN)]) for line in rows}) == 1
    assert "\x1b" not in text


def test_many_recipients_are_sampled_and_the_heading_says_so(stories):
    text = text_bars(stories.of(1000), 80, most=40)
    assert "shown" in text
    assert len(text.splitlines()) < 100
