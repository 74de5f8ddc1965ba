"""Who met whom as a picture: every pair told, names by the alphabet, mirrored with the page, never more than can be read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from evenhand.figures.met import MOST, Pair, draw_met

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {"AZE": "Azerbaijan", "KWT": "Kuwait", "WHO": "World Health Organization"}
PAIRS = [Pair("WHO", "AZE", 4), Pair("AZE", "KWT", 1)]


def drawn(text: str) -> ElementTree.Element:
    """Return a picture as a tree."""
    return ElementTree.fromstring(text)


def test_each_pair_is_a_dot_whose_area_is_the_number_of_meetings() -> None:
    dots = {one.findtext("title"): float(one.attrib["r"]) for one in drawn(str(draw_met(PAIRS, NAMES))).iter("circle")}
    assert dots == {
        "World Health Organization and Azerbaijan: 4 meetings": 12.0,
        "Azerbaijan and Kuwait: 1 meeting": 6.0,
    }


def test_names_stand_by_the_alphabet_and_the_most_frequent_pair_is_told_first() -> None:
    picture = drawn(str(draw_met(PAIRS, NAMES)))
    names = [one.text for one in picture.iter("text") if one.text in NAMES.values()]
    assert names == sorted(names)
    assert (picture.findtext("desc") or "").startswith("World Health Organization and Azerbaijan: 4 meetings and ")


def test_it_is_mirrored_with_the_page() -> None:
    across, back = (
        [float(one.attrib["cx"]) for one in drawn(str(draw_met(PAIRS, NAMES, direction=way))).iter("circle")]
        for way in ("ltr", "rtl")
    )
    width = float(drawn(str(draw_met(PAIRS, NAMES))).attrib["width"])
    assert back == pytest.approx([width - x for x in across], abs=0.02)


def test_of_many_parties_those_that_met_most_often_are_drawn() -> None:
    names = {f"P{number:02}": f"Party {number:02}" for number in range(60)}
    pairs = [Pair(f"P{number:02}", f"P{number + 1:02}", number + 1) for number in range(0, 60, 2)]
    picture = drawn(str(draw_met(pairs, names)))
    assert len(list(picture.iter("circle"))) == MOST // 2
    assert "Party 59" in {one.text for one in picture.iter("text")}
    assert "Party 00" not in {one.text for one in picture.iter("text")}


def test_names_are_text_and_nobody_met_is_an_empty_picture() -> None:
    text = str(draw_met([Pair("a", "b", 1)], {"a": "<script>", "b": "B & C"}))
    assert "<script>" not in text
    assert "B &amp; C" in text
    assert not list(drawn(str(draw_met([], {}))).iter("circle"))
