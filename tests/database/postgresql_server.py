"""A PostgreSQL server of the tests' own: a folder in /tmp, a Unix socket, nobody else's data, gone at the end.

For the harness, which starts one for a session, and for tests that stop a server under its writers, which start their
own. It listens on no port and touches no server that was there before.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

SWIFT = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For a server whose data need not outlive a loss of power: what most tests want, and what no installation should have."""

ROLE = "postgres"
PROCESS_DIED = 1  # PR_SET_PDEATHSIG
SECONDS = 30
STOP = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class ServerMissing(Exception):
    """Say that this machine has no PostgreSQL, and what to install."""


def binaries() -> Path:
    """Return the folder of initdb and postgres, the newest where there are several."""
    on_path = shutil.which("initdb")
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    versions = sorted(debian, key=lambda file: int(re.sub(r"\D", "", file.parent.parent.name) or 0))
    for initdb in [Path(on_path).resolve()] if on_path else versions[::-1]:
        if (initdb.parent / "postgres").is_file():
            return initdb.parent
    raise ServerMissing(
        "--database postgresql needs PostgreSQL's programs (initdb, postgres) on the PATH or in /usr/lib/postgresql; "
        "install Debian's package with: make .venv/.postgres"
    )


class PostgresqlServer:
    """Hold one server; `start` and `stop` as often as a test likes, `remove` once.

    Parameters
    ----------
    settings
        Lines of postgresql.conf, as names and values.
    """

    def __init__(self, **settings: str) -> None:
        self._programs = binaries()
        # /tmp itself: a socket's path is at most 107 characters, and tmp_path is closed to the user postgres.
        self.folder = Path(tempfile.mkdtemp(prefix="evenhand-postgresql-", dir="/tmp"))
        self._settings = {"listen_addresses": "", "max_connections": "200", "unix_socket_directories": str(self.folder)}
        self._settings |= settings
        self._process: subprocess.Popen[bytes] | None = None
        self._user: str | None = None
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            self._user = ROLE
            shutil.chown(self.folder, ROLE, ROLE)
        self._run("initdb", "-U", ROLE, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-D", self._data)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments], check=True, capture_output=True, cwd=self.folder, user=self._user
        )

    def start(self) -> None:
        """Start the server and wait until it answers; the kernel stops it when this process dies."""
        import psycopg  # here, so that a run on SQLite does not wait for it

        libc = ctypes.CDLL(None)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data]
                + [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                group=pwd.getpwnam(self._user).pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                process_group=0,  # Ctrl-C at the tests is not meant for the server
                preexec_fn=lambda: libc.prctl(PROCESS_DIED, signal.SIGQUIT),
            )
        end = time.monotonic() + SECONDS
        while True:
            try:
                psycopg.connect(self.conninfo("postgres")).close()
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}") from error
                time.sleep(0.02)
            else:
                return

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: "fast" with a checkpoint, "immediate" as if it had crashed."""
        if self._process is not None:
            self._process.send_signal(STOP[mode])
            self._process.wait(SECONDS)
            self._process = None

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def conninfo(self, name: str) -> str:
        """Return what psycopg needs to reach a database of this server."""
        return f"host={self.folder} user={ROLE} dbname={name}"

    def url(self, name: str) -> str:
        """Return what EVENHAND_DATABASE needs to reach it."""
        return url(self.folder, name)


def url(folder: str | Path, name: str) -> str:
    """Return the address of a database, given the folder of the server's socket."""
    return f"postgresql://{ROLE}@{quote(str(folder), safe='')}/{name}"
