"""The style sheet and its neighbours: nothing physical, no colour that cannot be read, nothing too heavy, nothing left over."""

from __future__ import annotations

import gzip
import hashlib
import re
from itertools import product
from pathlib import Path

import brotli
import pytest

WEB = Path(__file__).resolve().parents[3] / "src/evenhand/web"
ASSETS = WEB / "assets"
STYLE = (ASSETS / "portal.css").read_text(encoding="utf-8")
BARE = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)
TOKENS = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", STYLE))
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")

BEHIND = ("--paper", "--wash", "--tint")
"""What text stands on where its rule names no ground of its own."""

MADE_ELSEWHERE = {
    "primary": "says which button is the main one; looks as a button does by itself",
    "htmx-request": "htmx puts it on a form that waits",
}
"""Classes that stand in templates or in the style alone, and why."""

PHYSICAL = re.compile(
    r"(?<![\w-])(?:left|right|top|bottom|(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)"
    r"|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear):\s*(?:left|right)"
)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.x."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, WCAG 2.x."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def rules() -> list[tuple[str, dict[str, str]]]:
    """Return every rule as its selector and its properties."""
    return [
        (selector.strip(), dict(one.strip().split(":", 1) for one in body.split(";") if ":" in one))
        for selector, body in RULE.findall(BARE)
    ]


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast(TOKENS["--ink"], TOKENS["--paper"]) == pytest.approx(16.2, abs=0.05)


def test_a_page_mirrors_itself_because_no_property_is_physical() -> None:
    outside_media = re.sub(r"@media[^{]+", "", BARE)
    assert PHYSICAL.findall(outside_media) == []
    assert PHYSICAL.findall("a { margin-left: 1px } b { text-align: right }") != []


def test_every_colour_is_a_token() -> None:
    without_tokens = re.sub(r":root \{.*?\n\}", "", BARE, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", without_tokens) == []
    named = set(re.findall(r"var\((--[\w-]+)", without_tokens))
    assert {name for name in named if not re.search(rf"{name}:", BARE)} == set()


def test_no_token_is_left_over() -> None:
    assert {name for name in TOKENS if f"var({name})" not in BARE} == set()


def test_text_can_be_read_on_whatever_it_stands_on() -> None:
    poor = []
    for selector, properties in rules():
        colour = re.search(r"var\((--[\w-]+)\)", properties.get("color", ""))
        ground = re.search(r"var\((--[\w-]+)\)", properties.get("background", ""))
        if colour is None or (colour[1] == "--paper" and ground is None and "hover" in selector):
            continue
        grounds = (ground[1],) if ground else ("--water", "--ink") if colour[1] == "--paper" else BEHIND
        decoration = "::after" in selector  # the arrow that says a column can be sorted; its link says so too
        least = 3 if decoration else 4.5
        poor += [
            (selector, colour[1], one)
            for one in grounds
            if contrast(TOKENS[colour[1]], TOKENS[one]) < least
        ]  # fmt: skip
    assert poor == []


@pytest.mark.parametrize(
    ("edge", "ground"),
    [
        *product(["--edge", "--water", "--red", "--clay", "--leaf"], BEHIND),
        ("--void-edge", "--paper"),
        ("--w6", "--paper"),
        ("--ink", "--focus"),
    ],
)
def test_what_says_something_by_its_edge_has_three_to_one(edge: str, ground: str) -> None:
    assert contrast(TOKENS[edge], TOKENS[ground]) >= 3


def test_the_style_and_the_script_weigh_little() -> None:
    assert len(brotli.compress(STYLE.encode(), quality=11)) <= 12_000
    assert len(gzip.compress((ASSETS / "evenhand.js").read_bytes(), 9)) <= 3_000
    scripts = sum(
        len(brotli.compress((ASSETS / name).read_bytes(), quality=11)) for name in ("evenhand.js", "htmx.min.js")
    )
    assert scripts <= 20_000


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("mark.svg", 400),
        ("favicon.ico", 2_000),
        ("mark-180.png", 1_500),
        ("mark-192.png", 1_500),
        ("mark-512.png", 3_000),
        ("card.png", 20_000),
    ],
)
def test_pictures_of_the_mark_weigh_little(name: str, most: int) -> None:
    assert 0 < (ASSETS / name).stat().st_size <= most


def test_htmx_is_the_version_we_say_and_has_its_licence_beside_it() -> None:
    body = (ASSETS / "htmx.min.js").read_bytes()
    assert b'version:"2.0.11"' in body
    assert hashlib.sha256(body).hexdigest() == "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
    assert "Zero-Clause BSD" in (ASSETS / "htmx.LICENSE.txt").read_text(encoding="utf-8")


def templates() -> list[Path]:
    """Return every template of the pages."""
    return sorted(WEB.rglob("*.html"))


def classes_in(text: str) -> set[str]:
    """Return the classes that a template or a module writes."""
    found: set[str] = set()
    for value in re.findall(r'class="([^"]*)"', text):
        found |= set(re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{[\w.]*\}", " ", value).split())
    return found


def test_every_class_in_a_template_is_in_the_style() -> None:
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", BARE)) | set(MADE_ELSEWHERE)
    unknown = {
        f"{name} in {file.relative_to(WEB)}"
        for file in templates()
        for name in classes_in(file.read_text(encoding="utf-8")) - known
    }
    assert unknown == set()


def test_every_class_in_the_style_is_used_somewhere() -> None:
    sources = [*templates(), *WEB.rglob("*.py"), *WEB.parent.joinpath("figures").rglob("*.py"), ASSETS / "evenhand.js"]
    words = set(re.findall(r"[\w-]+", " ".join(file.read_text(encoding="utf-8") for file in sources)))
    numbered = re.compile(r"[sm]\d|f-\w+|t-\w+")  # pictures piece these together
    left_over = {
        name for name in re.findall(r"\.([a-zA-Z][\w-]*)", BARE) if name not in words and not numbered.fullmatch(name)
    }
    assert left_over - set(MADE_ELSEWHERE) == set()


def test_no_template_has_a_style_or_a_script_of_its_own() -> None:
    broken = re.compile(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*(?:\ssrc=|application/json))")
    bare = {file: re.sub(r"{%.*?%}", "", file.read_text(encoding="utf-8")) for file in templates()}
    assert [str(file.relative_to(WEB)) for file, text in bare.items() if broken.search(text)] == []
