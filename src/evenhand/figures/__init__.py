"""Pictures and the one-page report of a plan, made from plain numbers.

`story` says what a report needs to know, as plain Python types. `markup` and `svg` write HTML and SVG with everything
from outside escaped. `standing`, `layers`, `columns` and `axis` decide who is drawn where; `waterline` (with `basin`,
`surfaces`, `marks`), `to_scale`, `shares`, `one` and `bars` draw. `report` puts the page together from its chapters:
`opening`, `giving`, `plan_table`, `proof`. `terminal` writes bars as plain text. The folder knows no solver, no file format
and no terminal: plan.py makes the story, the commands write the page.

Examples
--------
>>> from evenhand.figures.story import PlanStory
>>> from evenhand.figures.report import write_page
>>> page = write_page(PlanStory(title="An empty round", rule="equal-coverage", claim="proved best"))
>>> page.startswith("<!DOCTYPE html>")
True
"""
