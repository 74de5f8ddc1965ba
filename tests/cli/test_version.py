"""`evenhand version`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path


def test_the_version_is_that_of_the_project_file(run, project: Path) -> None:
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert run("version").out == f"evenhand {declared}\n"
    assert json.loads(run("version", "--json").out)["result"] == {"version": declared}
