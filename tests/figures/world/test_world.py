"""The table of the world, the maps drawn from it, and the making of it from a boundary file."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import math
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

import pytest
from drawn import check_sound, points_of
from hypothesis import given
from hypothesis import strategies as st

from evenhand.errors import FileUnreadable
from evenhand.figures.world.__main__ import main
from evenhand.figures.world.features import geojson
from evenhand.figures.world.making import area, bend_less, encloses, find_arcs, make_table
from evenhand.figures.world.maps import class_of, disclaimer, draw_map, key_to_map
from evenhand.figures.world.outlines import outer_rings, read_world, rings_of
from evenhand.figures.world.places import PlacePoint, draw_places
from evenhand.figures.world.projection import project

COUNTRIES = list(
    csv.DictReader(files("evenhand.records").joinpath("seeds/countries.csv").read_text(encoding="utf-8").splitlines())
)
KEYS = [row["key"] for row in COUNTRIES]
NAMES = {row["key"]: row["name"] for row in COUNTRIES}
SHARES = {key: (k * 37 % 120) / 100 if k % 17 else None for k, key in enumerate(KEYS)}
UN_LIKE = {key: SHARES[key] for key in sorted(KEYS)[:195]}
RADIUS_KM = 6371.0


def ground(key: str) -> float:
    """Return the area of a state in the table in square kilometres, as Equal Earth keeps areas."""
    world = read_world()
    total = 0.0
    for ring in rings_of(world, key):
        points = [project(*point) for point in world.walk(ring)]
        total += sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(points)) / 2
    return abs(total) * RADIUS_KM**2


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_code_of_iso_3166_has_a_point_and_every_outline_a_code() -> None:
    world = read_world()
    assert sorted(world.points) == sorted(KEYS)
    assert set(world.polygons) <= set(KEYS)
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in world.points.values())


def test_every_ring_is_closed_and_no_arc_has_more_than_two_sides() -> None:
    world = read_world()
    used: dict[int, int] = {}
    for polygons in world.polygons.values():
        for polygon in polygons:
            for ring in polygon:
                walked = world.walk(ring)
                assert walked[0] == walked[-1]
                assert len(walked) >= 4
                for arc in ring:
                    used[arc if arc >= 0 else ~arc] = used.get(arc if arc >= 0 else ~arc, 0) + 1
    assert set(used) == set(range(len(world.arcs)))
    assert max(used.values()) <= 2


@pytest.mark.parametrize(
    ("key", "thousand_km2"),
    [
        ("BRA", 8516),
        ("COD", 2345),
        ("DZA", 2382),
        ("AUS", 7692),
        ("TCD", 1284),
        ("FRA", 640),
        ("ZAF", 1221),
        ("ESH", 266),
    ],
)
def test_areas_on_the_map_are_those_on_the_ground(key: str, thousand_km2: float) -> None:
    assert ground(key) / 1000 == pytest.approx(thousand_km2, rel=0.06)


def test_the_map_follows_the_united_nations_where_its_source_does_not() -> None:
    world = read_world()

    def holder(lon: float, lat: float) -> set[str]:
        point = (round(lon * 10), round(lat * 10))
        return {
            key
            for key in world.polygons
            for ring in rings_of(world, key)
            if encloses([(round(x * 10), round(y * 10)) for x, y in world.walk(ring)], point)
        }

    assert holder(34.3, 45.3) == {"UKR"}  # Crimea: General Assembly resolution 68/262
    assert holder(-14.0, 25.0) == holder(-12.0, 27.0) == {"ESH"}  # both sides of the berm
    assert holder(-8.0, 31.0) == {"MAR"}
    assert holder(33.6, 35.3) == {"CYP"}
    assert holder(45.0, 9.6) == {"SOM"}
    assert holder(19.5, 17.4) == {"TCD"}
    assert holder(-172.0, 66.0) | holder(188.0, 66.0) == {"RUS"}


@given(st.floats(-169, 191), st.floats(-85, 85))
def test_the_projection_keeps_areas(lon: float, lat: float) -> None:
    """The Jacobian of an equal-area map is cos(latitude) everywhere."""
    step = 1e-4
    east, west = project(lon + step, lat), project(lon - step, lat)
    north, south = project(lon, lat + step), project(lon, lat - step)
    width = math.radians(2 * step)
    jacobian = ((east[0] - west[0]) * (north[1] - south[1]) - (east[1] - west[1]) * (north[0] - south[0])) / width**2
    assert jacobian == pytest.approx(math.cos(math.radians(lat)), rel=1e-4)


def test_borders_between_states_taken_together_are_left_out() -> None:
    world = read_world()
    both = {arc if arc >= 0 else ~arc for ring in outer_rings(world, ("TCD", "NER")) for arc in ring}
    one, other = (
        {arc if arc >= 0 else ~arc for ring in rings_of(world, key) for arc in ring} for key in ("TCD", "NER")
    )
    assert one & other
    assert both == one ^ other


# ── the world map ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_map_of_195_members_is_small_and_sound() -> None:
    markup = draw_map(UN_LIKE, NAMES, links={key: f"/en/parties/{key}" for key in UN_LIKE})
    size = len(gzip.compress(markup.encode(), 9))
    print(f"map of 195 members with links: {size:,} bytes gzipped")
    assert size < 12_500
    check_sound(markup, margin=30)
    assert draw_map(UN_LIKE, NAMES, links={key: f"/en/parties/{key}" for key in UN_LIKE}) == markup


def test_every_member_is_drawn_once_in_the_class_of_its_share() -> None:
    svg = ET.fromstring(draw_map(UN_LIKE, NAMES))
    drawn: dict[str, str] = {}
    for group in svg.iter("g"):
        if re.fullmatch(r"m\d", group.get("class") or ""):
            for mark in group:
                title = mark.findtext("title") or ""
                name = title.removesuffix(" no data") if title.endswith("no data") else title.rpartition(" ")[0]
                assert name not in drawn
                drawn[name] = group.get("class") or ""
    expected = {NAMES[key]: class_of(share) for key, share in UN_LIKE.items() if key not in ("ESH", "ATA")}
    assert drawn == expected


def test_western_sahara_is_left_uncoloured() -> None:
    markup = draw_map({"ESH": 0.5, "MAR": 0.5}, NAMES)
    assert NAMES["MAR"] in markup
    assert f"<title>{NAMES['ESH']}" not in markup
    assert "Western Sahara" in disclaimer()
    assert geojson({"ESH": 0.5}, NAMES)["features"][0]["geometry"]["type"] == "Point"


def test_links_are_hidden_and_out_of_reach_of_the_tab_key() -> None:
    svg = ET.fromstring(
        draw_map({"TCD": 0.1, "TUV": 0.4}, NAMES, links={"TCD": "/en/parties/TCD", "TUV": "/en/parties/TUV"})
    )
    assert svg.get("role") is None  # an image may hold no links
    hidden = [group for group in svg if group.get("aria-hidden") == "true"]
    links = [link for group in hidden for link in group.iter("a")]
    assert len(links) == len(list(svg.iter("a"))) == 2
    assert {link.get("tabindex") for link in links} == {"-1"}
    assert [found.get("role") for found in svg if found.get("role")] == ["img"]


def test_a_map_without_members_codes_or_shares_is_still_a_map() -> None:
    for shares in ({}, {"XXX": 0.5}, {"TCD": None}, {"TCD": math.nan}):
        svg = check_sound(draw_map(shares, NAMES), margin=30)
        assert [path for path in svg.iter("path") if path.get("class") == "land"]


def test_names_on_the_map_are_text_and_never_markup() -> None:
    markup = draw_map({"TCD": 0.2}, {"TCD": '<script>"&'}, links={"TCD": '/en/"><script>'})
    assert "<script" not in markup
    ET.fromstring(markup)


def test_a_region_fills_the_frame_and_its_islands_stand_apart() -> None:
    islands = ["ATG", "BRB", "DMA", "GRD", "KNA", "LCA", "VCT"]
    svg = ET.fromstring(draw_map(dict.fromkeys(islands, 0.4), NAMES, within=islands))
    height = float((svg.get("viewBox") or "").split()[3])
    spots = [(float(dot.get("cx") or 0), float(dot.get("cy") or 0)) for dot in svg.iter("circle")]
    assert len(spots) == len(islands)
    assert max(y for _, y in spots) - min(y for _, y in spots) > height / 2
    assert min(math.dist(a, b) for k, a in enumerate(spots) for b in spots[:k]) > 7


def test_the_key_names_every_class_that_can_be_drawn() -> None:
    assert [cls for cls, _ in key_to_map()] == ["m1", "m2", "m3", "m4", "m5", "m6", "m0", "land"]


# ── places inside a state ────────────────────────────────────────────────────────────────────────────────────────────


def test_places_keep_their_bearings_and_those_without_coordinates_are_counted() -> None:
    markup = draw_places(
        [
            PlacePoint("n", "North", 15, 20, 0.1),
            PlacePoint("s", "South", 15, 10, 0.2),
            PlacePoint("e", "East", 20, 10, 0.3),
            PlacePoint("x", "Lost", None, None),
        ]
    )
    spots = {
        (dot.findtext("title") or "").split()[0]: (float(dot.get("cx") or 0), float(dot.get("cy") or 0))
        for dot in ET.fromstring(markup).iter("circle")
    }
    assert spots["North"][1] < spots["South"][1]
    assert spots["North"][0] == spots["South"][0] < spots["East"][0]
    wide = (spots["East"][0] - spots["South"][0]) / (spots["South"][1] - spots["North"][1])
    assert wide == pytest.approx(0.5 * math.cos(math.radians(15)), rel=1e-2)
    assert "1 place has no coordinates" in markup


# ── GeoJSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_geojson_keeps_to_rfc_7946() -> None:
    told = json.loads(json.dumps(geojson(SHARES, NAMES)))
    assert [feature["id"] for feature in told["features"]] == sorted(KEYS)
    assert told["note"] == disclaimer()
    for feature in told["features"]:
        geometry = feature["geometry"]
        assert set(feature["properties"]) == {"key", "name", "share"}
        if geometry["type"] == "Point":
            continue
        parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        for polygon in parts:
            for place, ring in enumerate(polygon):
                assert ring[0] == ring[-1]
                assert all(-180 <= lon <= 180 for lon, _ in ring)
                assert (area([(round(x * 10), round(y * 10)) for x, y in ring]) > 0) == (place == 0)


# ── making the table ─────────────────────────────────────────────────────────────────────────────────────────────────


def boundary_file(folder: Path, **squares: list[list[float]]) -> Path:
    features = [
        {"type": "Feature", "properties": {"iso3": key}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for key, ring in squares.items()
    ]
    path = folder / "borders.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


WEST = [[0.0, 0.0], [5.0, 0.0], [5.0, 5.0], [0.0, 5.0], [0.0, 0.0]]
EAST = [[5.0, 0.0], [9.0, 0.0], [9.0, 5.0], [5.0, 5.0], [5.0, 0.0]]


def test_a_border_file_of_ones_own_becomes_a_table_with_borders_kept_once(tmp_path: Path) -> None:
    path = boundary_file(tmp_path, TCD=WEST, NER=EAST)
    assert main([str(path), str(tmp_path / "out.json"), "our own survey"]) == 0
    table = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert table["source"] == "our own survey"
    west, east = ({abs(a) if a >= 0 else ~a for a in table["outlines"][key][0][0]} for key in ("TCD", "NER"))
    assert len(west & east) == 1
    assert len(table["arcs"]) == 3
    packed = path.with_suffix(".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert make_table(packed, source="our own survey") == (tmp_path / "out.json").read_text(encoding="utf-8")


def test_the_south_of_morocco_is_drawn_as_western_sahara(tmp_path: Path) -> None:
    whole = [[-17.0, 21.0], [-8.7, 21.0], [-8.7, 32.0], [-17.0, 32.0], [-17.0, 21.0]]
    table = json.loads(make_table(boundary_file(tmp_path, MAR=whole)))
    assert set(table["outlines"]) == {"MAR", "ESH"}


@pytest.mark.parametrize("text", ["", "[]", '{"features": [{"properties": {}}]}', '{"features": []}'])
def test_a_file_without_borders_is_refused(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "borders.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileUnreadable):
        make_table(path)
    assert main([str(path), str(tmp_path / "out.json")]) == 2
    assert "borders.geojson" in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()


def test_the_command_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "GeoJSON" in capsys.readouterr().err


points = st.tuples(st.integers(-1690, 1910), st.integers(-600, 800))


@given(st.lists(points, min_size=2, max_size=30), st.floats(0, 500))
def test_leaving_out_bends_keeps_ends_and_order(arc: list[tuple[int, int]], least: float) -> None:
    kept = bend_less(arc, least)
    assert (kept[0], kept[-1]) == (arc[0], arc[-1])
    rest = iter(arc)
    assert all(point in rest for point in kept)


@given(st.integers(2, 6), st.integers(2, 6))
def test_a_grid_of_states_is_cut_into_its_borders(columns: int, rows: int) -> None:
    """A grid of c × r squares has (c + 1) r + (r + 1) c edges; each corner square's outer two are one arc."""
    rings = {}
    for column in range(columns):
        for row in range(rows):
            x, y = column * 10, row * 10
            rings[f"S{column}{row}"] = [[[(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10), (x, y)]]]
    arcs, outlines = find_arcs(rings)
    edges = (columns + 1) * rows + (rows + 1) * columns
    assert len(arcs) == edges - 4
    used = [arc if arc >= 0 else ~arc for polygons in outlines.values() for ring in polygons[0] for arc in ring]
    inner = (columns - 1) * rows + (rows - 1) * columns
    assert sum(used.count(arc) == 2 for arc in set(used)) == inner


def test_the_table_is_in_tenths_of_a_degree_and_small() -> None:
    raw = files("evenhand.figures.world").joinpath("outlines.json").read_bytes()
    assert len(raw) < 60_000
    assert all(
        round(part * 10) == pytest.approx(part * 10) for arc in read_world().arcs for point in arc for part in point
    )
    assert points_of("M1 2l3 4") == [(1, 2), (4, 6)]
