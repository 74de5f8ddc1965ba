"""The adapter: what a plan says is what its page says."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest

from evenhand.figures.from_plan import choose_explained, tell_plan, write_report
from evenhand.plan import allocate, check

NEEDS = [
    {"recipient": "TCD", "name": "Chad", "target": 1000, "held": 100, "handles": "ultra-cold"},
    {"recipient": "MLI", "name": "Mali", "target": 2000, "held": 0, "capacity": 100},
    {"recipient": "NER", "name": "Niger", "target": 1500, "held": 0},
    {"recipient": "KEN", "name": "Kenya", "target": 1000, "held": 900},
]
LOTS = [
    {"lot": "A", "donor": "Alpha", "packs": 60, "pack_size": 20, "per_person": 2, "requires": "ultra-cold"},
    {"lot": "B", "donor": "Beta", "packs": 30, "pack_size": 20, "per_person": 2, "not_for": "KEN"},
]


@pytest.fixture(scope="module")
def plan():
    return allocate(NEEDS, LOTS, date="2026-11-21")


def test_the_story_holds_every_recipient_lot_and_line(plan):
    story = tell_plan(plan, check(plan))
    assert [row.recipient for row in story.recipients] == plan.recipients["recipient"].to_list()
    assert sum(float(gift.packs) for row in story.recipients for gift in row.gifts) == plan.lines["packs"].sum()
    for row in story.recipients:
        assert math.fsum(float(gift.service_units) for gift in row.gifts) == pytest.approx(row.received)
        assert row.level_before <= row.level
    assert {lot.lot: lot.given for lot in story.lots} == dict(plan.lots.select("lot", "given").iter_rows())
    assert story.lot_by_key["A"].requires == "ultra-cold"
    assert story.lot_by_key["B"].may_go_to == "everybody but not KEN"
    assert story.claim == "proved best"
    assert story.unit == "people"
    assert len(story.checks) == 5
    assert all(one.holds for one in story.checks)


def test_the_page_of_a_real_plan_is_sound_and_names_its_hashes(plan, tmp_path):
    write_report(plan, tmp_path / "report.html", explain=["TCD"])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    root = ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))
    said = " ".join(root.itertext())
    assert "Chad" in said
    assert "What it needed." in said
    assert "inputs/needs.csv" in said
    write_report(plan, tmp_path / "again.html", explain=["TCD"])
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "report.html").read_bytes()


def test_a_bounded_plan_tells_its_bound():
    lots = [{**lot, "min_packs": 4} for lot in LOTS]
    plan = allocate(NEEDS, lots, date="2026-11-21", seconds=0)
    story = tell_plan(plan, check(plan))
    assert story.claim == "bounded"
    assert story.bound is not None
    assert story.bound.plan_lowest <= story.bound.lowest_level
    assert story.bound.levels


def test_divisible_goods_keep_their_exact_fractions():
    needs = [{"recipient": key, "target": 7} for key in ("A", "B", "C")]
    story = tell_plan(allocate(needs, [{"lot": "M", "packs": 10}], divisible=True, date="2026-11-21"))
    assert [str(gift.packs) for row in story.recipients for gift in row.gifts] == ["10/3", "10/3", "10/3"]


def test_one_held_lower_one_on_the_line_and_the_greatest_receiver_are_explained(plan):
    chosen = choose_explained(tell_plan(plan))
    assert chosen
    assert len(set(chosen)) == len(chosen) <= 3
