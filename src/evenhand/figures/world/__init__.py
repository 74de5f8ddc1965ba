"""The world as a table, and the maps drawn from it.

`outlines.json` is our own simplification of Natural Earth's 1:110m map (public domain) in whole tenths of a degree:
borders are kept once, as arcs that neighbours share. `points.csv` has one point a state for the 249 of ISO 3166, taken
from Natural Earth's 1:10m map (the point of the largest island or mainland that lies farthest from its edge), or
set by hand where that map does not list the territory by itself. `outlines` reads both, `projection` is Equal Earth in plain
arithmetic, `maps` draws the world or a region, `places` the districts and clinics inside one state, `features` gives GeoJSON.
A database that must follow other borders gives its own file: `python -m evenhand.figures.world FILE`.
Names and borders on a map imply no opinion on the status of any territory: every map carries the sentence that says so.
"""
