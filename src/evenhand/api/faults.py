"""The one body of every error, and the status that goes with each.

`{"error": {"code", "sentence", "problems": [{"table", "row", "column", "field", "text"}], "request"}}`, whether a name is
unknown, an action refused, an address wrong or the server broken; never an inside of the server. Called by `door`, and by
ninja for whatever an operation raises.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from evenhand.api.answers import to_json
from evenhand.errors import (
    ActionRefused,
    CheckpointRefused,
    EditRefused,
    EvenhandError,
    FileUnreadable,
    InputRefused,
    NameUnknown,
    NotAllowed,
    OptionRefused,
    PlanNotProved,
    PlanUnreadable,
    Problem,
    RepeatDiffers,
    StockShort,
    suggest,
)

log = logging.getLogger("evenhand.api")
JSON: Final = "application/json; charset=utf-8"
AGAIN = "send it again, with the same Idempotency-Key if it was an action: it is done once"

STATUSES: Mapping[type[EvenhandError], int] = {
    NotAllowed: 403, NameUnknown: 404, OptionRefused: 400, InputRefused: 422, FileUnreadable: 422, PlanUnreadable: 422,
    EditRefused: 422, ActionRefused: 409, StockShort: 409, RepeatDiffers: 409, CheckpointRefused: 409, PlanNotProved: 500,
}  # fmt: skip
"""Error → status."""

MOST_PROBLEMS = 1000


def fault(
    request: HttpRequest,
    status: int,
    code: str,
    sentence: str,
    problems: Iterable[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return the answer that tells an error."""
    body = {
        "error": {
            "code": code,
            "sentence": sentence,
            "problems": list(problems)[:MOST_PROBLEMS],
            "request": getattr(request, "api_request", ""),
        }
    }
    return HttpResponse(to_json(_sound(body)), status=status, content_type=JSON, headers=dict(headers or {}))


def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """Return the answer to an `EvenhandError`."""
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)
    if status == 500:
        log.error("%s: %s", error.code, error.sentence)
    problems = [_problem(one) for one in error.problems] if isinstance(error, InputRefused) else []
    return fault(request, status, error.code, error.sentence, problems)


def no_database(request: HttpRequest, error: Any) -> HttpResponse:
    """Return the answer where the database did not do its part."""
    log.error("the database failed: %s", error, exc_info=error)
    sentence = f"The database does not answer, or another writer keeps it; {AGAIN}."
    return fault(request, 503, "database-unavailable", sentence, headers={"Retry-After": "5"})


def broken(request: HttpRequest, error: Any) -> HttpResponse:
    """Return the answer to what nobody foresaw: it is logged, and nothing of it told."""
    log.error("an operation failed: %s %s", request.method, request.path, exc_info=error)
    return fault(request, 500, "server-failed", f"The server failed, and its keepers find out why in its log; {AGAIN}.")


def invalid(
    request: HttpRequest, where: str, errors: Iterable[Mapping[str, Any]], known: Mapping[str, str]
) -> HttpResponse:
    """Return the answer to parameters that are not what they should be: every one of them, by its name.

    Parameters
    ----------
    where
        "the body", "the address".
    known
        Name of each parameter → its meaning.
    """
    problems = [
        {"table": "", "row": 0, "column": "", "field": ".".join(map(str, one["loc"])), "text": _said(one, known)}
        for one in errors
    ]
    count = "1 parameter" if len(problems) == 1 else f"{len(problems)} parameters"
    first = f"{problems[0]['field']} {problems[0]['text']}" if problems else ""
    sentence = f"{count} of {where} cannot be used; nothing was done. {first}".strip()
    return fault(request, 422, "parameters-refused", sentence, problems)


def _problem(one: Problem) -> dict[str, Any]:
    return {"table": one.table, "row": one.row, "column": one.column, "field": "", "text": one.text}


def _said(error: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """Return what is wrong with one parameter and what would work, in our words."""
    name, kind = str(error["loc"][-1]) if error["loc"] else "", str(error["type"])
    meaning = f": {known[name]}" if known.get(name) else ""
    if kind == "missing":
        return f"is missing; give it{meaning}"
    if kind == "extra_forbidden":
        return f"is no parameter here{suggest(name, list(known))}"
    limits = error.get("ctx") or {}
    words = {
        "string_type": "is not text", "string_unicode": "holds half of a letter, which is no text", "string_too_long": f"is longer than {limits.get('max_length')} characters",
        "greater_than_equal": f"is less than {limits.get('ge')}", "less_than_equal": f"is more than {limits.get('le')}",
    }  # fmt: skip
    if kind in words:
        return f"{words[kind]}{meaning}"
    for begins, sentence in (
        ("int_", "is not a whole number"), ("bool_", "is neither true nor false"),
        ("date_", "is not a date; write it as year-month-day, such as 2026-03-02"),
    ):  # fmt: skip
        if kind.startswith(begins):
            return f"{sentence}{meaning}"
    return f"cannot be used ({str(error.get('msg', kind)).removeprefix('Value error, ')}){meaning}"


def _sound(value: Any) -> Any:
    """Return a body without halves of letters, which no JSON in UTF-8 can hold and a hostile name may bring."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _sound(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_sound(one) for one in value]
    return value


def add_handlers(api: NinjaAPI) -> None:
    """Have ninja tell whatever an operation raises in the one body."""

    def unsound(request: HttpRequest, error: Any) -> HttpResponse:
        errors = [{**one, "loc": tuple(one["loc"])[1:]} for one in error.errors]
        return invalid(request, "the address", errors, getattr(request, "api_known", {}))

    def too_big(request: HttpRequest, error: Any) -> HttpResponse:
        return fault(
            request, 413, "too-large", f"What was sent is larger than this server takes; nothing was done. {error}"
        )

    def suspicious(request: HttpRequest, error: Any) -> HttpResponse:
        return fault(request, 400, "request-unreadable", "The request cannot be read; nothing was done.")

    def told(request: HttpRequest, error: Any) -> HttpResponse:
        return fault(request, error.status_code, "request-unreadable", f"{error}; nothing was done.")

    api.add_exception_handler(EvenhandError, refuse)
    api.add_exception_handler(ValidationError, unsound)
    api.add_exception_handler(HttpError, told)
    api.add_exception_handler(RequestDataTooBig, too_big)
    api.add_exception_handler(SuspiciousOperation, suspicious)
    api.add_exception_handler(UnreadablePostError, suspicious)
    api.add_exception_handler(DatabaseError, no_database)
    api.add_exception_handler(InterfaceError, no_database)
    api.add_exception_handler(Exception, broken)
