"""The client against a server of this process: lists that page by themselves, actions done once over a line that drops, the
book and a plan checked on the reader's side."""

from __future__ import annotations

import json
import re
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.wsgi import get_wsgi_application
from evenhand_cast import Cast, make_cast
from evenhand_recipes import _round
from evenhand_seen import add_need
from evenhand_stock import make_gift

from evenhand.client import Evenhand
from evenhand.client import line as line_module
from evenhand.client.packed import expect_sums, unpack
from evenhand.errors import FileUnreadable, OptionRefused, PlanNotProved, ServerRefused, ServerUnreachable

pytestmark = pytest.mark.slow


class Quiet(WSGIRequestHandler):
    """Say nothing of each request."""

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def serving(application: Callable[..., Any]) -> Iterator[str]:
    """Serve an application on an address of this machine; the database is that of the test."""
    server = WSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def served(fresh_database: Any, signing: Any, settings: Any) -> Iterator[tuple[str, Cast]]:
    """A server with the cast in a database of its own, its address and the cast."""
    from django.db import connections

    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with fresh_database.here():
        cast = make_cast()
        application = get_wsgi_application()

        def answering(environ: Any, start: Any) -> Any:
            with fresh_database.blocker.unblock():
                response = application(environ, start)
                try:
                    return list(response)
                finally:
                    response.close()
                    connections["default"].close()  # this thread's own

        with serving(answering) as address:
            yield address, cast


def test_a_list_pages_by_itself_and_becomes_a_frame(served: tuple[str, Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.client.server.AT_ONCE", 2)
    for _ in range(5):
        add_need("TCD", "approved", "an outbreak")
    add_need("KEN", "approved", "an outbreak")
    api = Evenhand(served[0])
    refs = [row["ref"] for row in api.needs(party="TCD")]
    assert len(refs) == len(set(refs)) == 5
    frame = api.needs(party="TCD", fields=["ref", "quantity"]).frame()
    assert (frame.columns, frame.height, frame["quantity"].sum()) == (["ref", "quantity"], 5, 5000)
    assert api.needs(party="TCD", fields="ref").frame("pandas").shape == (5, 1)
    assert api.get(f"needs/{refs[0]}", fields="party") == {"party": "TCD"}
    with pytest.raises(ServerRefused, match="did you mean 'TCD'") as refused:
        list(api.needs(party="TDC"))
    assert (refused.value.status, refused.value.told) == (404, "name-unknown")
    with pytest.raises(OptionRefused, match="polars or pandas"):
        api.needs().frame("excel")  # type: ignore[call-overload]  # on purpose


def test_an_action_is_done_once_over_a_line_that_drops(
    served: tuple[str, Cast], ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server does it and the answer is lost; the client asks again under the same id."""
    monkeypatch.setattr(line_module, "FIRST_WAIT", 0.01)
    api = Evenhand(served[0], key=ask("focal-tcd").headers["Authorization"].removeprefix("Bearer "))
    real, lost = api.line._once, [ConnectionResetError("the line dropped"), TimeoutError("too slow")]

    def drop(request: Any) -> Any:
        answer = real(request)
        if lost:
            raise lost.pop()
        return answer

    monkeypatch.setattr(api.line, "_once", drop)
    done = api.act("need draft", party="TCD", resource="vaccine-measles", quantity=1200, why="an outbreak")
    assert done.repeated
    assert [row["ref"] for row in api.needs()] == [done.ref]


def test_a_server_that_never_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "FIRST_WAIT", 0.001)
    with serving(lambda environ, start: []) as address:
        pass
    with pytest.raises(ServerUnreachable, match="3 attempts"):
        list(Evenhand(address, attempts=3).needs())


def test_the_book_is_verified_here_and_what_was_changed_is_found(
    served: tuple[str, Cast], signing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evenhand.actions.checkpoints import make_checkpoint

    address, cast = served
    monkeypatch.setattr("evenhand.client.book.AT_ONCE", 2)
    make_gift("UNICEF", "vaccine-measles", 4000, allocated={"TCD": 1000, "KEN": 500})
    make_checkpoint(cast("task-force"))
    api = Evenhand(address)
    first = api.check_book(keys=[signing.verifier.text()])
    assert first.holds, str(first)
    assert first.entries == 3
    make_gift("IND", "vaccine-measles", 100)
    make_checkpoint(cast("task-force"))
    assert api.check_book(since=first.checkpoint).holds
    real = api.line.ask

    def change(method: str, path: str, **more: Any) -> Any:
        answer = real(method, path, **more)
        if path.endswith("book/lines"):
            answer = type(answer)(answer.status, answer.headers, answer.body.replace(b"1000", b"1001"))
        return answer

    monkeypatch.setattr(api.line, "ask", change)
    assert not api.check_book().holds


def test_a_book_of_another_than_the_known_key_does_not_hold(served: tuple[str, Cast]) -> None:
    from evenhand.actions.checkpoints import make_checkpoint
    from evenhand.ledger.checkpoint import new_signing_key

    address, cast = served
    make_gift("UNICEF", "vaccine-measles", 4000)
    make_checkpoint(cast("task-force"))
    assert not Evenhand(address).check_book(keys=[new_signing_key("somebody/else").verifier.text()]).holds


def test_a_plan_is_fetched_and_checked_here(served: tuple[str, Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    address, _ = served
    ref = _round("TCD", "publish")
    api = Evenhand(address)
    plan = api.plan(ref)
    assert plan.lines["recipient"].to_list() == ["TCD"]
    monkeypatch.setattr("evenhand.plan.check", lambda folder: type("No", (), {"holds": False})())
    with pytest.raises(PlanNotProved, match="does not hold"):
        api.plan(ref)


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_all_public_data_comes_in_one_call_and_is_held_against_its_hashes(
    served: tuple[str, Cast], tmp_path: Path, format: str
) -> None:
    add_need("TCD", "approved", "an outbreak")
    add_need("TCD", "draft", "CANARY")
    folder = Evenhand(served[0]).bulk(tmp_path / "all", format=format)
    needs = next(folder.rglob(f"needs.{format}"))
    assert b"CANARY" not in needs.read_bytes()
    with pytest.raises(OptionRefused, match="holds something"):
        Evenhand(served[0]).bulk(folder)
    needs.write_bytes(needs.read_bytes() + b"x")
    with pytest.raises(FileUnreadable, match="is not the file"):
        expect_sums(folder)


def test_the_tutorial_runs_as_it_stands(
    served: tuple[str, Cast], ask: Any, signing: Any, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cell of the page, in order, against a server of this process; only its names are those of this one."""
    from evenhand.actions.checkpoints import make_checkpoint

    address, cast = served
    ref = _round("TCD", "publish")
    add_need("TCD", "approved", "an outbreak")
    make_checkpoint(cast("task-force"))
    page = (project / "docs" / "tutorial-api.md").read_text(encoding="utf-8")
    cells = re.findall(r"(?:^    .*\n)+", page, re.MULTILINE)
    own = {
        "http://127.0.0.1:8000": address, "RD-...": ref, "evenhand.example/stock-book+c74f20a3+AYEKFA...": signing.verifier.text(),
        "evh_...": ask("focal-tcd", "read", "need").headers["Authorization"].removeprefix("Bearer "),
    }  # fmt: skip
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"Evenhand": Evenhand}
    for cell in cells:
        for told, meant in own.items():
            cell = cell.replace(told, meant)
        exec(textwrap.dedent(cell), names)
    assert len(cells) == 5
    assert names["needs"].height == 2
    assert names["done"].ref.startswith("ND-")
    assert names["book"].holds
    assert names["plan"].lines.height == 1
    assert len(list((tmp_path / "open-data").rglob("*.parquet"))) > 10


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out", "c:out"])
def test_no_file_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    import io
    import zipfile

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("sound", "x")
        archive.writestr(name, "x")
    with pytest.raises(FileUnreadable, match="leads out of its folder"):
        unpack(data.getvalue(), tmp_path / "in", "bulk.zip")
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("book.example.org", None), ("file:///etc/passwd", None), ("ftp://book.example.org", None),
        ("http://book.example.org", "evh_x"), ("https://somebody@book.example.org", None),
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_would_give_the_key_away_is_refused(address: str, key: str | None) -> None:
    with pytest.raises(OptionRefused):
        Evenhand(address, key)


def test_a_key_follows_nobody_elsewhere() -> None:
    """A server that sends the client on to another gets an error, and the other gets nothing."""
    heard: list[str] = []

    def elsewhere(environ: Any, start: Any) -> Any:
        heard.append(environ.get("HTTP_AUTHORIZATION", ""))
        start("200 OK", [("Content-Type", "application/json")])
        return [b'{"data": []}']

    with serving(elsewhere) as other:

        def sends_on(environ: Any, start: Any) -> Any:
            start("302 Found", [("Location", f"{other}/api/v1/needs")])
            return [b""]

        with serving(sends_on) as address, pytest.raises(ServerRefused, match="status 302"):
            list(Evenhand(address, "evh_secret").needs())
    assert heard == []
    assert "evh_secret" not in repr(Evenhand("https://book.example.org", "evh_secret").line)


def test_what_is_no_evenhand_is_said_to_be_none() -> None:
    def other(environ: Any, start: Any) -> Any:
        start("200 OK", [("Content-Type", "text/html")])
        return [b"<h1>It works</h1>"]

    with serving(other) as address, pytest.raises(ServerRefused, match="is it one of Evenhand"):
        list(Evenhand(address).needs())


def test_a_busy_server_is_asked_again_after_the_time_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(line_module.time, "sleep", waited.append)
    answers = [("429 Too Many Requests", b"{}"), ("200 OK", json.dumps({"data": [], "next": None}).encode())]

    def busy(environ: Any, start: Any) -> Any:
        status, body = answers.pop(0)
        start(status, [("Content-Type", "application/json"), ("Retry-After", "7")])
        return [body]

    with serving(busy) as address:
        assert list(Evenhand(address).needs()) == []
    assert waited == [7.0]
