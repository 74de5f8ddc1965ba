"""What the form of an action says to people: declared as data, one `Saying` an action.

Modules in `forms.sayings` hold them; `forms.acts` reads them. An action without one still has a form, in the order of its
signature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from evenhand.access.viewers import Viewer
from evenhand.actions.action import Done

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Group:
    """Hold fields that belong together, under a heading; `folded` ones are opened by whoever needs them."""

    title: Words
    names: tuple[str, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Then:
    """Say what may follow at once on an action, under an id made from the first one's: "submit it now".

    Attributes
    ----------
    action
        The name of the action that follows.
    button
        What the button says that does both; the form's own button then does the first alone.
    given
        What it is given, from what was done.
    done
        What is said when both were done.
    """

    action: str
    button: Words
    given: Callable[[Done], Mapping[str, Any]]
    done: Words


@dataclass(frozen=True, slots=True)
class Saying:
    """Say an action in words.

    Attributes
    ----------
    title
        The heading, what the person is about to do: "Tell what you need".
    button
        What the button says: "Submit the need".
    lead
        What happens then, in a sentence or two.
    groups
        Fields in order; those not named come last, folded.
    labels, hints
        Of single fields; a field without uses `forms.words`.
    choices
        Field → what can be chosen by this viewer, as (value, words) pairs, given what the form was opened with.
    danger
        What cannot be taken back easily: the button is drawn so, and a sentence says it.
    named
        Field → which groups and parties are suggested where one names a few of them, as (code, name) pairs. Fields with the same
        function share one list.
    reason
        "asked" shows the field of the reason, "needed" demands it, "" folds it.
    done
        What is said afterwards, with `{ref}` and the answer's facts.
    onward
        Where one goes afterwards, from what was done and what was given; the record itself where nothing is said.
    template
        A page of its own, which extends "forms/act.html".
    context
        What that page needs beyond the form.
    opens
        What already stands, field by field, from what the form was opened with: a correction begins with it.
    must_differ
        What opened with what stands, and was left so in every such field, is not given to the action, which then says that nothing
        is different. Only where what stands stays as it is when the action was done; a repeat would else be another action.
    then
        What may follow at once.
    """

    title: Words
    button: Words
    lead: Words = ""
    groups: tuple[Group, ...] = ()
    labels: Mapping[str, Words] = field(default_factory=dict)
    hints: Mapping[str, Words] = field(default_factory=dict)
    choices: Mapping[str, Callable[[Viewer, Mapping[str, str]], list[tuple[str, Words]]]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    danger: Words = ""
    reason: str = ""
    done: Words = ""
    onward: Callable[[Done, Mapping[str, Any]], str] | None = None
    template: str = "forms/act.html"
    context: Callable[[Viewer, Mapping[str, str]], Mapping[str, Any]] | None = None
    named: Mapping[str, Callable[[Viewer, Mapping[str, str]], list[tuple[str, Words]]]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    varies: Callable[[Viewer, Mapping[str, str]], Saying] | None = None
    opens: Callable[[Viewer, Mapping[str, str]], Mapping[str, str]] | None = None
    must_differ: bool = False
    then: Then | None = None
