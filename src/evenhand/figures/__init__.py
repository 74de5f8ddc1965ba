"""Pictures and the one-page report of a plan, made from plain numbers.

`story` says what a report needs to know, as plain Python types. `markup` and `svg` write HTML and SVG with everything
from outside escaped. `standing`, `layers` and `columns` decide who is drawn where; `waterline`, `to_scale`, `shares` and `one`
draw; `report` puts the page together, its chapters standing in `chapters_*`; `terminal` writes bars as plain text. The
folder knows no solver, no file format and no terminal: plan.py makes the story, the commands write the page.

Examples
--------
>>> from evenhand.figures.story import PlanStory
>>> from evenhand.figures.report import write_page
>>> page = write_page(PlanStory(title="An empty round", rule="equal-coverage", claim="proved best"))
>>> page.startswith("<!DOCTYPE html>")
True
"""
