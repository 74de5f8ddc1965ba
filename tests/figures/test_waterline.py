"""The waterline picture and its parts: areas add up, columns are equal, groups are right, mirrored is mirrored."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.figures.axis import Axis, make_axis
from evenhand.figures.basin import fill_vessel, place_bands
from evenhand.figures.columns import MOST, MOST_ABOVE, place_slots
from evenhand.figures.layers import find_layers, find_order, find_sources
from evenhand.figures.standing import find_standing, sample, share_out
from evenhand.figures.story import GiftStory, LotStory, PlanStory, RecipientStory
from evenhand.figures.to_scale import find_slices, find_totals
from evenhand.figures.waterline import draw_waterline


def area(outline):
    """Area of a polygon (shoelace formula)."""
    points = list(outline)
    turned = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in turned)) / 2


amounts = st.integers(1, 10**9)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.lists(amounts, min_size=1, max_size=9))
def test_layers_times_target_are_what_was_received(target, held, gifts):
    received = sum(gifts)
    row = RecipientStory(
        "A", "Chad", target, held, received, held / target, (held + received) / target, held / target,
        (held + received) / target, gifts=tuple(GiftStory(f"L{k}", 1, units, units) for k, units in enumerate(gifts)),
    )  # fmt: skip
    layers = find_layers(row, {})
    assert sum((layer.top - layer.bottom) * target for layer in layers) == pytest.approx(received, rel=1e-6)
    assert layers[0].bottom == row.level_before
    assert layers[-1].top == pytest.approx(row.level)
    for layer in layers:
        assert (layer.top - layer.bottom) * target == pytest.approx(layer.units, rel=1e-4, abs=held * 1e-9)


@pytest.mark.parametrize("number", [1, 2, 30, 400])
def test_the_basin_has_the_area_of_the_water_and_each_source_its_own(stories, number):
    story = stories.of(number, 9)
    axis = make_axis(story, find_standing(story), base=560, ceiling=74)
    sources, order = find_sources(story), find_order(story)
    layers = [layer for row in story.recipients for layer in find_layers(row, order)]
    vessel = fill_vessel(layers, axis, sources, 0.3)
    assert math.fsum(vessel.widths) == pytest.approx(story.given, rel=1e-6)
    # A step of the basin is `height` high and holds its width in units: area / height is in units times the scale.
    height = (axis.base - axis.ceiling) / len(vessel.widths)
    scale = 1000 / vessel.widest
    bands = place_bands(vessel, axis, end=2000, scale=scale)
    total = story.given * scale * height
    assert sum(area(band.outline) for band in bands) == pytest.approx(total, rel=0.02)
    for band in bands:
        assert area(band.outline) == pytest.approx(band.units * scale * height, rel=0.03, abs=total * 0.004)


def test_columns_are_equally_wide_and_never_overlap(stories):
    for story in (stories.of(30), stories.of(3), stories.of(900, 30), stories.two_lines(), stories.bounded()):
        slots = place_slots(story, find_standing(story), start=300, room=950)
        columns = [column for slot in slots if slot.group.kind != "above" for column in slot.columns]
        assert len({column.wide for column in columns}) == 1
        everyone = [column for slot in slots for column in slot.columns]
        for before, after in itertools.pairwise(everyone):
            assert before.x + before.wide <= after.x + 1e-9
        assert len(everyone) <= MOST
        assert all(len(slot.columns) <= MOST_ABOVE for slot in slots if slot.group.kind == "above")


def test_every_recipient_stands_in_one_group(stories):
    for story in (stories.of(30), stories.of(500, 20), stories.two_lines(), stories.left_over(), stories.bounded()):
        standing = find_standing(story)
        keys = [row.recipient for group in standing.groups for row in group.rows]
        assert sorted(keys) == sorted(row.recipient for row in story.recipients)


def test_groups_follow_what_stopped_a_recipient():
    lot = LotStory("L", packs=9, given=9, left=0, service_units=9, waterline=0.4)
    high = LotStory("H", packs=2, given=2, left=0, service_units=2, waterline=0.7)
    left = LotStory("X", packs=2, given=1, left=1, service_units=1, waterline=math.inf)

    def row(key, before, level, line, why):
        return RecipientStory(key, key, 10, before * 10, (level - before) * 10, before, level, before, level, line, why)

    rows = (
        row("short of room", 0.0, 0.1, 0.4, "capacity"),
        row("no lot", 0.2, 0.2, None, "no lot: earmark"),
        row("on it", 0.1, 0.4, 0.4, "waterline"),
        row("a pack above", 0.1, 0.45, 0.4, "waterline"),
        row("kept from the higher line", 0.1, 0.41, 0.4, "handles: ultra-cold"),
        row("on the higher", 0.1, 0.7, 0.7, "waterline"),
        row("full", 0.0, 1.0, math.inf, "target met"),
        row("dry", 0.8, 0.8, 0.4, "above the waterline"),
        row("dry without a lot", 0.9, 0.9, None, "no lot: earmark"),
    )
    standing = find_standing(PlanStory("t", "equal-coverage", "proved best", recipients=rows, lots=(lot, high, left)))
    groups = [
        (group.kind, group.line.level if group.line else None, [row.name for row in group.rows])
        for group in standing.groups
    ]
    assert groups == [
        ("lower", None, ["short of room", "no lot"]),
        ("line", 0.4, ["on it", "kept from the higher line", "a pack above"]),
        ("line", 0.7, ["on the higher"]),
        ("filled", None, ["full"]),
        ("above", None, ["dry"]),
        ("none", None, ["dry without a lot"]),
    ]


def test_lots_a_hair_apart_share_one_line_and_others_do_not(stories):
    story = stories.of(20, 4)
    lots = tuple(replace(lot, waterline=0.5 + k * 0.001) for k, lot in enumerate(story.lots))
    assert len(find_standing(replace(story, lots=lots)).lines) == 1
    lots = tuple(replace(lot, waterline=0.5 + k * 0.1) for k, lot in enumerate(story.lots))
    assert len(find_standing(replace(story, lots=lots)).lines) == 4


def test_the_mirrored_picture_has_the_same_marks_turned_around(stories):
    story = stories.of(20)
    ltr, rtl = (ET.fromstring(draw_waterline(story, direction=way).picture) for way in ("ltr", "rtl"))
    width = float(ltr.get("viewBox").split()[2])
    a = [(text.get("x"), "".join(text.itertext())) for text in ltr.iter("text") if text.get("x")]
    b = [(text.get("x"), "".join(text.itertext()).strip("\u2068\u2069")) for text in rtl.iter("text") if text.get("x")]
    assert [words for _, words in a] == [words for _, words in b]
    assert [round(width - float(x), 1) for x, _ in a] == [round(float(x), 1) for x, _ in b]
    assert rtl.get("direction") == "rtl"
    seps = [next(path.get("d") for path in svg.iter("path") if path.get("class") == "sep") for svg in (ltr, rtl)]
    xs = [sorted(float(x) for x in re.findall(r"M(-?[\d.]+) ", d)) for d in seps]
    assert [round(width - x, 1) for x in reversed(xs[0])] == [round(x, 1) for x in xs[1]]


def test_all_marks_stay_inside_the_picture(stories):
    for story in (stories.of(1), stories.of(90, 25), stories.two_lines(), stories.left_over(), stories.bounded()):
        svg = ET.fromstring(draw_waterline(story).picture)
        width, height = (float(number) for number in svg.get("viewBox").split()[2:])
        for path in svg.iter("path"):
            for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d")):
                assert -1 <= float(x) <= width + 1
                assert -1 <= float(y) <= height + 1


def test_a_lid_carries_its_level_and_the_room_above_is_hatched(stories):
    story = stories.of(20)
    lower = find_standing(story).of("lower")
    assert lower
    svg = ET.fromstring(draw_waterline(story).picture)
    hatched = [path for path in svg.iter("path") if path.get("class") == "hatched"]
    assert hatched[0].get("d").count("M") == len(lower)
    assert hatched[0].get("fill") == "url(#wl-h)"
    told = {text.text for text in svg.iter("text") if text.get("class") == "t-clay"}
    assert told <= {f"{row.level * 100:.1f}" for row in lower}
    assert told


def test_one_path_per_tone(stories):
    svg = ET.fromstring(draw_waterline(stories.of(30, 3)).picture)
    columns = [path.get("class") for path in svg.iter("path") if re.fullmatch(r"s\d", path.get("class") or "")]
    assert len(columns) == len(set(columns)) == 3


def test_two_lines_have_two_basins_a_dam_and_two_labels(stories):
    svg = ET.fromstring(draw_waterline(stories.two_lines()).picture)
    labels = [text.text for text in svg.iter("text") if (text.text or "").startswith("Waterline ")]
    assert len(labels) == 2
    assert len([path for path in svg.iter("path") if path.get("class") == "dam"]) == 1


def test_tiers_have_a_shelf_each(stories):
    story = stories.of(20, rule="tiers", share=0.3, tiers=("health workers", "the old", "all others"))
    svg = ET.fromstring(draw_waterline(story).picture)
    assert "tier 1" in {text.text for text in svg.iter("text")}


def test_a_bounded_picture_shows_a_band_up_to_the_bound(stories):
    drawn = draw_waterline(stories.bounded())
    svg = ET.fromstring(drawn.picture)
    assert len([path for path in svg.iter("path") if path.get("class") == "limit"]) == 1
    assert any(re.match(r"Reached .*, bound ", text.text or "") for text in svg.iter("text"))
    assert not any("proof" in mark.sentence or "proved" in mark.sentence for mark in drawn.marks)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6), st.integers(6, 200))
def test_shares_of_room_are_never_more_than_there_is(sizes, room):
    got = share_out(sizes, room)
    assert all(0 <= part <= size for part, size in zip(got, sizes, strict=True))
    assert sum(got) <= max(room, 3 * len(sizes))


@given(st.integers(0, 300), st.integers(0, 80))
def test_a_sample_keeps_order_and_ends(number, most):
    rows = list(range(number))
    got = sample(rows, most)
    assert len(got) == min(number, most)
    assert list(got) == sorted(set(got))
    if len(got) >= 2:
        assert (got[0], got[-1]) == (0, number - 1)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 900))
def test_slices_of_the_scale_picture_hold_everything(stories, number):
    rows = stories.of(number).recipients
    slices = find_slices(rows, 1200)
    sums = find_totals(rows)
    assert math.fsum(piece.target for piece in slices) == pytest.approx(sums.target)
    assert math.fsum(piece.given for piece in slices) == pytest.approx(sums.given, abs=1e-6)
    assert sums.held + sums.given + sums.missing == pytest.approx(sums.target)
    assert len(slices) <= max(400, 601)


def test_the_axis_reaches_above_the_line_and_never_falls(stories):
    story = stories.of(30)
    axis = make_axis(story, find_standing(story), base=560, ceiling=74)
    heights = [axis.y(k / 100 * axis.top) for k in range(101)]
    assert heights == sorted(heights, reverse=True)
    assert axis.top > max(lot.waterline or 0 for lot in story.lots)
    assert Axis(1.0, 560, 74, ()).y(5) == 74
