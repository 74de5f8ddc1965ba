"""Pictures for pages: what holds for all of them, then what each one's shapes must measure."""

from __future__ import annotations

import gzip
import itertools
import math
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date, timedelta
from importlib.resources import files

import pytest
from drawn import boxes_of, check_sound, words_of
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.figures.flow import MOST, Flow, draw_flow, gather, lay_out
from evenhand.figures.journey import SplitLine, Stage, draw_split, draw_stages
from evenhand.figures.lapsing import NeedMonth, draw_lapsing
from evenhand.figures.member import ResourceNeed, draw_member
from evenhand.figures.months import find_span, month_number, round_ticks
from evenhand.figures.offices import Term, draw_group, members_on
from evenhand.figures.promised import Promise, PromiseMonth, draw_promise, draw_promise_over_time
from evenhand.figures.qr import QUIET, draw_qr
from evenhand.figures.rules_beside import RuleOutcome, draw_rules, find_moved
from evenhand.figures.words import amount, apart, in_signs, percent, short
from evenhand.figures.world.places import PlacePoint, draw_places, outline_of
from evenhand.wording import speaking

NASTY = '<b onload="x">&'
TODAY = date(2026, 11, 22)


def some_member(number: int, direction: str) -> str:
    rows = [
        ResourceNeed(
            f"r{k}", f"{NASTY} {k}", "doses" if k % 2 else "pieces", 10.0 * k + 1, k, 2 * k, k / 2, 1, 3.0 * (k % 3)
        )
        for k in range(number)
    ]
    return draw_member(rows, name=NASTY, direction=direction)


def some_promise(number: int, direction: str) -> str:
    return draw_promise(Promise("doses", *[float(number)] * min(number, 7)), name=NASTY, direction=direction)


def some_months(number: int, direction: str) -> str:
    months = [PromiseMonth(f"{1900 + k // 12}-{k % 12 + 1:02d}", 10.0 * k, 4.0 * k) for k in range(number)]
    return draw_promise_over_time(months, unit="doses", name=NASTY, direction=direction)


def some_flow(number: int, direction: str) -> str:
    return draw_flow(some_flows(number), unit="doses", name=NASTY, direction=direction)


def some_flows(number: int) -> list[Flow]:
    return [
        Flow(f"D{k % 40}", f"{NASTY} {k % 40}", f"R{k}", f"Recipient {k}", 1.0 + k * 7919 % 97) for k in range(number)
    ]


def some_group(number: int, direction: str) -> str:
    start = date(1961, 9, 1)
    chairs = [
        Term(
            f"{NASTY} {k}",
            start + timedelta(days=900 * (k % 26)),
            start + timedelta(days=900 * (k % 26 + 1) - 1),
            "Chair",
        )
        for k in range(number)
    ]
    members = [Term(f"m{k}", start + timedelta(days=k), None, "") for k in range(number)]
    return draw_group(chairs, members, today=TODAY, name=NASTY, direction=direction)


def some_stages(number: int, direction: str) -> str:
    stages = [
        Stage(f"{NASTY} {k}", TODAY + timedelta(days=k) if k % 2 else None, k < 3, k == 3)
        for k in range(min(number, 9))
    ]
    return draw_stages(stages, name=NASTY, direction=direction)


def some_split(number: int, direction: str) -> str:
    lines = [SplitLine(f"{NASTY} {k}", "doses", 100 + k, 60, 20, 5) for k in range(number)]
    return draw_split(lines, name=NASTY, direction=direction)


def some_lapsing(number: int, direction: str) -> str:
    months = [
        NeedMonth(f"{1900 + k // 12}-{k % 12 + 1:02d}", 100 + k % 7, k % 5, k > number / 2) for k in range(number)
    ]
    return draw_lapsing(months, direction=direction)


def some_rules(number: int, direction: str) -> str:
    coverage = {f"R{k}": (k % 90) / 100 for k in range(number)}
    other = {key: min(1.0, share * 1.3 + 0.01) for key, share in coverage.items()}
    rules = [
        RuleOutcome("equal-coverage", "Equal coverage", coverage, picked=True),
        RuleOutcome("tiers", "Tiers", other),
    ]
    return draw_rules(rules, dict.fromkeys(coverage, NASTY), direction=direction)


def some_places(number: int, direction: str) -> str:
    points = [
        PlacePoint(
            f"p{k}", f"{NASTY} {k}", 14 + k % 50 / 6, 8 + k % 70 / 6, None if k % 9 == 0 else k % 100 / 100, f"/p/{k}"
        )
        for k in range(number)
    ]
    return draw_places([*points, PlacePoint("away", "Away", None, None)], outline_of("TCD"))


PICTURES = (
    some_member,
    some_promise,
    some_months,
    some_flow,
    some_group,
    some_stages,
    some_split,
    some_lapsing,
    some_rules,
    some_places,
)
every_picture = pytest.mark.parametrize(
    "draw", PICTURES, ids=[made.__name__.removeprefix("some_") for made in PICTURES]
)


@every_picture
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("number", [0, 1, 7, 2000])
def test_every_picture_is_sound_at_any_size(draw: Callable[[int, str], str], direction: str, number: int) -> None:
    markup = draw(number, direction)
    svg = check_sound(markup)
    assert NASTY not in markup
    assert draw(number, direction) == markup
    assert (svg.get("width"), svg.get("height")) == tuple((svg.get("viewBox") or "").split()[2:])
    size = len(gzip.compress(markup.encode(), 9))
    print(f"{draw.__name__} {direction} {number}: {size:,} bytes gzipped")
    assert size < (40_000 if number == 2000 and draw is some_places else 12_500)


@every_picture
def test_every_class_has_a_rule_in_a_style_sheet(draw: Callable[[int, str], str]) -> None:
    sheets = files("evenhand.web").joinpath("assets/portal.css").read_text(encoding="utf-8")
    used = {word for found in re.findall(r'class="([^"]*)"', draw(7, "ltr")) for word in found.split()}
    known = set(re.findall(r"\.([a-z][\w-]*)", sheets))
    assert used - known - {"pic"} == set()


@every_picture
def test_a_picture_at_its_own_size_says_which_way_it_runs(draw: Callable[[int, str], str]) -> None:
    assert 'direction="ltr"' in draw(7, "ltr")
    assert f'direction="{"ltr" if draw is some_places else "rtl"}"' in draw(7, "rtl")


# ── a member ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.integers(0, 10**9), min_size=4, max_size=4), st.integers(1, 10**10))
def test_the_bars_of_a_need_are_in_proportion_to_its_amounts(parts: list[int], needed: int) -> None:
    row = ResourceNeed("v", "Vaccine", "doses", needed, *parts)
    svg = ET.fromstring(draw_member([row]))
    scale = 688 / max(needed, row.covered)
    for cls, part in zip(("f-ground", "f-water", "f-mid", "f-pale", "f-none"), row.parts, strict=True):
        wide = sum(box[2] for box in boxes_of(svg, cls))
        assert wide == pytest.approx(part * scale, abs=0.02)
    assert math.fsum(row.parts) == pytest.approx(max(needed, row.covered))


def test_what_is_only_promised_is_hollow_and_begins_where_things_end() -> None:
    row = ResourceNeed("v", "Vaccine", "doses", 100, 10, 20, 5, 5, promised=30)
    svg = ET.fromstring(draw_member([row]))
    (hollow,) = boxes_of(svg, "f-words")
    assert hollow[0] == pytest.approx(2 + 40 * 6.88, abs=0.02)
    assert hollow[2] == pytest.approx(30 * 6.88, abs=0.02)


def test_resources_of_one_unit_share_a_scale_and_others_have_their_own() -> None:
    rows = [
        ResourceNeed("a", "A", "pieces", 100, 100),
        ResourceNeed("b", "B", "pieces", 50, 50),
        ResourceNeed("c", "C", "doses", 7, 7),
    ]
    wide = sorted(box[2] for box in boxes_of(ET.fromstring(draw_member(rows)), "f-ground"))
    assert wide == pytest.approx([344, 688, 688], abs=0.02)


# ── a promise ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_stages_of_a_promise_have_one_scale_and_loss_follows_what_was_received() -> None:
    svg = ET.fromstring(draw_promise(Promise("doses", 100, 80, 60, 50, 45, 40, 20, 5)))
    said, pledged, committed = (box[2] for box in boxes_of(svg, "f-words"))
    assert (pledged / said, committed / said) == pytest.approx((0.8, 0.6), abs=1e-3)
    (received,), (lost,) = boxes_of(svg, "f-water"), boxes_of(svg, "f-clay")
    assert received[2] / said == pytest.approx(0.4, abs=1e-3)
    assert lost[0] == pytest.approx(received[0] + received[2], abs=0.02)
    assert lost[2] / said == pytest.approx(0.05, abs=1e-3)


def test_what_is_not_on_record_is_said_and_not_drawn_as_nothing() -> None:
    svg = ET.fromstring(draw_promise(Promise("doses", said=100, received=0)))
    assert words_of(svg).count("no record on file") == 6
    assert "0" in words_of(svg)


def test_a_month_that_was_not_given_stands_as_the_one_before() -> None:
    months = [PromiseMonth("2026-01", 10, 2), PromiseMonth("2026-04", 10, 8)]
    filled = [PromiseMonth(f"2026-0{k}", 10, 2) for k in (1, 2, 3)] + [PromiseMonth("2026-04", 10, 8)]
    assert draw_promise_over_time(months, unit="doses") == draw_promise_over_time(filled, unit="doses")


@given(st.floats(0.001, 1e15))
def test_ticks_reach_the_top_and_are_few(top: float) -> None:
    ticks = round_ticks(top)
    assert ticks[0] == 0
    assert ticks[-1] >= top * (1 - 1e-9)
    assert 2 <= len(ticks) <= 7


@given(st.integers(0, 9998), st.integers(1, 12), st.integers(0, 300))
def test_a_span_counts_its_months(year: int, month: int, more: int) -> None:
    first = f"{year:04d}-{month:02d}"
    last = divmod(year * 12 + month - 1 + more, 12)
    span = find_span([f"{last[0]}-{last[1] + 1:02d}", first], 0, 100)
    assert (span.first, span.number) == (month_number(first), more + 1)
    assert span.x(span.number) == pytest.approx(100)


# ── flows ────────────────────────────────────────────────────────────────────────────────────────────────────────────

flows = st.lists(
    st.builds(
        lambda donor, recipient, amount: Flow(
            f"D{donor}", f"Donor {donor}", f"R{recipient}", f"To {recipient}", amount
        ),
        st.integers(0, 9),
        st.integers(0, 19),
        st.integers(1, 10**9),
    ),
    max_size=80,
)


@settings(max_examples=60, deadline=None)
@given(flows)
def test_ribbons_keep_every_unit_and_fill_their_posts(given_flows: list[Flow]) -> None:
    layout = lay_out(given_flows)
    total = sum(flow.amount for flow in given_flows)
    assert sum(ribbon.amount for ribbon in layout.ribbons) == total
    assert sum(post.amount for post in layout.donors) == sum(post.amount for post in layout.recipients) == total
    assert len(layout.ribbons) <= MOST
    for posts, side in ((layout.donors, "leaves"), (layout.recipients, "arrives")):
        for post, following in itertools.pairwise(posts):
            assert post.y + post.high <= following.y
        for post in posts:
            mine = sorted(
                (getattr(ribbon, side), ribbon.high)
                for ribbon in layout.ribbons
                if post.y - 1e-6 <= getattr(ribbon, side)
                and getattr(ribbon, side) + ribbon.high <= post.y + post.high + 1e-6
            )
            assert math.fsum(high for _, high in mine) == pytest.approx(post.high)
    if total:
        scale = {round(ribbon.high / ribbon.amount * total, 6) for ribbon in layout.ribbons}
        assert len(scale) == 1


@settings(max_examples=25)
@given(flows, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(given_flows: list[Flow], chance: random.Random) -> None:
    turned = list(given_flows)
    chance.shuffle(turned)
    assert draw_flow(turned, unit="doses") == draw_flow(given_flows, unit="doses")


def test_donors_stand_in_alphabetical_order_and_others_last() -> None:
    names = [post.name for post in lay_out(some_flows(60)).donors]
    assert names[:-1] == sorted(names[:-1], key=str.casefold)
    assert names[-1].startswith("Other gifts")
    assert gather(some_flows(60))[-1].amount == sum(sorted(flow.amount for flow in some_flows(60))[: 60 - MOST + 1])


# ── a group ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_members_are_counted_on_their_first_and_last_day() -> None:
    terms = [Term("A", None, date(2000, 1, 1)), Term("B", date(2000, 1, 1), None), Term("C")]
    counts = [members_on(terms, day) for day in (date(1999, 12, 31), date(2000, 1, 1), date(2000, 1, 2))]
    assert counts == [2, 3, 2]


def test_a_term_is_as_long_as_its_days_and_an_unknown_day_is_said() -> None:
    terms = [
        Term("A", date(2000, 1, 1), date(2004, 12, 31), "Chair"),
        Term("B", date(2005, 1, 1), date(2014, 12, 31), "Chair"),
        Term("C", None, date(2001, 1, 1), "Deputy"),
    ]
    svg = ET.fromstring(draw_group(terms, today=date(2020, 12, 31)))
    first, second, _ = boxes_of(svg, "f-mid")
    assert second[2] / first[2] == pytest.approx(3651 / 1826, rel=2e-3)
    assert any("begin not known" in words for words in words_of(svg))


# ── a consignment ────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_line_is_drawn_as_good_damaged_missing_and_not_counted(
    good: int, damaged: int, missing: int, rest: int
) -> None:
    line = SplitLine("Vaccine", "doses", good + damaged + missing + rest, good, damaged, missing)
    svg = ET.fromstring(draw_split([line]))
    scale = 714 / max(line.sent, 1)
    assert line.uncounted == rest
    for cls, part in (("f-water", good), ("f-red", damaged), ("f-none", missing), ("f-unknown", rest)):
        assert sum(box[2] for box in boxes_of(svg, cls)) == pytest.approx(part * scale, abs=0.02)


def test_days_between_stages_are_counted_and_a_missing_date_is_said() -> None:
    stages = [
        Stage("Packed", date(2026, 3, 1), True),
        Stage("Sent", date(2026, 3, 11), True),
        Stage("Received", None, True),
    ]
    words = words_of(ET.fromstring(draw_stages(stages)))
    assert "10 days" in words
    assert "no date" in words


# ── rules side by side ───────────────────────────────────────────────────────────────────────────────────────────────


def test_those_for_whom_the_rule_matters_most_are_drawn_strongly_and_named() -> None:
    first = {f"R{k}": 0.3 for k in range(20)}
    second = first | {"R7": 0.9, "R8": 0.1}
    rules = [RuleOutcome("a", "A", first), RuleOutcome("b", "B", second)]
    svg = ET.fromstring(draw_rules(rules, {"R7": "Chad", "R8": "Mali"}))
    assert find_moved(rules)[:2] == ("R7", "R8")
    assert len([path for path in svg.iter("path") if path.get("class") == "slope"]) == 2
    assert {words.split()[0] for words in words_of(svg)} >= {"Chad", "Mali"}


# ── codes and words ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_draws_exactly_its_dark_modules() -> None:
    segno = pytest.importorskip("segno")
    text = "https://evenhand.example/c/CN-20260302-7"
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    svg = ET.fromstring(draw_qr(text))
    (path,) = [found for found in svg.iter("path") if found.get("class") == "f-ink"]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path.get("d") or "")
    dark = {(int(x) + k - QUIET, int(y) - QUIET) for x, y, wide in runs for k in range(int(wide))}
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    check_sound(draw_qr(NASTY))


FRENCH = {"1,234.5": "1\u202f234,5", "{number}%": "{number}\u00a0%", "{number} million": "{number} millions"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (lambda: amount(1234567.5), "1\u202f234\u202f567,5"),
        (lambda: short(23_700_000), "23,7 millions"),
        (lambda: percent(0.2373), "23,7\u00a0%"),
        (lambda: in_signs("1,234"), "1\u202f234"),
    ],
)
def test_numbers_take_the_signs_of_the_language(written: Callable[[], str], told: str) -> None:
    with speaking(lambda sentence: FRENCH.get(sentence, sentence)):
        assert written() == told


def test_parts_in_arabic_are_isolated_from_each_other() -> None:
    assert apart(["3 سليمة", "4 تالفة"], " + ") == "\u20683 سليمة\u2069 + \u20684 تالفة\u2069"
