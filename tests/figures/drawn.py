"""Read a drawn picture back: where its marks stand, what its boxes measure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

STEP = re.compile(r"([MLHVCZmlhvcz])([^MLHVCZmlhvcz]*)")
DRAWN = frozenset(("svg", "g", "a", "path", "circle", "text", "tspan", "title", "desc", "defs", "pattern"))
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


def points_of(d: str) -> list[tuple[float, float]]:
    """Return every point a path names, in the picture's units."""
    x = y = 0.0
    found = []
    for letter, rest in STEP.findall(d):
        numbers = [float(number) for number in NUMBER.findall(rest)]
        if letter in "MLC":
            for k in range(0, len(numbers), 2):
                x, y = numbers[k], numbers[k + 1]
                found.append((x, y))
        elif letter == "l":
            for k in range(0, len(numbers), 2):
                x, y = x + numbers[k], y + numbers[k + 1]
                found.append((x, y))
        else:
            for number in numbers:
                x = number if letter == "H" else x + number if letter == "h" else x
                y = number if letter == "V" else y + number if letter == "v" else y
                found.append((x, y))
    return found


def boxes_of(svg: ET.Element, cls: str) -> list[tuple[float, float, float, float]]:
    """Return (left, top, breadth, height) of all paths of one class."""
    boxes = []
    for path in svg.iter("path"):
        if path.get("class") == cls:
            points = points_of(path.get("d") or "")
            xs, ys = [x for x, _ in points], [y for _, y in points]
            boxes.append((min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
    return boxes


def words_of(svg: ET.Element) -> list[str]:
    """Return all written texts, whole, without isolates."""
    return ["".join(text.itertext()).strip("\u2068\u2069") for text in svg.iter("text")]


def check_sound(markup: str, *, margin: float = 1.0) -> ET.Element:
    """Check what must hold for every picture, and return it read: well-formed, told, unstyled, inside its own box."""
    svg = ET.fromstring(markup)
    assert svg.find("title") is not None
    for found in svg.iter():
        assert found.tag in DRAWN
        assert not [name for name in found.attrib if name == "style" or name.startswith("on")]
        assert not [value for value in found.attrib.values() if value.startswith("#") or "nan" in value.split()]
    x, y, width, height = (float(number) for number in (svg.get("viewBox") or "").split())
    assert (x, y) == (0, 0)
    for path in svg.iter("path"):
        for px, py in points_of(path.get("d") or ""):
            assert -margin <= px <= width + margin, path.attrib
            assert -margin <= py <= height + margin, path.attrib
    for mark in (*svg.iter("text"), *svg.iter("circle")):
        place = mark.get("x") or mark.get("cx")
        if place is not None:
            assert -margin <= float(place) <= width + margin
            assert -margin <= float(mark.get("y") or mark.get("cy") or 0) <= height + margin
    own = {found.get("id") for found in svg.iter() if found.get("id")}
    assert len(own) == len([1 for found in svg.iter() if found.get("id")])
    return svg
