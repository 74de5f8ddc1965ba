"""When something goes wrong: a plain page says what happened and what is safe, asks no database, and loses no word."""

from __future__ import annotations

import errno
import html
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from evenhand_cast import Cast
from evenhand_people import SIGN_IN, give_password

from evenhand.errors import (
    ActionRefused,
    EvenhandError,
    InputRefused,
    NameUnknown,
    NotAllowed,
    OptionRefused,
    Problem,
    RepeatDiffers,
    StockShort,
)
from evenhand.web.failures import views
from evenhand.web.failures.kinds import failure_of
from evenhand.web.failures.middleware import Failures

FORM = "/en/act/need/draft"
TYPED = {"why": "measles in Mandoul\nand “quotes” <b>", "quantity": "3,000", "request_id": "abc"}
ERRORS = [
    (NotAllowed("focal-tcd may not decide"), 403, "focal-tcd may not decide"),
    (NameUnknown("party", "TDC", ["TCD"]), 404, "did you mean"),
    (OptionRefused("the day 'x' is none"), 400, "the day"),
    (ActionRefused("the need is approved already"), 409, "approved already"),
    (StockShort("received|OF-1|TCD", 5, 7), 409, "holds 5"),
    (RepeatDiffers("the id 'a' was used before"), 409, "used before"),
    (InputRefused([Problem("needs", 2, "target", "is −4")]), 422, "row 2"),
    (
        OperationalError("another writer has kept the database for more than 30 seconds; nothing was written."),
        503,
        "Nothing was done",
    ),
    (OperationalError("database is locked"), 503, "Nothing was done"),
    (OperationalError("unable to open database file"), 503, "does not reach its database"),
    (OperationalError("connection refused"), 503, "does not reach its database"),
    (OperationalError("database or disk is full"), 503, "no room left"),
    (OSError(errno.ENOSPC, "No space left on device"), 503, "pages may not open until there is room again"),
]


def handled(error: Exception, request: HttpRequest) -> Any:
    """Answer an error as a view's, through the middleware."""
    return Failures(lambda _: None).process_exception(request, error)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("error", "status", "said"), ERRORS, ids=lambda one: type(one).__name__ if isinstance(one, Exception) else None
)
def test_each_error_has_its_page_and_no_page_asks_a_database(error: Exception, status: int, said: str) -> None:
    """Without the mark of a database, a query would fail this test."""
    answer = handled(error, RequestFactory().post(FORM, TYPED))
    assert answer.status_code == status
    assert said in html.unescape(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("error", "status"), [(error, status) for error, status, _ in ERRORS])
def test_each_error_of_the_api_has_its_one_body(error: Exception, status: int) -> None:
    answer = handled(error, RequestFactory().post("/api/v1/need/draft", TYPED))
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"


def test_every_error_of_the_tree_has_a_page() -> None:
    def below(kind: type[EvenhandError]) -> set[type[EvenhandError]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    for kind in below(EvenhandError):
        error = kind.__new__(kind)
        Exception.__init__(error, "a sentence")
        error.sentence = "a sentence"
        found = failure_of(error, sent=True)
        assert found is not None
        assert 400 <= found.status <= 500


def test_other_errors_are_faults_of_ours_and_tell_nothing_of_the_inside() -> None:
    assert handled(ValueError("secret inside"), RequestFactory().get(FORM)) is None
    try:
        raise ValueError("secret inside")
    except ValueError:
        answer = views.failed(RequestFactory().post(FORM, TYPED))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret inside" not in page
    assert "not done twice" in page


@pytest.mark.parametrize("error", [error for error, status, _ in ERRORS if status == 503])
def test_a_database_that_goes_before_any_view_is_reached_has_the_same_page(error: Exception) -> None:
    """Sessions and sign-in ask the database too; what they meet comes out at the handler of faults."""
    try:
        raise error
    except (OperationalError, OSError):
        answer = views.failed(RequestFactory().get("/en/desk"))
    assert answer.status_code == 503
    assert answer["Retry-After"]


def fields_on(page: str) -> dict[str, str]:
    """Read the hidden fields of the form with which something is sent again."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_what_was_typed_stands_ready_to_be_sent_again_when_the_turn_did_not_come() -> None:
    request = RequestFactory().post(FORM, {**TYPED, "csrfmiddlewaretoken": "the token"})
    page = handled(OperationalError("database is locked"), request).content.decode()
    assert fields_on(page) == TYPED
    assert 'name="csrfmiddlewaretoken" value="the token"' in page
    assert f'action="{FORM}"' in page
    assert "<b>" not in page.split("<form", 1)[1].split("</form>")[0].replace("&lt;b&gt;", "")


@pytest.mark.parametrize("secret", [{"password": "p"}, {"code": "123456"}, {"file": SimpleUploadedFile("a.csv", b"x")}])
def test_no_secret_and_no_file_stands_on_a_page_of_a_failure(secret: dict[str, Any]) -> None:
    request = RequestFactory().post(SIGN_IN, {"login": "focal-tcd", **secret})
    page = handled(OperationalError("database is locked"), request).content.decode()
    assert fields_on(page) == {}
    assert "focal-tcd" not in page


def test_a_page_that_was_asked_for_speaks_of_loading_and_not_of_sending() -> None:
    page = handled(OperationalError("database is locked"), RequestFactory().get("/en/needs")).content.decode()
    assert "Load the page again" in page
    assert "<form" not in page


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/en/account/sign-in", 2**20 + 1, 413), ("/en/act/evidence/add", 2**20 + 1, 0), ("/en/act/evidence/add", 2**27, 413), ("/api/v1/evidence/add", 2**27, 413), ("/en/needs", 10**12, 413)],
)  # fmt: skip
def test_what_is_too_large_is_refused_before_any_of_it_is_read(path: str, size: int, status: int) -> None:
    request = RequestFactory().post(path, b"x", content_type="text/plain")
    request.META["CONTENT_LENGTH"] = str(size)
    reached: list[HttpRequest] = []
    answer = Failures(lambda asked: reached.append(asked))(request)  # type: ignore[arg-type, func-returns-value]
    assert (answer.status_code if status else 0) == status
    assert bool(reached) is (status == 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({}, False),
    ],
)
def test_a_form_that_was_open_too_long_is_kept_for_its_owner_and_not_for_another_site(
    headers: dict[str, str], kept: bool
) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/en/account/step-in", TYPED, headers=headers)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert fields_on(page) == (TYPED if kept else {})
    assert ("csrfmiddlewaretoken" in page) is kept


@pytest.mark.django_db
def test_the_form_that_was_kept_is_accepted_when_it_is_sent_again(cast: Cast) -> None:
    give_password("focal-tcd")
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(
        "/en/account/recover", {"email": "a@b.example"}, headers={"Origin": "http://testserver"}
    ).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    again = browser.post("/en/account/recover", {"csrfmiddlewaretoken": token[1], **fields_on(page)})
    assert again.status_code == 200


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_with_a_page() -> None:
    answer = Client().get("/en/account/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Unknown name of the server" in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "accept", "language"),
    [("/ar/nowhere", "fr", "ar"), ("/nowhere", "fr-CA,fr;q=0.9", "fr"), ("/nowhere", "", "en"), ("/nowhere", "xx,*", "en"), ("/zh/nowhere", "", "zh")],
)  # fmt: skip
def test_a_page_of_a_failure_is_in_the_readers_language(path: str, accept: str, language: str) -> None:
    answer = Client().get(path, headers={"Accept-Language": accept})
    assert answer.status_code == 404
    assert f'lang="{language}"' in answer.content.decode()
    assert ('dir="rtl"' in answer.content.decode()) is (language == "ar")


@pytest.mark.django_db
def test_refusals_of_rights_are_logged_without_a_name(
    cast: Cast, signed_in: Callable[[str], Client], caplog: pytest.LogCaptureFixture
) -> None:
    browser = signed_in("focal-tcd")
    with caplog.at_level(logging.WARNING, "evenhand.security"):
        browser.get("/en/act/round/open")
    lines = [one.getMessage() for one in caplog.records if one.name == "evenhand.security"]
    assert lines[-1:] == ["refused who=u-focal-tcd page=act"]
