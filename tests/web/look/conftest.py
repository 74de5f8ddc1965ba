"""The browser, and the showcase of components served as the pages are: same templates, same policy, no database."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

WEB = Path(str(files("evenhand") / "web"))
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
ACCENTS = str.maketrans("aeioucnsyAEIOU", "áéíöüçñšýÁÉÍÖÜ")


STORED = {
    "party": {
        "BDI": ("Burundi", "state", ""), "COD": ("Democratic Republic of the Congo", "state", ""), "TCD": ("Chad", "state", ""),
        "X": ("", "", ""),
    },
    "group": {"NAM": ("Non-Aligned Movement", "movement", "")},
}  # fmt: skip
"""The names that the samples need, as the tables of records would give them."""


def draw_showcase(language: str = "en", *, long: bool = False, **more: Any) -> str:
    """Return the showcase as HTML."""
    # Imported late: Django is started when the first module of a folder that needs it is collected.
    from django.template.loader import render_to_string
    from django.test import RequestFactory
    from django.urls import path, set_urlconf
    from django.utils import translation

    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.names import Names
    from evenhand.web.frame import names
    from evenhand.web.frame.showcase.views import samples

    class Addresses:
        """The two that the frame asks for by name; what the pages are is not looked at here."""

        urlpatterns = tuple(path(name, print, name=name) for name in ("account_login", "account_logout"))

    known = names.names_here
    names.names_here = lambda: Names(language, {}, STORED)
    set_urlconf(Addresses)  # type: ignore[arg-type] -- Django takes a module or anything that has urlpatterns
    try:
        with translation.override(language):
            request = RequestFactory().get(f"/{language}/components", {"long": "1"} if long else {})
            return render_to_string(
                "frame/showcase/showcase.html", samples(request) | {"viewer": PUBLIC} | more, request=request
            )
    finally:
        set_urlconf(None)
        names.names_here = known


def made_longer(html: str) -> str:
    """Return a page whose texts are 40 % longer, as other languages are; refs, which no language translates, stay."""

    def longer(match: re.Match[str]) -> str:
        before, text = match[1], match[2]
        words = text.split()
        if not words or "&" in text or 'class="ref"' in before or "hash" in before:
            return match[0]
        return f"{before}{text.translate(ACCENTS)} {' '.join(words[: max(1, round(len(words) * 0.4))])}<"

    head, body = html.split("</head>", 1)
    return f"{head}</head>{re.sub(r'(<[^<>]*>)([^<>]+)<', longer, body)}"


@pytest.fixture
def drawn() -> Callable[..., str]:
    """The showcase as HTML, in a language."""
    return draw_showcase


class _Pages(BaseHTTPRequestHandler):
    pages: dict[str, str]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        asset = WEB / "assets" / path.removeprefix("/assets/")
        if path.startswith("/assets/") and asset.is_file():
            self._answer(asset.read_bytes(), KINDS.get(asset.suffix, "text/plain"))
        elif path == "/manifest.webmanifest":
            self._answer(b"{}", "application/manifest+json")
        elif path in self.pages:
            self._answer(self.pages[path].encode(), "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that left before its answer came; everything else is an error of the tests."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def showcase() -> Iterator[str]:
    """Serve the showcase; the address that its pages stand under: /en/components, /ar/long, /en/longer, and /en/sound without an error."""
    pages = {}
    for language in ("en", "ar"):
        plain = draw_showcase(language)
        pages |= {
            f"/{language}/components": plain,
            f"/{language}/long": draw_showcase(language, long=True),
            f"/{language}/longer": made_longer(plain),
            f"/{language}/sound": re.sub(r'<div class="errors".*?</ul>\s*</div>', "", plain, flags=re.DOTALL),
        }
    handler = type("Pages", (_Pages,), {"pages": pages})
    server = _Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
