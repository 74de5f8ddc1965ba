"""Serve a large installation, let a crowd visit it while somebody writes, and say how long they waited.

    python -m bench.portal.load crowd|beside SCENE SECONDS

`crowd`: `evenhand serve --workers 2` on a copy of the scene, each address asked for once, then wrk with fifty connections,
and one need drafted each second through the API by this process, and every fifth of them approved. `beside`: one page and one list of the API by turns with
the same fifty rows from plain Django (`bench.portal.plain`) under the same granian; and the page where nothing of it is
kept. Prints what was measured as JSON. Run by `bench.cases.portal`, which starts it in a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGINT
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VISITS = Path(__file__).with_name("visits.lua")
CONNECTIONS, THREADS, WORKERS = 50, 2, 2
TURNS = 3
MOST_START = 300
BOOK = {"party": "TCD", "resource": "mask-surgical", "quantity": "40", "why": "measured while a crowd reads"}


@contextmanager
def served(folder: Path, *, plain: bool = False) -> Iterator[str]:
    """Serve a folder, ours or as the peer, and return where once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    as_behind_a_proxy = {"EVENHAND_PROXY": "yes", "EVENHAND_HTTPS": "no", "EVENHAND_OPEN_DOORS": "no"}
    environment = os.environ | {"EVENHAND_DATA": str(folder)} | as_behind_a_proxy
    command = ["-m", "evenhand", "serve", "--port", str(port), "--workers", str(WORKERS)]
    if plain:
        command = ["-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", str(WORKERS)]
        command += [
            "--blocking-threads",
            "8",
            "--no-access-log",
            "--log-level",
            "error",
            "bench.portal.plain:application",
        ]
    with (folder / ("plain.log" if plain else "serve.log")).open("wb") as log:
        server = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        ready = f"{address}/needs" if plain else f"{address}/en/"
        begun = time.monotonic()
        while _status(ready) != 200:
            if server.poll() is not None or time.monotonic() - begun > MOST_START:
                raise RuntimeError(f"the server did not start: {(folder / 'serve.log').read_text()[-2000:]}")
            time.sleep(0.5)
        yield address
    finally:
        server.send_signal(SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def visit(address: str, requests: Path, seconds: int) -> dict[str, Any]:
    """Have wrk ask what a file says, and return what it measured."""
    command = ["wrk", f"-c{CONNECTIONS}", f"-t{THREADS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(VISITS)]
    done = subprocess.run([*command, address, "--", str(requests)], check=True, capture_output=True, text=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said | {"rate": said["requests"] / said["seconds"]}


def visit_each(address: str, requests: Path) -> None:
    """Ask once for each address that everybody may read."""
    lines = {line for line in requests.read_text(encoding="utf-8").splitlines() if "\t-\t" in line}

    def ask(place: int, line: str) -> None:
        path, _, accepted = line.split("\t")
        headers = {
            "Accept": accepted,
            "Accept-Encoding": "br",
            "X-Forwarded-Proto": "http",
            "X-Forwarded-For": f"10.9.{place % 250}.1",
        }
        with (
            suppress(urllib.error.HTTPError),
            urllib.request.urlopen(urllib.request.Request(address + path, None, headers), timeout=60),
        ):
            pass

    with ThreadPoolExecutor(2 * WORKERS) as visitors:
        list(visitors.map(ask, *zip(*enumerate(sorted(lines)), strict=True)))


@contextmanager
def writing(address: str, keys: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Draft a need each second through the API, submit and approve every fifth; count them, and how long the longest took."""
    told: dict[str, Any] = {"written": 0, "approved": 0, "refused": 0, "longest": 0.0}
    over = Event()

    def act(who: str, name: str, given: dict[str, str]) -> str:
        begun = time.monotonic()
        status, answer = _ask(f"{address}/api/v1/need/{name}", keys[who], given)
        told["longest"] = max(told["longest"], time.monotonic() - begun)
        told["written" if status in (200, 201) else "refused"] += 1
        return str(answer.get("ref") or answer.get("data", {}).get("ref", "")) if status in (200, 201) else ""

    def write() -> None:
        number = 0
        while not over.wait(1.0):
            number += 1
            ref = act("focal", "draft", BOOK | {"why": f"{BOOK['why']}, {number}"})
            if ref and number % 5 == 0:
                told["approved"] += bool(
                    act("focal", "submit", {"need": ref}) and act("secretariat", "approve", {"need": ref})
                )

    writer = Thread(target=write)
    writer.start()
    try:
        yield told
    finally:
        over.set()
        writer.join()


def crowd(scene: Path, folder: Path, seconds: int) -> dict[str, Any]:
    """Measure the mixed load."""
    requests = folder / "visits.txt"
    made = [sys.executable, "-m", "bench.portal.visitors", str(folder), str(requests)]
    told = json.loads(subprocess.run(made, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    with served(folder) as address:
        begun = time.monotonic()
        visit_each(address, requests)  # as on a server that has been up for a while
        told["first_visits"] = time.monotonic() - begun
        with writing(address, told.pop("keys")) as written:
            time.sleep(2)
            found = visit(address, requests, seconds)
    return found | {"writes": written, "addresses": told}


def beside(scene: Path, folder: Path, seconds: int) -> dict[str, Any]:
    """Measure a page and a list beside plain Django, by turns; and the page with nothing kept."""
    asked = {"page": ("/en/needs", "/needs"), "api": ("/api/v1/needs?most=50", "/needs.json")}
    files = {}
    for name, (ours, plain) in asked.items():
        for whose, where in (("ours", ours), ("plain", plain)):
            files[name, whose] = folder / f"{name}-{whose}.txt"
            files[name, whose].write_text(f"{where}\t-\t*/*\n" * 1000, encoding="utf-8")
    rates: dict[str, dict[str, list[float]]] = {name: {"ours": [], "plain": []} for name in asked}
    refused = 0
    with served(folder) as ours, served(folder, plain=True) as plain:
        for turn in range(-1, TURNS):
            for name in asked:
                for whose, address in (("ours", ours), ("plain", plain)):
                    found = visit(address, files[name, whose], seconds if turn >= 0 else 1)
                    refused += found["refused"] + found["broken"]
                    if turn >= 0:
                        rates[name][whose].append(found["rate"])
        anew = folder / "anew.txt"
        anew.write_text("".join(f"{one}\t-\t*/*\n" for one in _never_asked()), encoding="utf-8")
        uncached = visit(ours, anew, seconds)
    return {"rates": {name: {w: median(r) for w, r in both.items()} for name, both in rates.items()}} | {
        "ratios": {n: median(a / b for a, b in zip(both["ours"], both["plain"], strict=True)) for n, both in rates.items()},
        "uncached": uncached, "refused": refused,
    }  # fmt: skip


def _never_asked() -> list[str]:
    """Return addresses of the page of needs of which none is asked for twice: what the page does not know changes nothing."""
    return [f"/en/needs?visit={number}" for number in range(30_000)]


def _status(address: str) -> int:
    return _ask(address)[0]


def _ask(address: str, key: str = "", data: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    asked = urllib.request.Request(address, json.dumps(data).encode() if data else None, headers)
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            said = answer.read()
            return int(answer.status), json.loads(said) if data else {}
    except urllib.error.HTTPError as error:
        return error.code, {}
    except OSError:
        return 0, {}


def main(arguments: list[str]) -> int:
    """Measure on a copy of the scene: what is written does not stay."""
    what, scene, seconds = {"crowd": crowd, "beside": beside}[arguments[0]], Path(arguments[1]), int(arguments[2])
    with TemporaryDirectory(prefix="evenhand-portal-") as made:
        folder = Path(made) / "scene"
        shutil.copytree(scene, folder)
        environment = os.environ | {"EVENHAND_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "evenhand.server.settings"}
        begin = "import django; django.setup(); from evenhand.database.migrating import bring_up_to_date as do; do()"
        migrate = [sys.executable, "-c", begin]
        subprocess.run(migrate, check=True, env=environment, cwd=ROOT, capture_output=True)
        print(json.dumps(what(scene, folder, seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
