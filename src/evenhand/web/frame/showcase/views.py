"""Show the components with invented samples; `?long=1` with very long words, to see that nothing widens the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenhand.web.frame.tables import Column, Table

LONG: Final = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
HASH: Final = "9f2b1c7ae04d55c3b6f8a1029e7d4c3b2a190817f6e5d4c3b2a1908f7e6d5c4b"


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold one row of a sample."""

    ref: str
    party: str
    resource: str
    quantity: int
    share: Fraction
    by_when: date | None
    state: str


class SampleForm(forms.Form):
    """Have a field of every kind."""

    what = forms.ChoiceField(
        label="What", choices=[("", ""), ("v", "COVID-19 vaccine (doses)"), ("b", "Hospital beds (beds)")]
    )
    quantity = forms.CharField(label="How much", help_text="As people say it: 1200, or 40 box.")
    by_when = forms.DateField(label="Needed by", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(
        label="What for",
        help_text="Two or three sentences that everybody may read.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    priority = forms.ChoiceField(
        label="How pressing",
        widget=forms.RadioSelect,
        choices=[("life-saving", "Life-saving"), ("urgent", "Urgent"), ("normal", "Normal")],
    )
    handles = forms.MultipleChoiceField(
        label="What it can keep", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("cold", "2 to 8 °C"), ("frozen", "−20 °C"), ("ultra", "−70 °C")],
    )  # fmt: skip
    paper = forms.FileField(label="Evidence", required=False, help_text="PDF, picture or table, at most 64 MB.")
    agreed = forms.BooleanField(
        label="I may say this for my ministry", help_text="It is published under its name.", required=False
    )


STEPS: Final = [
    ("frozen", "Inputs frozen 10 June"), ("proposed", "Plan proposed 13 June"), ("objections", "Objections to 20 June"),
    ("decided", "Approved by two, 24 June 2022"), ("dispatched", "Dispatched"), ("received", "Received"),
]  # fmt: skip


def showcase(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    return render(request, "frame/showcase/showcase.html", samples(request))


def samples(request: HttpRequest) -> dict[str, Any]:
    """Return what the showcase shows."""
    long = LONG if request.GET.get("long") else ""
    rows = [
        Sample("ND-7QK4N2M8PA", "BDI", "vaccine", 17_157_601, Fraction(1, 1000), date(2022, 6, 30), "approved"),
        Sample("ND-8ZK1N2M8PB", "COD", "vaccine" + long, 129_329_180, Fraction(19, 1000), date(2022, 6, 30), "lapsed"),
        Sample("ND-9WX3N2M8PC", "TCD", "hospital-bed", 23_680, Fraction(99, 1000), None, "submitted"),
    ]
    columns = [
        Column("ref", "Need", "code", link=lambda row: f"/en/needs/{row.ref}"),
        Column("party", "Who", "named", of="party", order="party"), Column("resource", "What", order="resource"),
        Column("quantity", "How much", "amount", order="quantity"), Column("share", "Share met", "share"),
        Column("by_when", "Needed by", "day", order="by_when"), Column("state", "State", "state", of="state of a need"),
    ]  # fmt: skip
    wide = Table("needs", "Needs, one by one", columns, rows, next="x", total=224, order="-quantity")
    narrow = Table("short", "The same as cards on phones", [columns[1], columns[3], columns[6]], rows, total=3)
    nothing = Table("none", "Needs of nobody", columns, [], query={"party": "X"})
    wrong = SampleForm({"quantity": long or "many", "why": "", "by_when": "tomorrow"})
    wrong.errors["quantity"] = wrong.error_class(
        [f"“{long or 'many'}” is no quantity. Write a number, such as 1200, or 40 box."]
    )
    return {
        "long": long, "table": wide, "narrow": narrow, "nothing": nothing, "form": SampleForm(auto_id="ok_%s"), "wrong": wrong,
        "steps": STEPS, "hash": HASH, "row": rows[0], "sample_day": date(2022, 8, 9),
        "views": [("?view=all", "All", True), ("?view=mine", "Mine", False), ("?view=late", "Late (3)", False)],
        "chosen_now": {"party": "Member: Chad", "resource": "Resource: COVID-19 vaccine" + long},
    }  # fmt: skip
