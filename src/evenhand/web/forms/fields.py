"""The fields of a form, made from the signature of an action.

Used by `forms.acts`. Checks only what a field can check by itself (a date is one, a number is whole, a choice is on the
list); everything else is the action's to refuse, in the same words as at the shell.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.actions.action import Action
from evenhand.web.forms.choices import called, choices_of
from evenhand.web.forms.letters import refuse_unseen
from evenhand.web.forms.naming import Naming, draw_lists
from evenhand.web.forms.saying import Saying
from evenhand.web.forms.words import HINTS, LABELS

LONG = frozenset({"why", "text", "answer", "conditions", "note", "cause", "weight_source", "lines", "whatif", "source"})
"""Parameters that are written in several lines."""

LONGEST = 10_000


class ActionForm(forms.Form):
    """Be the form of one action: its fields, the reason, and the id under which it is done once."""

    use_required_attribute = False
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*arguments, **named)

    @property
    def lists(self) -> SafeString:
        """Draw the lists that its fields suggest from, each once."""
        return draw_lists(self.fields.values())


class Words(forms.CharField):
    """Take text; refuse what turns the direction of writing, and NUL, in a sentence."""

    def clean(self, value: Any) -> str:
        """Return the text as it was typed, its line ends as one kind."""
        return refuse_unseen(str(super().clean(value) or "").replace("\r\n", "\n"))


def make_form(action: Action[Any], saying: Saying, viewer: Viewer, given: Mapping[str, str]) -> type[ActionForm]:
    """Return the class of an action's form for one viewer.

    Parameters
    ----------
    given
        What the form was opened with: a need chosen already narrows what else can be chosen.
    """
    hints = get_type_hints(action.body, include_extras=True)
    fields: dict[str, forms.Field] = {}
    for parameter in action.parameters:
        if parameter.name in saying.absent:
            continue
        fields[parameter.name] = _field(action, saying, viewer, given, parameter, hints[parameter.name])
    fields["reason"] = Words(
        label=str(saying.labels.get("reason") or _("Reason")),
        help_text=_("Kept in the record beside your name’s number; everybody who may read the record sees it."),
        required=saying.reason == "needed",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
    return type("FormOf" + action.__name__.title().replace("_", ""), (ActionForm,), fields)


def plain_type(hint: Any) -> tuple[Any, str]:
    """Return the type of a parameter without its meaning and without None, and its meaning."""
    kind, meaning = (get_args(hint)[0], str(get_args(hint)[1])) if get_origin(hint) is Annotated else (hint, "")
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    return kind, meaning


def _field(
    action: Action[Any],
    saying: Saying,
    viewer: Viewer,
    given: Mapping[str, str],
    parameter: inspect.Parameter,
    hint: Any,
) -> forms.Field:
    name = parameter.name
    kind, meaning = plain_type(hint)
    required = parameter.default is inspect.Parameter.empty
    said: dict[str, Any] = {
        "label": saying.labels.get(name) or LABELS.get(name) or name.replace("_", " ").capitalize(),
        "help_text": saying.hints[name] if name in saying.hints else HINTS.get(name) or _(meaning),
        "required": required,
    }
    if not required and parameter.default not in (None, "", b""):
        said["initial"] = parameter.default
    if name in saying.hidden:
        return forms.CharField(widget=forms.HiddenInput, required=required)
    if kind is bool:
        return forms.BooleanField(**(said | {"required": False}))
    if kind is bytes:
        return forms.FileField(**said, allow_empty_file=True)
    if kind is date:
        return forms.DateField(
            **said, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("This is no date. Write it as year-month-day, such as 2026-03-02.")},
        )  # fmt: skip
    if kind is int:
        return forms.IntegerField(**said)
    if name in saying.named:
        naming = saying.named[name]
        return Naming(
            **said, choices=naming(viewer, given), elsewhere=lambda text: called(viewer, text), list_id=naming.__name__
        )
    if name == "password":  # names and addresses are private too, and whoever types them has to see them
        return forms.CharField(**said, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)
    found = (
        saying.choices[name](viewer, given) if name in saying.choices else choices_of(action.name, name, viewer, given)
    )
    if found is not None:
        if name not in saying.hints:  # the meaning says how it is written, and here nobody writes it
            said["help_text"] = ""
        own = viewer.parties(*RIGHTS[action.name])
        if required and name in ("party", "donor", "origin") and len(own) == 1:
            said["initial"] = next(iter(own))
        listed = found if required and len(found) == 1 else [("", "" if required else _("(none)")), *found]
        return forms.ChoiceField(
            **said, choices=listed,
            error_messages={"invalid_choice": _("“%(value)s” is not on this list. Choose one that is.")},
        )  # fmt: skip
    long = name in LONG
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
    if name in ("quantity", "good", "damaged", "missing", "held", "capacity", "per_week"):
        widget.attrs["inputmode"] = "text"
    return Words(**said, widget=widget, max_length=LONGEST if long else 400)
