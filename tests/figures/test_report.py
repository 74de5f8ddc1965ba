"""The page: well-formed, self-contained, small, harmless, and true to the claim."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from evenhand.figures.report import write_page
from evenhand.figures.story import RULE_NAMES, PlanStory, RecipientStory

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "جمهورية أفريقيا الوسطى",
    "中华人民共和国",
    "x" * 5000,
    "A\u202evil\u202c \x00\x07name \u2068\u2069",
    "&amp; &lt; ]]>",
    "  ",
    "\ud800 lone half",
    "https://evil.example/x.js",
)


def read(page: str) -> ET.Element:
    """Read the page as XML: what is not well-formed fails here."""
    assert page.startswith("<!DOCTYPE html>\n")
    return ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))


def words(page: str) -> str:
    return " ".join(" ".join(read(page).find("body").itertext()).split())  # type: ignore[union-attr]


def assert_sound(page: str) -> None:
    root = read(page)
    idents = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(idents) == len(set(idents)), "an id stands twice"
    for element in root.iter():
        assert element.tag not in ("script", "link", "img", "iframe", "object", "embed", "base", "form")
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name in ("href", "src"):
                assert value.startswith("#"), value
            if name == "href":
                assert value[1:] in idents, f"{value} leads nowhere"
            if name in ("aria-labelledby", "aria-describedby"):
                assert set(value.split()) <= set(idents), value
    for svg in root.iter("svg"):
        if svg.get("aria-hidden") != "true":
            assert svg.get("role") == "img"
            assert svg.find("title").text  # type: ignore[union-attr]
            assert svg.find("desc").text  # type: ignore[union-attr]
        assert "nan" not in ET.tostring(svg, encoding="unicode").split("<title")[0]
    for table in root.iter("table"):
        assert table.find("caption") is not None
        assert all(head.get("scope") for head in table.iter("th"))
    for box in root.iter("div"):
        if box.get("class") == "scroll":
            assert box.get("tabindex") == "0"
            assert box.get("aria-label") or box.get("aria-labelledby")
    style = root.find("head/style").text or ""  # type: ignore[union-attr]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("rule", RULE_NAMES)
def test_every_rule_gives_a_sound_page_in_both_directions(stories, rule, direction):
    story = stories.of(rule=rule, floor=0.2, tiers=("health workers", "the old", "all others"))
    story = replace(story, explanations=tuple(stories.told(row) for row in story.recipients[:2]))
    page = write_page(story, direction=direction)
    assert_sound(page)
    assert f'dir="{direction}"' in page
    assert rule in words(page)


def test_every_variant_gives_a_sound_page(stories):
    for story in (
        stories.two_lines(),
        stories.left_over(),
        stories.bounded(),
        stories.of(1, 1),
        stories.of(300, 40),
        stories.pour(stories.some_needs(9), []),
        PlanStory("Nobody", "equal-coverage", "proved best"),
    ):
        assert_sound(write_page(story))


def test_the_same_story_gives_the_same_bytes(stories):
    assert write_page(stories.of(50)) == write_page(stories.of(50))


def test_names_from_tables_cannot_break_the_page(stories):
    needs = [stories.need(f"K{k}", name, 1000.0 + k, 10.0 * k, why=name or "x") for k, name in enumerate(HOSTILE)]
    needs += [stories.need(f"L{k}", name, 5000.0, 10.0, 20.0, name) for k, name in enumerate(HOSTILE)]
    lots = [stories.lot(f"L{k}", name, 400.0, words=name, requires=name) for k, name in enumerate(HOSTILE)]
    bad = HOSTILE[0]
    story = stories.pour(needs, lots, title=bad, unit=HOSTILE[1], verdict=bad, notes=HOSTILE, record=((bad, bad),))
    story = replace(story, files=((bad, bad),), commands=((bad, bad),))
    story = replace(story, explanations=tuple(stories.told(row) for row in story.recipients[:3]))
    for direction in ("ltr", "rtl"):
        page = write_page(story, direction=direction)
        assert_sound(page)
        assert "<script" not in page
        assert "<img" not in page
        assert "\u202e" not in page
        assert "\x00" not in page
        assert "جمهورية" in page
        assert len(page) < 200_000, "a name of 5,000 letters is not repeated in full"


def test_the_page_of_ten_thousand_recipients_is_below_300_kb_and_says_where_the_whole_is(stories):
    page = write_page(stories.of(10_000, 60, 0.12))
    assert len(page.encode()) < 300_000
    assert_sound(page)
    said = words(page)
    assert re.search(r"\d+ of 10,000 recipients are shown; all of them stand in recipients\.csv", said)
    assert re.search(r"\b\d+ of \d,\d{3}: each ends", said), "the picture says that it is a sample"


def test_up_to_120_recipients_the_whole_plan_is_printed(stories):
    story = stories.of(120, 25)
    root = read(write_page(story))
    plan = next(section for section in root.iter("section") if section.get("id") == "plan")
    rows = [head.find("bdi").text for head in plan.iter("th") if head.find("bdi") is not None]  # type: ignore[union-attr]
    assert sorted(rows, key=str) == sorted(row.name for row in story.recipients)


def test_nothing_outside_is_named(stories):
    page = write_page(stories.of())
    assert "http:" not in page
    assert "https:" not in page


def test_a_proved_plan_says_proved_best_and_shows_the_proof(stories):
    said = words(write_page(stories.of()))
    assert "proved best" in said
    assert "The proof" in said
    assert "no fairer plan exists" in said


def test_a_bounded_plan_never_says_proof_and_says_proved_of_the_bound_alone(stories):
    page = write_page(replace(stories.bounded(), verdict="holds: bounded"))
    said = words(page)
    assert "proof" not in said.casefold()
    assert "best:" not in said
    assert "no fairer" not in said
    proved = [said[match.start() - 40 : match.end() + 60] for match in re.finditer("proved", said)]
    assert len(proved) == 1
    assert "no plan can lift it above" in proved[0]


def test_a_broken_condition_is_shown_as_broken(stories):
    story = stories.of()
    broken = replace(story.checks[0], holds=False)
    page = write_page(replace(story, checks=(broken, *story.checks[1:])))
    assert page.count("✗ broken") == 1
    assert page.count("✓ holds") == 3


def test_donors_stand_alphabetically_and_need_from_the_lowest(stories):
    story = stories.of(40, 12)
    root = read(write_page(story))
    gifts = next(box for box in root.iter("div") if box.get("class") == "gifts")
    donors = [bdi.text for summary in gifts.iter("summary") for bdi in summary.iter("bdi")]
    assert donors == sorted({lot.donor for lot in story.lots})
    plan = next(section for section in root.iter("section") if section.get("id") == "plan")
    lower = next(plan.iter("tbody"))
    names = [bdi.text for head in lower.iter("th") for bdi in head.iter("bdi")]
    level = {row.name: row.level for row in story.recipients}
    assert [level[name] for name in names] == sorted(level[name] for name in names)  # type: ignore[index]


def test_what_is_left_over_is_said_in_the_opening_the_picture_and_the_table(stories):
    page = write_page(stories.left_over())
    assert "Some of L2 is left over, because nobody who may have it can take more." in words(page)
    assert "Left over: 430 packs of L2" in page


def test_huge_and_tiny_numbers_are_written_plainly():
    row = RecipientStory("A", "Chad", 1e12, 0, 1e12, 0, 1, 0, 1, 1.0, "target met")
    tiny = RecipientStory("B", "Mali", 1e-6, 0, 1e-6, 0, 1e-9, 0, 1e-9, 1.0, "capacity")
    page = write_page(PlanStory("t", "equal-coverage", "proved best", recipients=(row, tiny)))
    assert_sound(page)
    assert "1,000,000,000,000" in page
    assert "e+" not in words(page)


def test_a_story_that_no_picture_could_show_is_refused():
    with pytest.raises(ValueError, match="no rule 'fair'"):
        PlanStory("t", "fair", "proved best")
    with pytest.raises(ValueError, match="no claim 'optimal'"):
        PlanStory("t", "tiers", "optimal")
    bad = RecipientStory("A", "Chad", 0, 0, 0, 0, 0, 0, 0)
    with pytest.raises(ValueError, match="a target above 0"):
        PlanStory("t", "tiers", "bounded", recipients=(bad,))
    with pytest.raises(ValueError, match="finite"):
        PlanStory("t", "tiers", "bounded", recipients=(replace(bad, target=1, level=float("nan")),))
