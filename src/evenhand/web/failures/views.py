"""The pages of failures, and the handlers that Django calls for them.

`answer_failure` makes every one of them, in the reader's language, as a page or as the API's error body. It must never ask
a database, and never say an inside of the server.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.middleware.csrf import get_token
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext as _

from evenhand.web.failures.kinds import Failure, failure_of
from evenhand.web.frame.typed import fields_of

FROM_RIGHT_TO_LEFT: Final = frozenset({"ar"})
CODES: Final = {
    400: "bad-request", 403: "not-allowed", 404: "name-unknown", 405: "wrong-method", 409: "action-refused", 413: "too-large",
    422: "input-refused", 429: "too-many", 500: "error", 503: "unavailable",
}  # fmt: skip
"""Status → the code that an API's error body carries."""

MOST_SHOWN: Final = 200
"""Fields that a failure's page carries on; more are better found one step back in the browser."""


def answer_failure(
    request: HttpRequest,
    status: int,
    *,
    title: str,
    happened: str,
    safe: str = "",
    retry_after: int = 0,
    again: Sequence[tuple[str, str]] = (),
    token: str = "",
    code: str = "",
) -> HttpResponse:
    """Say what went wrong.

    Parameters
    ----------
    title, happened, safe
        What the page is called; what happened; what is safe, and what to do next.
    retry_after
        Seconds after which trying again makes sense; 0 where nobody knows.
    again
        The fields of the form that was sent, to send it again with one button.
    token
        The token with which it is sent.
    """
    if request.path_info.startswith("/api/"):
        response: HttpResponse = JsonResponse(
            {"error": {"code": code or CODES.get(status, "error"), "sentence": " ".join(filter(None, (happened, safe))), "problems": [], "request": ""}},
            status=status,
        )  # fmt: skip
    else:
        language = translation.get_language() or "en"
        shown = {
            "language": language, "direction": "rtl" if language in FROM_RIGHT_TO_LEFT else "ltr", "status": status,
            "title": title, "happened": happened, "safe": safe, "again": again, "token": token,
            "here": request.get_full_path() if again else "", "home": f"/{language}/", "sign_in": f"/{language}/account/sign-in",
            "may_sign_in": status == 403 and not _viewer_id(request),
        }  # fmt: skip
        response = HttpResponse(loader.get_template("failures/failure.html").render(shown), status=status)
    response["Cache-Control"] = "no-store"
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def answer_error(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """Answer an error that has a page of its own; None for any other, which is a fault of ours."""
    failure = failure_of(error, sent=request.method == "POST")
    return None if failure is None else _answer(request, failure, code=getattr(error, "code", ""))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what cannot be read: too much of it, for another host, or not as HTTP wants it."""
    with in_language_of(request):
        if isinstance(exception, RequestDataTooBig):
            return too_large(request)
        if isinstance(exception, TooManyFieldsSent):
            return answer_failure(
                request, 413, title=_("Too many fields"),
                happened=_("The form has more fields than the server reads at once."),
                safe=_("Nothing was done. Go back, and send it in smaller parts, or as a file on the page of imports."),
            )  # fmt: skip
        if isinstance(exception, DisallowedHost):
            return answer_failure(
                request, 400, title=_("Unknown name of the server"),
                happened=_("This server was asked for under a name that it does not go by."),
                safe=_("Nothing was done. Ask its operator for its address; the operator adds names with the setting hosts."),
            )  # fmt: skip
        return answer_failure(
            request, 400, title=_("This cannot be read"), happened=_("Your browser sent something that the server cannot read."),
            safe=_("Nothing was done. Go back and try again; what you typed may still be there."),
        )  # fmt: skip


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer whoever may not see or do something."""
    with in_language_of(request):
        return answer_failure(
            request, 403, title=_("This is not open to you"), happened=_("Your role does not reach this page."),
            safe=_("Nothing was done. Whoever keeps the installation grants roles."),
        )  # fmt: skip


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for a page that is not there, saying nothing about what there might be."""
    with in_language_of(request):
        return answer_failure(
            request, 404, title=_("There is no such page"),
            happened=_("The address is wrong, or what stood there is not public."),
            safe=_("Start from the home page, or search."),
        )  # fmt: skip


def too_large(request: HttpRequest, most: int = 0) -> HttpResponse:
    """Answer for more than the server takes at once."""
    with in_language_of(request):
        limit = most or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return answer_failure(
            request, 413, title=_("Too large"),
            happened=_("What you sent is larger than the {size} MiB that are taken here.").format(size=limit // 2**20),
            safe=_("Nothing was done. Go back: what you typed is still in the form. Choose a smaller file, or split it in two."),
        )  # fmt: skip


def wrong_method(request: HttpRequest) -> HttpResponse:
    """Answer whoever asks in a way that no page of this server knows."""
    with in_language_of(request):
        response = answer_failure(
            request, 405, title=_("This cannot be read"), happened=_("Your browser sent something that the server cannot read."),
            safe=_("Nothing was done. Go back and try again; what you typed may still be there."),
        )  # fmt: skip
        response["Allow"] = "GET, HEAD, POST"
        return response


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer whoever asks too often."""
    with in_language_of(request):
        return answer_failure(
            request, 429, title=_("Too many requests"), happened=_("Your address asked for this too often in a short time."),
            safe=_("Nothing was done by this last one. Wait a minute, then send it again."), retry_after=60,
        )  # fmt: skip


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for a fault: one that has a name (no database, a full disk) with its own page, any other with a plain one."""
    error = sys.exc_info()[1]
    with in_language_of(request):
        known = answer_error(request, error) if error is not None else None
        return known or answer_failure(
            request, 500, title=_("The server made a mistake"),
            happened=_("This is a fault of Evenhand, not of what you did; its keepers find it in the log."),
            safe=_(
                "What you were doing was done wholly or not at all. Send it again with the same button: if it was done, it "
                "is not done twice."
            ) if request.method == "POST" else _("Nothing was changed. Start from the home page."),
            again=fields_to_send_again(request), token=request.POST.get("csrfmiddlewaretoken", "") if again_is_safe(request) else "",
        )  # fmt: skip


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not count any more; what was typed stands on the page, ready to be sent again.

    Only where the browser says that the form came from our own page: another site must not get a button under our name.
    """
    with in_language_of(request):
        from_here = came_from_here(request)
        again = fields_to_send_again(request) if from_here else []
        return answer_failure(
            request, 403, title=_("The form was open for too long"),
            happened=_("The form was not accepted, because it could not be told that it came from you: it was open for very long, "
                       "you signed in or out meanwhile, or your browser keeps no cookies."),
            safe=_("Nothing was done, and what you typed was kept. Send it again?") if again
            else _("Nothing was done. Go back, load the page again, and send it once more."),
            again=again, token=get_token(request) if again else "",
        )  # fmt: skip


def came_from_here(request: HttpRequest) -> bool:
    """Say whether the browser vouches that a form was sent by a page of this server."""
    origin = request.headers.get("Origin", "")
    if origin:
        parts = urlsplit(origin)
        return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def again_is_safe(request: HttpRequest) -> bool:
    """Say whether a form can be sent again as it was: it can be read, and holds no file and no secret."""
    if request.method != "POST":
        return False
    try:
        sent = set(request.POST) - {"csrfmiddlewaretoken"}
        return not request.FILES and set(fields_of(request)) == sent and 0 < len(sent) <= MOST_SHOWN
    except (UnreadablePostError, RequestDataTooBig, TooManyFieldsSent):
        return False


def fields_to_send_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of the form that was sent, one by one, where it can be sent again."""
    if not again_is_safe(request):
        return []
    return [(name, value) for name, values in fields_of(request).items() for value in values]


def in_language_of(request: HttpRequest) -> translation.override:
    """Speak the language of the address; where it has none, the one that the browser asks for."""
    first = request.path_info.lstrip("/").partition("/")[0]
    known = {code for code, _name in settings.LANGUAGES}
    if first in known:
        return translation.override(first)
    for wanted in request.headers.get("Accept-Language", "").split(","):
        code = wanted.partition(";")[0].strip().partition("-")[0].lower()
        if code in known:
            return translation.override(code)
    return translation.override(settings.LANGUAGE_CODE)


def _answer(request: HttpRequest, failure: Failure, code: str = "") -> HttpResponse:
    again = fields_to_send_again(request) if failure.try_again else []
    return answer_failure(
        request, failure.status, title=failure.title, happened=failure.happened, safe=failure.safe,
        retry_after=failure.retry_after, again=again, token=request.POST.get("csrfmiddlewaretoken", "") if again else "", code=code,
    )  # fmt: skip


def _viewer_id(request: HttpRequest) -> str:
    return str(getattr(getattr(request, "viewer", None), "public_id", ""))
