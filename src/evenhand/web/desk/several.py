"""One action done for several records that were ticked on one page: each by itself, under an id of its own.

Used by the pages that renew and approve. What is refused stops nothing else; it is said beside its own row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from evenhand.actions.action import Action
from evenhand.errors import EvenhandError
from evenhand.web.forms.acts import acting_of, id_after
from evenhand.web.languages.sentences import in_language

MOST = 200
"""So many are done at once; each is a transaction of its own."""


@dataclass(slots=True)
class Went:
    """Hold what came of it: which were done, which had been done before under the same id, and what was refused, by ref."""

    done: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def do_each(
    request: HttpRequest,
    action: Action[Any],
    refs: Sequence[str],
    given: Callable[[str], Mapping[str, Any]],
    *,
    request_id: str,
    reason: str = "",
) -> Went:
    """Do an action for each ref, under ids made from the form's own id, so that sending it twice does each once."""
    went = Went()
    for ref in dict.fromkeys(refs[:MOST]):
        try:
            done = action(acting_of(request, id_after(request_id, action.name, ref), reason), **given(ref))
        except EvenhandError as error:
            went.refused[ref] = in_language(error.sentence)
        else:
            (went.repeated if done.repeated else went.done).append(ref)
    return went
