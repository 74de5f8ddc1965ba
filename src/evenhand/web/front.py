"""The front page: what is needed, promised and received, who is worst served, what is late, the latest checkpoint.

Public, without an account. Also the checkpoint as plain text, the style sheet, and the address that says the server lives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.checkpoints import find_latest_checkpoint
from evenhand.lookups.figures import Amount, Figure, Waiting, read_headline
from evenhand.lookups.money import Money
from evenhand.lookups.parties import list_parties
from evenhand.lookups.reach import today

LATE_LISTED = 5
FROM_RIGHT_TO_LEFT = ("ar",)
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
DEMO = "demo."
"""How the name of a demo's stock book begins; its pages say that it is one."""

STYLE = (files("evenhand.web") / "pages.css").read_text(encoding="utf-8")
STYLE_MARK = hashlib.sha256(STYLE.encode()).hexdigest()[:12]
"""Stands in the style's address, so that nobody sees a new page in an old style."""

PLAIN = "text/plain; charset=utf-8"
WIDTH = 1000
"""The width of a bar in its own units."""

PARTS = (("used", "used"), ("received", "received"), ("in_transit", "on the way"), ("allocated", "allocated"))
"""What a bar shows of what was promised, the surest first: column and word."""


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one part of a bar: its class, where it begins, how long it is."""

    kind: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one family as the page shows it."""

    figure: Figure
    lost: str
    cells: tuple[tuple[str, str], ...]
    bar: tuple[Part, ...]
    promised_until: int


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the headline figures."""
    headline = read_headline(PUBLIC)
    language = request.GET.get("language", "")
    checkpoint = find_latest_checkpoint(PUBLIC)
    late = [one for one in headline.waiting if _days_late(one) > 0][:LATE_LISTED]
    families = {one.key: one.name for one in headline.families}
    names = {one.key: one.name for one in list_parties(PUBLIC)} if late else {}
    shown: dict[str, Any] = {
        "direction": "rtl" if language in FROM_RIGHT_TO_LEFT else "ltr",
        "language": language if language in LANGUAGES else "",
        "demo": settings.EVENHAND["name"].startswith(DEMO),
        "group": settings.EVENHAND["group"],
        "day": today(),
        "families": [describe_family(one) for one in headline.families],
        "money": [describe_money(one) for one in headline.money],
        "worst": [describe_worst(one, families) for one in headline.worst_served],
        "late": [
            {
                "row": one,
                "to": names.get(one.destination, one.destination),
                "from": names.get(one.origin, one.origin),
                "days": _days_late(one),
            }
            for one in late
        ],
        "checkpoint": checkpoint,
        "style": STYLE_MARK,
    }
    return render(request, "front.html", shown)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Give the latest checkpoint as it was signed, for whoever keeps or countersigns it."""
    latest = find_latest_checkpoint(PUBLIC)
    if latest is None:
        return HttpResponse("Nothing was signed yet.\n", content_type=PLAIN, status=404)
    return HttpResponse(latest.note, content_type=PLAIN)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the server and its database answer; nothing else."""
    try:
        latest = find_latest_checkpoint(PUBLIC)
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok", "signed": latest.size if latest else 0})


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Give the style sheet."""
    response = HttpResponse(STYLE, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, and nothing about what there might be."""
    return HttpResponse("There is no such page. The figures are at /\n", content_type=PLAIN, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the server failed, with no inside of it."""
    return HttpResponse("The server failed; its keepers find out why in its log.\n", content_type=PLAIN, status=500)


def describe_family(figure: Figure) -> Row:
    """Return a family's figures as words, and its bar.

    A bar is as long as the larger of what is needed and what was promised; its parts are what became of the promise.
    """
    whole = max(Fraction(figure.needed), Fraction(figure.promised), Fraction(1))
    parts, start = [], 0
    for column, _ in PARTS:
        length = int(Fraction(getattr(figure, column)) * WIDTH / whole)
        if length:
            parts.append(Part(column.replace("_", "-"), start, length))
            start += length
    lost = figure.damaged + figure.missing + figure.expired
    cells = (
        ("Needed", amount(figure.needed)), ("Promised", amount(figure.promised)),
        ("Not shared out yet", amount(figure.still_open)), ("Allocated", amount(figure.allocated)),
        ("On the way", amount(figure.in_transit)), ("Received", amount(figure.received)), ("Used", amount(figure.used)),
        ("Lost", amount(lost)),
    )  # fmt: skip
    return Row(figure, amount(lost), cells, tuple(parts), int(Fraction(figure.promised) * WIDTH / whole))


def describe_money(money: Money) -> dict[str, Any]:
    """Return one currency's figures in whole units of it."""
    cells = (
        ("Pledged, not counted", money.pledged), ("Committed", money.committed), ("Allocated", money.allocated),
        ("Paid", money.paid), ("Spent", money.spent),
    )  # fmt: skip
    return {"currency": money.currency, "cells": [(name, f"{units // money.per_unit:,}") for name, units in cells]}


def describe_worst(figure: Figure, families: Mapping[str, str]) -> dict[str, Any]:
    """Return who is served worst as the page shows it."""
    share = figure.coverage or Fraction(0)
    return {
        "row": figure, "what": families.get(figure.family, figure.family), "needed": amount(figure.needed), "covered": amount(figure.covered or 0),
        "percent": f"{float(share) * 100:.1f}",
    }  # fmt: skip


def amount(quantity: Amount) -> str:
    """Return an amount in whole units, what is over a whole one left away.

    Examples
    --------
    >>> amount(Fraction(3001, 2)), amount(0)
    ('1,500', '0')
    """
    return f"{int(quantity):,}"


def _days_late(waiting: Waiting) -> int:
    due: date | None = waiting.due_on
    return (today() - due).days if due else 0
