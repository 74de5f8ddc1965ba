"""Pictures for pages, papers and the report of a plan, made from plain numbers.

Of a plan: `story` says what is to be known, as plain Python types; `standing`, `layers`, `columns` and `axis` decide who is
drawn where; `waterline` (with `basin`, `surfaces`, `marks`), `to_scale`, `shares`, `one` and `bars` draw. Of everything else:
`member` (what it needs, has and misses), `promised` (a promise through its stages and over time), `flow` (who gave to whom),
`offices` (a group over time), `journey` (a consignment), `lapsing` (needs month by month), `rules_beside` (one round under
several rules), `qr`, and `world` (maps, GeoJSON). Each is a function from plain dataclasses to SVG: same input, same bytes;
drawn mirrored where the page runs from right to left; every sentence through `evenhand.wording.say`; colours are classes, whose
rules stand in the pages' own sheet (web/assets/portal.css). `markup` and `svg` escape everything from outside. `report` puts the
report together from its chapters: `opening`, `giving`, `plan_table`, `proof`; `terminal` writes bars as plain text. The
folder knows no solver, no file format and no page: plan.py makes the story, pages and commands show what is drawn.

Examples
--------
>>> from evenhand.figures.story import PlanStory
>>> from evenhand.figures.report import write_page
>>> page = write_page(PlanStory(title="An empty round", rule="equal-coverage", claim="proved best"))
>>> page.startswith("<!DOCTYPE html>")
True
"""
