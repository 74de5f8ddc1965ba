"""Filters, orders, cursors, keys and languages in addresses: whatever stands there, a page comes or a sentence, never a failure."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from evenhand_cast import Cast
from evenhand_matrix import addresses, browser_of, let_go, records
from evenhand_seen import World

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"
VALUES = (
    "", "x" * 3000, "\u202e", "😀", "' OR 1=1 --", f'"{SCRIPT}', "\0", "-1", "1e999999999", "1e-999999999", "NaN", "２０", "0000-00-00",
    "9" * 400, "../../x", "%00", "{{7*7}}", "\r\nSet-Cookie: a=b", "TCD", "%", "_", "\\", "eyJ9", "AAAA====", "ZZZ-zzz",
)  # fmt: skip
FILTERS = (
    "search", "q", "order", "after", "party", "resource", "group", "state", "programme", "place", "donor", "kind", "since", "until",
    "day", "by", "proposal", "lines", "table", "size", "old", "new", "format", "hxl", "below", "stage", "year", "edits", "set", "lot",
    "rule", "compare", "sum", "about", "most", "page",
)  # fmt: skip
SECONDS = 3


@pytest.mark.slow
def test_no_filter_breaks_a_page(world: World) -> None:
    """Every page with every filter, whether it knows it or not: three values at a time, so that all pages meet all values."""
    browser = browser_of("own")
    wrong, number = [], 0
    for one in [one for one in addresses(world) if one.path.startswith("/en/") and one.what not in ("nowhere",)]:
        if (
            one.name in ("account_logout", "everything")
            or one.name.startswith(("mfa_", "account_"))
            or (one.name == "act" and number % 7)
        ):
            number += 1
            continue
        for _ in range(2):
            number += 1
            asked = {name: VALUES[(number * 7 + place) % len(VALUES)] for place, name in enumerate(FILTERS)}
            wrong += look(browser, f"{one.path}?{urlencode(asked)}", one.name)
        name = FILTERS[number % len(FILTERS)]
        wrong += look(browser, f"{one.path}?{urlencode({name: VALUES[number % len(VALUES)]})}", one.name)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["order", "after", "search", "q"])
@pytest.mark.parametrize(
    "page", ["needs", "needs.csv", "offers", "rounds", "consignments", "book/entries", "members", "search"]
)
def test_what_lists_know_takes_anything(cast: Cast, page: str, name: str) -> None:
    browser = Client(raise_request_exception=False)
    wrong = [said for value in VALUES for said in look(browser, f"/en/{page}?{urlencode({name: value})}", page)]
    assert not wrong, "\n".join(wrong)


def look(browser: Any, path: str, name: str) -> list[str]:
    began = time.process_time()
    with transaction.atomic():
        answer = browser.get(path)
        let_go(answer)
        transaction.set_rollback(True)
    took = time.process_time() - began
    page = b"" if answer.streaming else answer.content
    said = []
    if answer.status_code not in (200, 302, 400, 403, 404, 405, 409, 422):
        said.append(f"{name}: {answer.status_code} {path[:160]}")
    if SCRIPT.encode() in page:
        said.append(f"{name}: a script stands in {path[:160]}")
    if "a" in answer.cookies:
        said.append(f"{name}: a header was put in by {path[:160]}")
    if took > SECONDS:
        said.append(f"{name}: {took:.1f} s for {path[:160]}")
    return said


KEYS = (
    "%00", "..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", quote("\u202eTCD"), quote("😀"), "a" * 3000, quote("' OR 1=1 --"), quote(SCRIPT), "%ff%fe",
    "-1", "0", "9" * 100, "tcd", "TCD%0d%0aX-A:1", "%25", "__proto__", "CON", "1e999999999",
)  # fmt: skip
PLACES = (
    "needs/{}", "offers/{}", "parties/{}", "resources/{}", "groups/{}", "programmes/{}", "rounds/{}", "rounds/{}/TCD", "consignments/{}",
    "evidence/{}", "book/entries/{}", "book/checkpoints/{}", "help/{}", "data/{}.csv", "act/need/{}", "receipts/{}", "rounds/x/files/{}",
    "desk/import/{}", "account/recover/{}-x",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_key_breaks_a_page(cast: Cast, place: str) -> None:
    wrong = []
    for asker in ("public", "own"):
        browser = browser_of(asker)
        for key in KEYS:
            answer = browser.get(f"/en/{place.format(key)}")
            if answer.status_code >= 500 or SCRIPT.encode() in answer.content or answer.has_header("X-A"):
                wrong.append(f"{asker}: {answer.status_code} for {key[:60]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "//evil.example/", "/%2f/evil.example", "/\\evil.example", "/en//evil.example", "/en/%5cevil.example", "/xx/needs", "/EN/needs", "/en", "/en/needs/", "/c//evil.example", "/.git/config", "/.env", "/en/..%2f..%2fsettings.py", "/admin//evil.example/", "/static/x", "/assets/../evenhand.toml"],
)  # fmt: skip
def test_no_address_leads_to_another_host_or_out_of_the_pages(cast: Cast, path: str) -> None:
    answer = Client(raise_request_exception=False).get("/", PATH_INFO=path)
    assert answer.status_code in (301, 302, 400, 404)
    assert "evil.example" not in re.sub(r"^/(?!/|\\)", "", answer.get("Location", "")).split("?")[0].partition("/")[0]
    assert not answer.get("Location", "").startswith(("//", "/\\", "http"))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "testserver:80:80",
        "testserver/x",
        "",
        "[::1",
        "évil",
    ],
)
def test_a_host_that_is_not_ours_gets_no_page_that_others_are_given(cast: Cast, host: str) -> None:
    poisoned = (
        Client(raise_request_exception=False).get("/en/needs", headers={"Host": host}) if host.isascii() else None
    )
    assert poisoned is None or poisoned.status_code == 400 or host == ""
    page = Client().get("/en/needs").content.decode()
    assert "evil" not in page


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-Host",
        "X-Forwarded-Server",
        "X-Original-URL",
        "X-Rewrite-URL",
        "Forwarded",
        "X-HTTP-Method-Override",
        "X-Forwarded-Proto",
        "X-Forwarded-For",
    ],
)
def test_a_header_that_nobody_trusts_changes_nothing(cast: Cast, header: str) -> None:
    said = Client().get("/en/needs", headers={header: "evil.example"}).content.decode()
    assert "evil" not in said
    assert "evil" not in Client().get("/en/needs").content.decode()


def test_a_parameter_said_twice_is_no_way_around(world: World) -> None:
    """The last one counts, in a form as in an address; the other is not looked at by anybody else."""
    browser = browser_of("same")
    for path in (
        f"/en/needs/{world['draft']}?ref={world['approved']}",
        "/en/needs?party=KEN&party=TCD",
        "/en/needs.csv?party=KEN&party=TCD&search=&search=CANARY",
    ):
        assert "CANARY" not in browser.get(path).content.decode()
    before = records()
    body = urlencode(
        [
            ("need", world["draft"]),
            ("need", "ND-0000000000"),
            ("need", world["draft"]),
            ("request_id", "x"),
            ("request_id", "y"),
        ]
    )
    answer = browser.post("/en/act/need/submit", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert records() == before
