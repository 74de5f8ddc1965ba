"""The components as markup: what is typed stays text, what belongs together says so, widths are the numbers' own."""

from __future__ import annotations

import re
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.web.frame.bars import FILLS, draw_bar
from evenhand.web.frame.cells import draw_rows
from evenhand.web.frame.here import as_data, page_of, with_query
from evenhand.web.frame.showcase.views import SampleForm
from evenhand.web.frame.tables import Column, Table

HOSTILE = "<b onclick=x>\"'&</b>"
VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr")


class Page(HTMLParser):
    """Read markup: every element with its attributes; refuses what does not close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, attribute: str) -> list[str]:
        """Return what an attribute holds, wherever it stands."""
        return [value for _, attributes in self.found if (value := attributes.get(attribute))]


def draw(source: str, address: str = "/en/needs", **context: Any) -> str:
    request = RequestFactory().get(address)
    return Template("{% load portal %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_showcase_is_sound_and_what_it_points_at_is_there(language: str, drawn: Any) -> None:
    page = Page(drawn(language))
    idents = page.values("id")
    assert len(idents) == len(set(idents))
    pointed = [
        part
        for name in ("for", "aria-labelledby", "aria-describedby")
        for value in page.values(name)
        for part in value.split()
    ]
    pointed += [value[1:] for value in page.values("href") if value.startswith("#") and value != "#x"]
    assert [one for one in pointed if one not in idents] == []


def test_every_head_of_a_table_has_a_scope_and_every_table_a_caption(drawn: Any) -> None:
    page = Page(drawn("en"))
    assert [attributes for tag, attributes in page.found if tag == "th" and not attributes.get("scope")] == []
    count = [tag for tag, _ in page.found]
    assert count.count("table") == count.count("caption") > 0


@pytest.mark.parametrize(
    "source",
    [
        '{% crumbs "rounds" evil "" evil %}', '{% key held=evil label=evil %}', '{% code evil "need" %}', "{% chosen picked %}",
        "{% stages steps evil evil %}", "{% tabs views evil %}", "{% files evil %}", '{% columnhead "party" evil note=evil %}',
        "{% pager after=evil shown=1 total=2 %}", "{% empty evil %}{{ evil }}{% endempty %}", '{% notice "bad" %}{{ evil }}{% endnotice %}',
        '{% tablebox caption=evil name="x" note=evil %}<tbody><tr><td>{{ evil }}</td></tr></tbody>{% endtablebox %}',
        "{% filters evil %}{{ evil }}{% endfilters %}", "{% errors problems=wrong %}", "{% errors form %}{% for one in form %}{% field one %}{% endfor %}",
    ],
)  # fmt: skip
def test_what_people_type_stays_text(source: str) -> None:
    class Form(forms.Form):
        what = forms.CharField(label=HOSTILE, help_text=HOSTILE)
        which = forms.ChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)], widget=forms.RadioSelect)

    form = Form({"what": "", "which": HOSTILE + "x"})
    drawn = draw(
        source, f"/en/needs?order={HOSTILE}", evil=HOSTILE, picked={"party": HOSTILE}, steps=[(HOSTILE, HOSTILE)],
        views=[(HOSTILE, HOSTILE, True)], wrong=[(HOSTILE, HOSTILE)], form=form,
    )  # fmt: skip
    assert "<b " not in drawn
    assert not any(name.startswith("on") for _, attributes in Page(drawn).found for name in attributes)


def test_what_people_type_stays_text_in_every_kind_of_cell() -> None:
    kinds = ("text", "code", "amount", "share", "number", "day", "moment", "state", "link")
    columns = [Column(kind, HOSTILE, kind, link=lambda row: HOSTILE if kind == "text" else None) for kind in kinds]  # noqa: B023
    row = dict.fromkeys(kinds, HOSTILE) | {"share": Fraction(1, 3)}
    drawn = draw_rows(Table("x", "x", columns, [row]))
    assert "<b " not in drawn
    Page(drawn)


def test_what_is_not_known_is_said_and_zero_is_zero() -> None:
    columns = [Column("name", "Name"), Column("held", "Held", "amount"), Column("on", "On", "day")]
    drawn = draw_rows(Table("x", "x", columns, [{"name": "Chad", "held": 0, "on": None}]))
    assert "<bdi>0</bdi>" in drawn
    assert "not said" in drawn


parts = st.dictionaries(st.sampled_from(sorted(FILLS)), st.fractions(min_value=0, max_value=10**12), max_size=6)


@settings(max_examples=150)
@given(parts, st.fractions(min_value=0, max_value=10**13))
def test_a_bar_is_as_long_as_its_numbers(given_parts: dict[str, Fraction], of: Fraction) -> None:
    found = re.findall(r'class="([\w-]+)" x="([\d.]+)" width="([\d.]+)"', draw_bar(given_parts, of))
    total = sum(given_parts.values(), Fraction(0))
    whole = max(of, total)
    end = 0.0
    for _, start, width in found:
        assert float(start) == pytest.approx(end, abs=0.011)
        end = float(start) + float(width)
    assert end == pytest.approx(float(100 * total / whole) if whole else 0, abs=0.02)


def test_a_bar_shows_parts_in_their_order_the_rest_and_the_mark() -> None:
    drawn = draw_bar({"given": 20, "held": 10}, of=100, rest="missing", mark=30)
    assert re.findall(r'class="([\w-]+)" x="([\d.]+)" width="([\d.]+)"', drawn) == [
        ("f-ground", "0", "10"), ("f-water", "10", "20"), ("f-none", "30", "70"),
    ]  # fmt: skip
    assert 'd="M30 ' in drawn


def test_a_field_ties_its_hint_and_its_error_to_its_input() -> None:
    drawn = Page(draw("{% field one %}", one=SampleForm({"quantity": ""})["quantity"]))
    (box,) = [attributes for tag, attributes in drawn.found if tag == "input"]
    assert box["aria-describedby"] == "id_quantity-hint id_quantity-err"
    assert box["aria-invalid"] == "true"
    assert set(box["aria-describedby"].split()) <= set(drawn.values("id"))


def test_the_summary_names_the_field_and_leads_to_it() -> None:
    form = SampleForm({"quantity": ""})
    drawn = draw("{% errors form %}{% for one in form %}{% field one %}{% endfor %}", form=form)
    page = Page(drawn)
    assert "How much: This field is required." in drawn
    assert "#id_priority_0" in page.values("href")
    assert {value[1:] for value in page.values("href")} <= set(page.values("id"))


def test_a_sound_form_has_no_summary() -> None:
    assert draw("{% errors form %}", form=SampleForm()).strip() == ""


@pytest.mark.parametrize(
    ("address", "changes", "expected"),
    [
        ("/en/needs", {"after": "x"}, "/en/needs?after=x"),
        ("/en/needs?after=x&party=TCD", {"after": ""}, "/en/needs?party=TCD"),
        ("/en/needs?party=TCD", {"order": "-gap", "after": ""}, "/en/needs?party=TCD&order=-gap"),
    ],
)
def test_links_keep_the_rest_of_the_address(address: str, changes: dict[str, str], expected: str) -> None:
    assert with_query(RequestFactory().get(address), **changes) == expected


def test_the_data_of_a_page_is_all_that_its_filters_find() -> None:
    assert as_data(RequestFactory().get("/ar/needs?party=TCD&after=x"), "csv") == "/ar/needs.csv?party=TCD"


def test_a_key_that_is_odd_stays_one_step_of_the_address() -> None:
    assert page_of("party", "../admin?x") == "/en/parties/..%2Fadmin%3Fx"
    assert page_of("currency", "USD") == ""


@pytest.mark.parametrize(
    ("address", "state", "leads"),
    [
        ("/en/needs", None, "order=gap"), ("/en/needs?order=gap", "ascending", "order=-gap"), ("/en/needs?order=-gap", "descending", "order=gap"),
    ],
)  # fmt: skip
def test_a_head_says_how_its_column_is_sorted_and_turns_it_round(address: str, state: str | None, leads: str) -> None:
    page = Page(draw('{% columnhead "gap" "Gap" %}', address))
    assert page.values("aria-sort") == ([state] if state else [])
    assert page.values("href")[0].endswith(leads)


def test_stages_say_which_is_now_and_which_are_ahead() -> None:
    drawn = draw('{% stages steps "b" "Stages" %}', steps=[("a", "A"), ("b", "B"), ("c", "C")])
    assert (
        drawn
        == '<ol class="stages" aria-label="Stages"><li>A</li><li aria-current="step">B</li><li class="ahead">C</li></ol>'
    )
