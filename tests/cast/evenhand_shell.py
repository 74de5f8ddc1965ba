"""An installation of the test's own, and the real `evenhand` command run against it, as at a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Outcome:
    exit_code: int
    out: str
    err: str

    @property
    def result(self) -> dict[str, Any]:
        """What --json answered."""
        body = json.loads(self.out)
        return dict(body.get("result", body))


@dataclass(frozen=True)
class Shell:
    """Run `evenhand` against the installation in a folder: shell("need", "list", EVENHAND_USER="")."""

    folder: Path
    environment: dict[str, str]

    def __call__(self, *words: str, **more: str) -> Outcome:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("EVENHAND_", "DJANGO_"))}
        done = subprocess.run(
            [sys.executable, "-m", "evenhand", *words],
            env=kept | {"EVENHAND_DATA": str(self.folder)} | self.environment | more,
            cwd=self.folder.parent,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)


def make_shell(folder: Path, **environment: str) -> Shell:
    """Return what runs commands against the installation in a folder."""
    return Shell(folder, environment)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A seeded installation with its people let in, shared by the tests of one file."""
    shell = make_shell(tmp_path_factory.mktemp("installed") / "data", EVENHAND_USER="operator")
    assert shell("init", "--name", "test.example/book", "--group", "NAM").exit_code == 0
    people = {
        "focal-tcd": ("focal-point", "--party", "TCD"),
        "donor-ind": ("donor", "--party", "IND"),
        "task-force": ("secretariat", "--group", "NAM"),
        "auditor": ("auditor",),
    }
    for name, (role, *bound) in people.items():
        assert shell("user", "add", name).exit_code == 0
        assert shell("user", "grant", name, "--role", role, *bound).exit_code == 0
    return shell
