"""A field in which one names a few of many: groups and members, by name or by code, one on a line.

Used by `forms.fields`. A browser suggests while one types, from one list for the whole page, which weighs a tenth of two columns
of boxes to tick; without the list it is plain text. Whatever is written is read in the same way, so it never matters whether a
line was picked or typed. Must never guess: what fits nothing, or two things, is asked back.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from evenhand.web.forms.letters import refuse_unseen

Choices = Iterable[tuple[str, str | Promise]]
LINES: Final = 3
"""So many lines are there at least; one more than are written, so that there is always an empty one to go on in."""

MOST_LINES: Final = 100
LONGEST: Final = 200
"""No name is longer."""

NEAR: Final = 0.6
CODE: Final = re.compile(r".*\(([^\s()]+)\)", re.DOTALL)
"""What is shown of a line ends with the code: "Chad (TCD)"; so does the suggestion of a name that two have."""


class Lines(forms.Widget):
    """Draw a line of text for each name, all with the same list of suggestions."""

    label: str | Promise = ""
    list_id = ""

    def __init__(self, attrs: Mapping[str, Any] | None = None, *, words: Mapping[str, str] | None = None) -> None:
        super().__init__(dict(attrs or {}))
        self.words = dict(words or {})

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> str:
        """Return what all lines hold, separated by ";", as an action and an address write it."""
        lines = [str(data.get(_name(name, number)) or "") for number in range(MOST_LINES)]
        return "; ".join(part for line in lines for part in split(line))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> bool:
        """Say whether nothing was sent of it."""
        return name not in data

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Draw the lines; what is known by its code is shown with its name."""
        given = {**self.attrs, **(attrs or {})}
        ident = given.pop("id", f"id_{name}")
        shared = format_html_join("", ' {}="{}"', given.items())
        shown = [self.words.get(part, part) for part in split(str(value or ""))]
        shown += [""] * max(LINES - len(shown), 1)
        return format_html_join(
            "\n",
            '<input type="text" name="{}" id="{}" value="{}" list="{}" maxlength="400" autocomplete="off" aria-label="{}"{}>',
            (
                (_name(name, number), _name(ident, number), text, self.list_id, f"{self.label} {number + 1}", shared)
                for number, text in enumerate(shown[:MOST_LINES])
            ),
        )


class Naming(forms.Field):
    """Take a few names or codes of a list, and hand on the codes as an action reads them: separated by ";".

    Parameters
    ----------
    choices
        (code, name) pairs that are suggested.
    elsewhere
        The codes of what is not suggested and is called so all the same: a clinic, a state by its English name.
    list_id
        Of the list of suggestions, which fields of one form share.
    """

    def __init__(self, *, choices: Choices, elsewhere: Callable[[str], list[str]], list_id: str, **named: Any) -> None:
        self.names = {key: str(words) for key, words in choices}
        self.words = {key: key if name == key else f"{name} ({key})" for key, name in self.names.items()}
        self.elsewhere = elsewhere
        self.list_id = list_id
        super().__init__(widget=Lines(words=self.words), **named)
        self.widget.label, self.widget.list_id = self.label or "", list_id

    @property
    def suggested(self) -> SafeString:
        """Draw the list of suggestions, once for all fields that share it; a code stands there where a name alone is not enough."""
        called = Counter(self.names.values())
        shown = (name if called[name] == 1 else self.words[key] for key, name in self.names.items())
        options = format_html_join("", '<option value="{}">', ((one,) for one in shown))
        return format_html('<datalist id="{}">{}</datalist>', self.list_id, options)

    def clean(self, value: Any) -> str:
        """Return the codes of what is named, each once."""
        found, wrong = [], []
        for part in split(refuse_unseen(str(value or ""))):
            try:
                found.append(self.code_of(part))
            except forms.ValidationError as error:
                wrong.append(error)
        if wrong:
            raise forms.ValidationError(wrong)
        return str(super().clean(";".join(dict.fromkeys(found))))

    def code_of(self, text: str) -> str:
        """Return the code of the one that is meant.

        Raises
        ------
        ValidationError
            Nothing is called so, or more than one.
        """
        picked = CODE.fullmatch(text)
        for code in (text, picked[1] if picked else ""):
            if code in self.names:
                return code
        folded = text.casefold()
        found = [key for key, name in self.names.items() if folded in (key.casefold(), name.casefold())]
        found = found or (self.elsewhere(text) if len(text) <= LONGEST else [])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(
                _("More than one is called “%(value)s”; write the code of the one that you mean: %(codes)s."),
                params={"value": text, "codes": ", ".join(found)},
            )
        near = self._near(folded[:LONGEST])
        if near:
            raise forms.ValidationError(
                _("No group or member is called “%(value)s”. Did you mean “%(near)s”?"),
                params={"value": text, "near": near},
            )
        raise forms.ValidationError(
            _("No group or member is called “%(value)s”. Choose one that the list suggests, or write its code."),
            params={"value": text},
        )

    def _near(self, folded: str) -> str:
        """Return what may have been meant, as the list writes it; "" where nothing is near."""
        known: dict[str, str] = {}
        for key, name in self.names.items():
            known.setdefault(name.casefold(), key)
            known.setdefault(key.casefold(), key)
        near = difflib.get_close_matches(folded, list(known), n=1, cutoff=NEAR)
        return self.words[known[near[0]]] if near else ""


def split(text: str) -> list[str]:
    """Return the names of a line; it may hold several, as an address does.

    Examples
    --------
    >>> split("NAM; Chad (TCD);")
    ['NAM', 'Chad (TCD)']
    """
    return [part.strip() for part in text.split(";") if part.strip()]


def draw_lists(fields: Iterable[forms.Field]) -> SafeString:
    """Draw each list of suggestions that a form's fields share."""
    shared = {one.list_id: one for one in fields if isinstance(one, Naming)}
    return mark_safe("".join(one.suggested for one in shared.values()))  # noqa: S308 -- each is escaped where it is drawn


def gathered(fields: Mapping[str, forms.Field], given: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into lines before, line by line, as one text for each field."""
    held = {
        name: one.widget.value_from_datadict(given, {}, name) for name, one in fields.items() if isinstance(one, Naming)
    }
    return {name: text for name, text in held.items() if text}


def _name(name: str, number: int) -> str:
    """Return what the first line, and each after it, is called.

    Examples
    --------
    >>> _name("meant_for", 0), _name("meant_for", 1)
    ('meant_for', 'meant_for-2')
    """
    return f"{name}-{number + 1}" if number else name
