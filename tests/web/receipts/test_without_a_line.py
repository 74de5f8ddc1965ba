"""A receipt without a line, in a real browser: kept on the phone, sent once when the line is back, never lost, never as somebody else.

The pages are those of the project, drawn once; the server behind them is a small one whose line can be cut.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest
from evenhand_travel import Travel

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon"}
WAIT = 8000


@dataclass
class Line:
    """Hold a server behind a line: whether it is up, who is signed in, what came in, and what is answered."""

    pages: dict[str, str]
    policy: str
    up: bool = True
    who: str = "u-focal-tcd"
    answer: dict[str, Any] = field(
        default_factory=lambda: {"state": "done", "said": ["Line 1: all good."], "problems": []}
    )
    received: list[dict[str, str]] = field(default_factory=list)
    signed_out: int = 0
    address: str = ""


def _name(part: Message) -> str:
    return str(part.get_param("name", header="content-disposition"))


def handler_of(line: Line) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            asset = path.removeprefix("/assets/")
            if not line.up:
                self.connection.close()
            elif path.startswith("/assets/"):
                self._say((files("evenhand.web") / "assets" / asset).read_bytes(), KINDS[asset.rpartition(".")[2]])
            elif path == "/sw.js":
                self._say((files("evenhand.web") / "assets" / "sw.js").read_bytes(), "text/javascript")
            elif path == "/en/receipts/token":
                self._say(json.dumps({"who": line.who, "token": "fresh"}).encode(), "application/json")
            else:
                self._say(line.pages.get(path, "<title>elsewhere</title>").encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if not line.up:
                self.connection.close()
            elif self.path.startswith("/en/account/sign-out"):
                line.signed_out += 1
                self._say(b"<title>signed out</title>", "text/html")
            else:
                head = f"Content-Type: {self.headers['Content-Type']}\n\n".encode()
                parts: Any = BytesParser().parsebytes(head + body).get_payload()
                line.received.append({_name(part): part.get_payload(decode=True).decode() for part in parts})
                self._say(json.dumps(line.answer).encode(), "application/json")

        def _say(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            for name, value in (
                ("Content-Type", kind), ("Content-Security-Policy", line.policy), ("Cache-Control", "no-store"),
                ("Content-Length", str(len(body))),
            ):  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def line(travel: Travel, reader: Any) -> Iterator[Line]:
    """The pages of receipts behind a line."""
    client = reader("focal-tcd")
    addresses = ("/en/receipts", f"/en/receipts/{travel.ref}")
    found = [client.get(address) for address in addresses]
    made = Line(
        dict(zip(addresses, (one.content.decode() for one in found), strict=True)), found[0]["Content-Security-Policy"]
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(made))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a line that was cut is no error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone(browser: Any, line: Line) -> Iterator[Callable[[], Any]]:
    """A telephone that has opened the list of receipts once, with a line; call it for another tab."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.set_default_timeout(WAIT)

    def tab() -> Any:
        page = context.new_page()
        page.goto(f"{line.address}/en/receipts")
        return page

    page = tab()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept: list[str] = []
    for _try in range(40):
        kept = page.evaluate("caches.open('evenhand-pages').then((c) => c.keys()).then((k) => k.map((one) => one.url))")
        if sum("/receipts" in one for one in kept) == 2:
            break
        page.wait_for_timeout(200)
    else:
        pytest.fail(f"the pages were not kept: {kept}")
    yield tab
    context.close()


def give(page: Any, line: Line) -> None:
    """Open the one receipt, and confirm it."""
    address = next(one for one in line.pages if "CN-" in one)
    page.goto(line.address + address)
    page.locator("#is-1-good").check()
    page.locator("#is-2-later").check()
    page.fill("#note", "came by boat")
    page.get_by_role("button", name="Confirm receipt").click()
    page.wait_for_url("**/en/receipts*")


def send_now(page: Any) -> None:
    """Press the button that sends; the worker may have sent by itself before, and the button be gone."""
    page.evaluate("document.querySelector('#kept [data-send]').click()")


def said(page: Any, words: str) -> None:
    """Wait until the box of what is kept says something."""
    page.locator("#kept", has_text=re.compile(words)).wait_for()


def test_a_receipt_given_without_a_line_is_kept_and_sent_once_when_it_is_back(line: Line, phone: Any) -> None:
    page = phone()
    line.up = False
    give(page, line)
    said(page, "Kept on this phone, not sent yet")
    other = phone()  # a second tab, without a line as well
    said(other, "Kept on this phone, not sent yet")
    assert line.received == []
    line.up = True
    other.evaluate("for (let time = 0; time < 3; time++) document.querySelector('#kept [data-send]').click()")
    said(page, "Sent and recorded")
    said(other, "all good")
    assert len(line.received) == 1
    sent = line.received[0]
    assert sent["csrfmiddlewaretoken"] == "fresh"
    assert (sent["is-1"], sent["is-2"], sent["note"]) == ("good", "later", "came by boat")
    page.get_by_role("button", name="Remove from this phone").click()
    page.locator("#kept").wait_for(state="hidden")


def test_whoever_is_signed_out_meanwhile_is_asked_to_sign_in_and_loses_nothing(line: Line, phone: Any) -> None:
    page = phone()
    line.up = False
    give(page, line)
    line.up, line.who = True, ""
    send_now(page)
    said(page, "Sign in again to send it")
    assert page.locator("#kept [data-door]").is_visible()
    line.who = "u-somebody-else"
    send_now(page)
    said(page, "by somebody else")
    assert line.received == []
    line.who = "u-focal-tcd"
    send_now(page)
    said(page, "Sent and recorded")
    assert len(line.received) == 1


def test_what_the_server_does_not_take_is_shown_to_the_person(line: Line, phone: Any) -> None:
    page = phone()
    line.up = False
    give(page, line)
    line.up = True
    line.answer = {"state": "refused", "said": [], "problems": ["Line 1: all of it was received already."]}
    send_now(page)
    said(page, "did not take all of it")
    said(page, "received already")


def test_signing_out_asks_before_anything_that_was_not_sent_is_deleted(line: Line, phone: Any) -> None:
    page = phone()
    line.up = False
    give(page, line)
    line.up, line.who = True, ""  # it cannot be sent now
    page.locator(".you form button").click()
    page.wait_for_url("**/en/receipts?leave=1")
    page.locator("[data-leaving]").wait_for()
    assert line.signed_out == 0
    page.get_by_role("button", name="Delete them and sign out").click()
    page.wait_for_url("**/account/sign-out*")
    assert line.signed_out == 1
    left = page.evaluate("indexedDB.databases().then((all) => all.length)")
    assert left <= 1
    assert page.evaluate("caches.has('evenhand-pages')") is False


def test_the_pages_of_receipts_are_sound_at_every_width(
    line: Line, browser: Any, check_axe: Any, too_wide: Any
) -> None:
    for address in line.pages:
        for width in (1280, 390, 320):
            page = browser.new_page(viewport={"width": width, "height": 800})
            complaints: list[str] = []
            page.on("console", lambda one, told=complaints: told.append(one.text) if one.type == "error" else None)
            page.goto(line.address + address)
            assert too_wide(page) == [], (address, width)
            if width == 390:
                check_axe(page)
            if "CN-" in address:
                page.locator("#is-1-part").check()
                page.locator("#damaged-1").fill("1")
                low = page.evaluate(
                    "[...document.querySelectorAll('main :is(button, .choice, .split input, .split select)')]"
                    ".filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect().height).filter((h) => h < 48)"
                )
                assert low == [], width
                assert page.locator("#why_damaged-1").is_visible()
                assert not page.locator("#why_missing-1").is_visible()
            assert complaints == []
            page.close()
