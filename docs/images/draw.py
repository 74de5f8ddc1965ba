"""Draw the pictures of the README and the documentation from the shipped example: `make pictures`.

A page of a report carries its style once; a picture that stands alone must carry its own, so the rules of the report's
style that the picture uses go with it.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import evenhand
from evenhand.figures.from_plan import tell_plan
from evenhand.figures.waterline import draw_waterline

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "examples" / "united_against_covid"


def stand_alone(svg: str) -> str:
    """Return a picture with the style it uses and a white ground, readable outside the report."""
    css = files("evenhand.figures").joinpath("report.css").read_text(encoding="utf-8")
    css = re.sub(r"@[a-z-]+[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)  # what depends on the medium stays behind
    words = {word for found in re.findall(r'class="([^"]*)"', svg) for word in found.split()}
    rules = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        wanted = [
            one.strip()
            for one in selector.split(",")
            if (classes := re.findall(r"\.([\w-]+)", one)) and words.issuperset(classes) and "[" not in one
        ]
        if selector.strip() == ":root" or wanted:
            rules.append(f"{', '.join(wanted) or 'svg'} {{{body.strip()}}}")
    width, height = re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0]
    style = "\n".join(["svg { font-family: var(--sans); }", *rules])
    ground = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    opened = svg.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" ', 1)
    return opened.replace("<defs>", f"<style>\n{style}\n</style>{ground}<defs>", 1) + "\n"


def draw_example() -> str:
    """Return the waterline picture of the shipped example."""
    tables = (EXAMPLE / name for name in ("needs.csv", "lots.csv", "groups.csv"))
    return stand_alone(str(draw_waterline(tell_plan(evenhand.allocate(*tables, date="2021-06-01"))).picture))


if __name__ == "__main__":
    (HERE / "waterline.svg").write_text(draw_example(), encoding="utf-8", newline="\n")
