"""What is measured and what is promised: a module per kind of case, each giving rows of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.cases.divisible import against_cvxpy_leximin, against_linear_programs
from bench.cases.facilities import whole_command
from bench.cases.large import growth, million
from bench.cases.matching import accuracy, at_scale
from bench.cases.packs import first_level
from bench.cases.people_register import register
from bench.cases.portal import beside_plain_django, crowd
from bench.cases.start import import_time
from bench.cases.statements import reading
from bench.cases.stock_book import audit, imports, in_bulk, one_at_a_time
from bench.table import Row

Case = Callable[[bool], list[Row]]

CASES: Mapping[str, tuple[str, Case]] = {
    "a": ("divisible goods against cvxpy-leximin", against_cvxpy_leximin),
    "b": ("divisible goods against linear programs", against_linear_programs),
    "c": ("first level of whole packs against CP-SAT", first_level),
    "d": ("a million recipients against a join in Polars", million),
    "e": ("the whole command on Africa's health facilities", whole_command),
    "f": ("growth from 125,000 to a million recipients", growth),
    "g": ("the import", import_time),
    "h": ("the stock book, one entry at a time", one_at_a_time),
    "i": ("the stock book in bulk, against the ORM and django-hordak", in_bulk),
    "j": ("the audit of a million entries", audit),
    "k": ("the import of records", imports),
    "l": ("the portal, visited by a crowd", crowd),
    "m": ("the portal beside plain Django", beside_plain_django),
    "n": ("reading official texts, beside spaCy's blank pipeline", reading),
    "o": ("the people register: new keys, a table where cards are scanned, late scans", register),
    "p": ("one person, one record: right on public sets, beside recordlinkage and dedupe", accuracy),
    "q": ("one person, one record: a million persons, beside DuckDB's own join; on entry", at_scale),
}
"""Letter: what it measures, and how; a case takes whether to be quick, and returns its rows."""
