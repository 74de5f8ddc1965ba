"""From a lookup to its operation: parameters out of its signature, an answer out of what it returns.

Made for every row of `readings`. A list comes in pages; `fields` chooses columns; a parameter that the lookup does not
have is refused, because an answer to another question than the one asked would look like the truth. Must never ask a lookup
as anybody but who asks.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from ninja.params.functions import Path, Query

from evenhand.access.viewers import PUBLIC
from evenhand.api.answers import Chosen, alternatives, columns_of, plain, read_fields, record_in, to_csv, to_json
from evenhand.api.door import Asking, wanted_form
from evenhand.api.faults import JSON, invalid
from evenhand.api.readings import Reading
from evenhand.api.schemas import first_sentence
from evenhand.errors import OptionRefused
from evenhand.lookups import paging
from evenhand.lookups.reach import today
from evenhand.lookups.snapshot import read_snapshot, version_shown
from evenhand.lookups.version import find_last_done, read_version

MOST: Final = 1000
USUAL_MOST: Final = 100
LONGEST_TEXT: Final = 2000
OWN_PAGING: Final = ("after", "most")
CSV: Final = "text/csv; charset=utf-8"
FIELDS: Final = "only these fields, separated by commas; within a field after a dot, such as lines.offer"
AFTER: Final = "the cursor of the last row that was read; stands in next"
MOST_MEANING: Final = f"how many rows at once, at most {MOST}"
NAMED: Final = {
    "ref": "its ref",
    "key": "its key",
    "name": "its name",
    "id": "its id",
    "history": "everybody who ever belonged",
}
SMALLEST, LARGEST = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """Declare one parameter of an operation: as the lookup and as the address calls it, its type, default and meaning."""

    name: str
    shown: str
    hint: Any
    default: Any
    meaning: str
    in_path: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """Hold what a lookup returns: whether it is a list, the kind of record, and how its pages are made."""

    many: bool
    kind: type
    own_pages: bool
    own_most: bool


def parameters_of(reading: Reading) -> tuple[Asked, ...]:
    """Return the parameters of a reading, out of the lookup's signature."""
    hints = get_type_hints(reading.function, include_extras=True)
    in_path = set(re.findall(r"{(\w+)}", reading.path))
    found = []
    for parameter in list(inspect.signature(reading.function).parameters.values())[1:]:
        hint = hints[parameter.name]
        meaning = str(get_args(hint)[1]) if get_origin(hint) is Annotated else NAMED.get(parameter.name, "")
        shown = reading.renamed.get(parameter.name, parameter.name)
        found.append(Asked(parameter.name, shown, hint, parameter.default, meaning, parameter.name in in_path))
    return tuple(found)


def listed(reading: Reading) -> Listed:
    """Return what a reading answers with, out of the lookup's signature."""
    hint = get_type_hints(reading.function)["return"]
    kind = record_in(hint)
    if kind is None:
        raise TypeError(f"{reading.lookup} returns no record")
    names = inspect.signature(reading.function).parameters
    many = any(get_origin(one) in (list, tuple, Sequence) for one in alternatives(hint))
    return Listed(many, kind, many and "after" in names, many and "most" in names and "after" not in names)


def make_reading(reading: Reading) -> Callable[..., HttpResponse]:
    """Return the view of a reading, with a signature from which ninja reads and describes its parameters."""
    asked, answer, lookup = parameters_of(reading), listed(reading), reading.function
    known = {one.shown: one.meaning for one in asked if not one.in_path}
    parameters = [_declared(one, answer) for one in asked if not (answer.many and one.name in OWN_PAGING)]
    if answer.many:
        if not answer.own_most:
            known["after"] = AFTER
            parameters.append(_query("after", str, "", AFTER))
        usual = _usual_most(asked) if answer.own_most else USUAL_MOST
        known["most"] = MOST_MEANING
        parameters.append(_query("most", int, usual, MOST_MEANING, ge=1, le=MOST))
    known["fields"] = FIELDS
    parameters.append(_query("fields", str, "", FIELDS))

    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        refusal = refuse_unknown(request, known)
        if refusal is not None:
            return refusal
        asking: Asking = request.asking  # type: ignore[attr-defined]  # the door has put it there
        viewer = asking.reads_as
        version = read_version(viewer)
        chosen = read_fields(given.pop("fields"), answer.kind)
        if reading.from_figures:
            version = version_of_figures(request, version)
        rows_from, most = given.pop("after", ""), given.pop("most", 0)
        names = {_python_name(one.shown): one.name for one in asked}
        wanted = {names[shown]: value for shown, value in given.items()}
        if not answer.many:
            found = lookup(viewer, **wanted)
            return respond(request, {"data": plain(found, chosen), "version": version, "day": today().isoformat()})
        if answer.own_most:
            rows, after = lookup(viewer, **wanted, most=most), ""
            return respond_list(request, rows, answer.kind, chosen, after, version)
        if answer.own_pages:
            rows = lookup(viewer, **wanted, after=rows_from, most=most + 1)
            after = paging.cursor(rows[most - 1], wanted.get("order", "")) if len(rows) > most else ""
        else:
            rows, after = page_in_python(lookup(viewer, **wanted), rows_from, most)
        return respond_list(request, rows[:most], answer.kind, chosen, after, version)

    view.__name__ = reading.lookup.replace(".", "_")
    view.__doc__ = said_to_readers(lookup)
    request_first = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)
    view.__signature__ = inspect.Signature([request_first, *parameters])  # type: ignore[attr-defined]  # ninja reads it
    view.api_known = known  # type: ignore[attr-defined]
    return view


def version_of_figures(request: HttpRequest, version: int) -> int:
    """Return the version of the figures that an answer for everybody is made from: an older one while they are made anew."""
    asking: Asking = request.asking  # type: ignore[attr-defined]  # the door has put it there
    if asking.reads_as == PUBLIC and not connection.in_atomic_block:
        read_snapshot()
        version = version_shown(version)
        request.api_version = version  # type: ignore[attr-defined]  # the door asks for it
    return version


def said_to_readers(lookup: Callable[..., Any]) -> str:
    """Return what a lookup is for, said to who reads."""
    said = first_sentence(lookup.__doc__)
    return said.replace("a viewer may see", "you may see").replace("the viewer may see", "you may see")


def refuse_unknown(request: HttpRequest, known: Mapping[str, str]) -> HttpResponse | None:
    """Return the answer to parameters that there are not, or that stand twice; None where all is well."""
    errors = [
        {"loc": (name,), "type": "extra_forbidden"}
        if name not in known
        else {"loc": (name,), "type": "twice", "msg": "it stands in the address more than once"}
        for name in request.GET
        if name not in known or len(request.GET.getlist(name)) > 1
    ]
    return invalid(request, "the address", errors, known) if errors else None


def page_in_python(rows: Sequence[Any], after: str, most: int) -> tuple[Sequence[Any], str]:
    """Return a page of a list that is short enough to be read whole, and the cursor of its last row.

    Raises
    ------
    OptionRefused
        The row of the cursor is not in the list any more, or never was.
    """
    start = 0
    if after:
        start = next((place for place, row in enumerate(rows, 1) if digest(row) == after), 0)
        if not start:
            raise OptionRefused(
                f"the cursor '{after[:40]}' is of no row of this list as it is now; begin at the first page"
            )
    page = rows[start : start + most]
    return page, digest(page[-1]) if page and len(rows) > start + most else ""


def digest(row: Any) -> str:
    """Return what stands for a row as it is."""
    return hashlib.sha256(to_json(plain(row))).hexdigest()[:20]


def respond(request: HttpRequest, body: Mapping[str, Any]) -> HttpResponse:
    """Return an answer in JSON."""
    response = HttpResponse(to_json(body), content_type=JSON)
    return _dated(response)


def respond_list(
    request: HttpRequest, rows: Sequence[Any], kind: type, chosen: Chosen | None, after: str, version: int
) -> HttpResponse:
    """Return a page of a list, in JSON or as CSV, with the address of the next page."""
    following = _address_after(request, after) if after else None
    data = [plain(row, chosen) for row in rows]
    if wanted_form(request) == "csv":
        response = _dated(HttpResponse(to_csv(data, columns_of(kind, chosen)), content_type=CSV))
    else:
        body = {"data": data, "next": following, "version": version, "day": today().isoformat()}
        response = respond(request, body)
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def _dated(response: HttpResponse) -> HttpResponse:
    changed = find_last_done(PUBLIC)
    if changed is not None:
        response["Last-Modified"] = http_date(changed.timestamp())
    return response


def _address_after(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query["after"] = after
    return f"{request.path}?{query.urlencode()}"


def _usual_most(asked: Sequence[Asked]) -> int:
    return next(int(one.default) for one in asked if one.name == "most")


def _declared(asked: Asked, answer: Listed) -> inspect.Parameter:
    if asked.in_path:
        kind = next(one for one in alternatives(asked.hint) if one is not type(None))
        described = Path(..., description=asked.meaning, **_limits(kind))
        return inspect.Parameter(asked.shown, inspect.Parameter.KEYWORD_ONLY, default=described, annotation=kind)
    kind = next(one for one in alternatives(asked.hint) if one is not type(None))
    limits = _limits(kind)
    hint = kind | None if asked.default is None else kind
    name = _python_name(asked.shown)
    default = ... if asked.default is inspect.Parameter.empty else asked.default
    return _query(name, hint, default, asked.meaning, alias=asked.shown if name != asked.shown else None, **limits)


def _limits(kind: Any) -> dict[str, Any]:
    if kind is int:
        return {"ge": SMALLEST, "le": LARGEST}
    return {"max_length": LONGEST_TEXT} if kind is str else {}


def _query(name: str, hint: Any, default: Any, meaning: str, **more: Any) -> inspect.Parameter:
    more = {key: value for key, value in more.items() if value is not None}
    described = Query(default, description=meaning, **more)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=described, annotation=hint)


def _python_name(shown: str) -> str:
    """Return what Python can call a parameter whose name may be one of its own words."""
    return f"{shown}_" if iskeyword(shown) else shown
