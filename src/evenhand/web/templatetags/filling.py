"""The tags of forms: a field with its label, hint and error, and the summary of all that is wrong.

Joined into `{% load portal %}`. A field works with any form of Django's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect

from evenhand.web.forms.naming import Lines

register = template.Library()


@register.inclusion_tag("frame/field.html")
def field(bound: BoundField, hint: str = "", optional: bool = True) -> dict[str, Any]:
    """Show a field: label, hint, error, input, each tied to the others."""
    widget = bound.field.widget
    ident = bound.id_for_label or bound.auto_id
    said = str(hint or bound.help_text or "")
    described = " ".join(
        part for part, there in ((f"{bound.auto_id}-hint", said), (f"{bound.auto_id}-err", bound.errors)) if there
    )
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if bound.field.required and not isinstance(widget, CheckboxInput):
        attributes["aria-required"] = "true"
    if getattr(widget, "input_type", "textarea") in ("text", "textarea", "search"):
        attributes["dir"] = "auto"
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    if group:
        attributes = {}
    elif isinstance(widget, Lines):
        attributes["dir"] = "auto"
    return {
        "bound": bound,
        "ident": ident,
        "base": bound.auto_id,
        "hint": said,
        "described": described,
        "kind": "group"
        if group
        else "lines"
        if isinstance(widget, Lines)
        else "tick"
        if isinstance(widget, CheckboxInput)
        else "one",
        "optional": optional and not bound.field.required and not isinstance(widget, CheckboxInput),
        "drawn": "" if group else bound.as_widget(attrs=attributes),
    }


@register.inclusion_tag("frame/summary.html")
def errors(form: Form | None = None, problems: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Sum up what is wrong, with a link to each field: of a form, or of pairs of a field's id and a sentence."""
    found: list[tuple[str, str]] = list(problems)
    if form is not None:
        for bound in form:
            found += [(_first_id(bound), f"{bound.label}: {said}") for said in bound.errors]
        found = [("", str(said)) for said in form.non_field_errors()] + found
    return {"problems": found}


def _first_id(bound: BoundField) -> str:
    """Return the id that a link to a field leads to; of a group, its first choice."""
    group = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if group else str(bound.id_for_label or bound.auto_id)
