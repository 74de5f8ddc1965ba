"""Installations served as they are in earnest, for tests in a browser: filled once a session, copied, `evenhand serve`.

`serve_copy("demo")` gives a `Site` of its own to whoever changes records; `site_of("demo")` one for all who only read. Kinds:
"demo", "empty" (an installation in which nobody has done anything) and "long" (a demo whose every text is far too long).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

PROGRAM = Path(sys.executable).with_name("evenhand")
NAME = "demo.evenhand.example/stock-book"
OPEN = {"EVENHAND_HTTPS": "no", "EVENHAND_OPEN_DOORS": "yes"}
PATIENCE = 60.0
"""Seconds that a server may take to start on a busy machine."""


@dataclass
class Site:
    """Hold one served installation."""

    address: str
    folder: Path
    log: Path
    _sessions: dict[str, str] = field(default_factory=dict)

    def at(self, path: str, language: str = "en") -> str:
        """Return the address of a page under its language: site.at("needs")."""
        return f"{self.address}/{language}/{path}"

    def read(self, path: str, language: str = "en") -> Any:
        """Return the rows of a public page's JSON: site.read("rounds.json")."""
        with urllib.request.urlopen(self.at(path, language), timeout=30) as answer:
            return json.load(answer)

    def run(self, *words: str, as_user: str = "") -> dict[str, Any]:
        """Run a command on the installation and return its answer."""
        return run_command(self.folder, *words, *(("--as", as_user) if as_user else ()), "--json")

    def cookies_of(self, user: str) -> dict[str, Any]:
        """Return what makes a browser's context that of a user who has signed in: `open_page(address, **cookies)`."""
        if not user:
            return {}
        if user not in self._sessions:
            self._sessions |= json.loads(run_python(self.folder, SESSIONS, user))
        return {
            "storage_state": {
                "cookies": [
                    {
                        "name": "session", "value": self._sessions[user], "domain": "127.0.0.1", "path": "/", "expires": -1,
                        "httpOnly": True, "secure": False, "sameSite": "Lax",
                    }
                ],
                "origins": [],
            }
        }  # fmt: skip

    def step_in(self, page: Page, user: str, language: str = "en", onward: str = "") -> None:
        """Sign in as somebody of the demo, through its open door."""
        onward = onward and f"?next=/{language}/{onward}"
        page.goto(self.at(f"account/sign-in{onward}", language))
        page.locator(f'button[name="as"][value="{user}"]').click()
        page.locator("body[data-who]").wait_for()

    def complaints(self) -> list[str]:
        """Return what the server wrote about failures of its own."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if "Traceback" in line or "Error" in line or "ERROR" in line]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process that works on an installation."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("EVENHAND_", "DJANGO_"))}
    return mine | OPEN | {"EVENHAND_DATA": str(folder), "PYTHONWARNINGS": "default"}


def run_command(folder: Path, *words: str) -> dict[str, Any]:
    """Run a command of Evenhand and return its answer as JSON."""
    done = subprocess.run(
        [str(PROGRAM), *words], capture_output=True, text=True, env=environment(folder), timeout=300, check=False
    )
    assert done.returncode == 0, f"evenhand {' '.join(words)}: {done.stderr[-3000:]}"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run_python(folder: Path, source: str, *words: str) -> str:
    """Run a few lines of Python on an installation, in a process of their own, and return what they print."""
    begin = (
        "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'evenhand.server.settings'\nimport django\ndjango.setup()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", begin + textwrap.dedent(source), *words],
        capture_output=True, text=True, env=environment(folder), timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


SESSIONS = """
    import json, sys, time
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from evenhand.access.models import User
    from evenhand.web.account.second_step import OPEN_DOOR
    made = {}
    for name in sys.argv[1:]:
        user, session = User.objects.get(name=name), SessionStore()
        if name == "demo-auditor" and not user.has_usable_password():  # who has a password and spare codes, and has just shown them; the others stepped in
            user.set_password("a long enough one for an auditor")
            user.save(update_fields=["password"])
            if not Authenticator.objects.filter(user=user).exists():
                RecoveryCodes.activate(user)
            session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "username": name}]
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[OPEN_DOOR] = True
        session["began"] = session["seen"] = time.time()
        session.create()
        made[name] = session.session_key
    print(json.dumps(made))
"""
"""Sign users in as an open door does, without pressing it."""

PEOPLE = """
    from evenhand.access.viewers import viewer_of
    from evenhand.access.models import User
    from evenhand.actions.action import Acting
    from evenhand.actions.users import add_user, grant_role
    from evenhand.lookups.reach import today
    operator = viewer_of(User.objects.get(name="operator"), on=today())
    for name, role, party, group in (
        ("focal-tcd", "focal-point", "TCD", ""), ("donor-demo-relief", "donor", "FRA", ""),
        ("demo-task-force", "secretariat", "", "NAM"), ("board-uga", "board", "UGA", "NAM"), ("demo-auditor", "auditor", "", ""),
    ):
        add_user(Acting(operator), name=name)
        grant_role(Acting(operator), user=name, role=role, party=party, group=group)
"""
"""The demo's people, where there is nothing else of it."""

TEXTS = {
    "records_party": ("name",), "records_group": ("name",), "records_place": ("name",), "records_resource": ("name", "note"),
    "records_need": ("why", "weight_source"), "records_offer": ("conditions",), "records_programme": ("title", "name"),
    "records_evidence": ("title", "source"), "rounds_round": ("title",), "rounds_objection": ("text", "answer"),
    "rounds_recusal": ("reason",), "rounds_vote": ("reason",), "stockbook_consignment": ("carrier", "waybill"),
    "stockbook_consignmentline": ("mark",), "stockbook_entrynote": ("note",), "said_meeting": ("title", "place"),
    "said_reading": ("publisher",), "said_official": ("name",), "said_thread": ("title",), "said_participant": ("name", "office"),
}  # fmt: skip
"""Tables of records → texts that people typed; those that are not there are passed over."""

PROGRAMME = (
    "programme", "start", "--title", "Demo: masks and oxygen for the clinics of the south", "--kind", "aid", "--group", "NAM",
    "--as", "demo-task-force", "--json",
)  # fmt: skip
"""The demo has no programme of its own."""

SAID = """
    from evenhand.access.models import User
    from evenhand.access.viewers import viewer_of
    from evenhand.actions.action import Acting
    from evenhand.actions.catalogue import ACTIONS
    from evenhand.lookups.reach import today
    from evenhand.said.models import Meeting, Statement
    acting = Acting(viewer_of(User.objects.get(name="demo-task-force"), on=today()))
    TEXT = (
        "KAMPALA, March 1, 2022\\n\\nPresident of Uganda Ali Okello received Eva Lund, Executive Director of the World Food Programme, "
        "in Kampala on March 1, 2022. Eva Lund said that India had sent 500 tents to Chad. She hailed the efforts of the head of state. "
        "The head of state announced that Uganda will send {number} doctors to Chad by June 2022."
    )
    for number, title in ((40, "Demo: the President receives the World Food Programme"), (60, "Demo: more doctors for Chad")):
        done = ACTIONS["document read"](
            acting, title=title, file=TEXT.format(number=number).encode(), filename="readout.txt", publisher="Demo News",
            source="https://press.example/readout",
        )
        if number == 40:
            for one in Statement.objects.filter(evidence=done.ref):
                ACTIONS["statement accept"](acting, statement=one.ref)
            for one in Meeting.objects.filter(documents__evidence=done.ref):
                ACTIONS["meeting confirm"](acting, meeting=one.ref)
            promised = Statement.objects.get(evidence=done.ref, kind="promised")
            ACTIONS["statement thread"](acting, statement=promised.ref, title="Demo: doctors for Chad")
"""
"""What was said beside the readouts of the demo itself: one more that was checked, and one that waits."""

LONG = (
    " with a name as long as names of ministries, commissions and laboratories are in more languages than one, and in it the word "
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
)


def _lengthen(folder: Path) -> None:
    import sqlite3

    with contextlib.closing(sqlite3.connect(folder / "evenhand.sqlite3")) as book:
        for table, columns in TEXTS.items():
            there = {row[1] for row in book.execute(f"PRAGMA table_info({table})")}
            for column in columns:
                if column in there:
                    with contextlib.suppress(sqlite3.DatabaseError):  # what the book itself refuses to change
                        book.execute(f"UPDATE {table} SET {column} = {column} || ? WHERE {column} <> ''", (LONG,))
        book.commit()


def fill(kind: str, folder: Path) -> None:
    """Fill a folder with an installation of a kind."""
    if kind == "empty":
        run_command(folder, "init", str(folder), "--name", NAME, "--group", "NAM", "--json")
        run_python(folder, PEOPLE)
        return
    run_command(folder, "demo", str(folder), "--json")
    run_command(folder, *PROGRAMME)
    run_python(folder, SAID)
    if kind == "long":
        _lengthen(folder)


@contextlib.contextmanager
def serving(folder: Path, *, port: int = 0, workers: int = 1) -> Iterator[Site]:
    """Serve an installation until the block ends; what the server could not do fails the test."""
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    log = folder / "served.log"
    with log.open("w", encoding="utf-8") as written:
        server = subprocess.Popen(
            [str(PROGRAM), "serve", "--port", str(port), "--workers", str(workers)],
            stdout=written, stderr=subprocess.STDOUT, env=environment(folder), cwd=folder,
        )  # fmt: skip
    site = Site(f"http://127.0.0.1:{port}", folder, log)
    try:
        _wait(site, server)
        yield site
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)
    assert not site.complaints(), log.read_text(encoding="utf-8")[-4000:]


def _wait(site: Site, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, site.log.read_text(encoding="utf-8")[-3000:]
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{site.address}/health", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"it did not start in {PATIENCE:.0f} s: {site.log.read_text(encoding='utf-8')[-3000:]}")


FindTemplate = Callable[[str], Path]
ServeCopy = Callable[..., Site]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> FindTemplate:
    """Return the folder of a filled installation, made once for all processes of the tests. It is for copying alone."""
    ours = tmp_path_factory.getbasetemp()
    shared = ours.parent if os.environ.get("PYTEST_XDIST_WORKER") else ours

    def found(kind: str) -> Path:
        folder = shared / f"filled-{kind}"
        with (shared / f"filled-{kind}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.is_dir():
                making = shared / f"making-{kind}"
                shutil.rmtree(making, ignore_errors=True)
                fill(kind, making)
                making.rename(folder)
        return folder

    return found


@pytest.fixture(scope="session")
def site_of(filled: FindTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    """Serve an installation of a kind for all tests of this process that only read it."""
    sites: dict[str, Site] = {}
    with contextlib.ExitStack() as stack:

        def found(kind: str = "demo") -> Site:
            if kind not in sites:
                folder = tmp_path_factory.mktemp(f"site-{kind}", numbered=True) / "data"
                shutil.copytree(filled(kind), folder)
                sites[kind] = stack.enter_context(serving(folder))
            return sites[kind]

        yield found


@pytest.fixture
def serve_copy(filled: FindTemplate, tmp_path: Path) -> Iterator[ServeCopy]:
    """Serve an installation of one's own, to change what one likes in it."""
    with contextlib.ExitStack() as stack:

        def served(kind: str = "demo") -> Site:
            folder = tmp_path / kind
            shutil.copytree(filled(kind), folder)
            return stack.enter_context(serving(folder))

        yield served
