"""What is committed works anywhere: no path of one machine, no package registry, hashes for all that is pinned."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = sorted(PROJECT.glob("requirements*.lock"))
# Put together here so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(
        [
            *("/" + "work/", "/" + "root/", "(?<![A-Za-z])/home/" + "[a-z]", "/opt/" + "[a-z]"),
            *("(?<!no-emit-)index-" + "url", "(?<!no-emit-)find-" + "links", "py" + "pi\\.", "python" + "hosted"),
        ]
    )
)
BINARY = {".xlsx", ".parquet", ".png", ".ico", ".woff2", ".gz", ".zip"}


def committed_files() -> list[Path]:
    """Return the files of the project: those git knows or would add; all of them where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        files = [PROJECT / name for name in listed.stdout.split("\0") if name]
    else:
        made = {".venv", "build", "dist", "__pycache__"}
        files = [
            file
            for file in PROJECT.rglob("*")
            if not any(part in made or part.endswith("_cache") for part in file.relative_to(PROJECT).parts)
        ]
    return [file for file in files if file.is_file()]


def test_no_path_of_a_machine_and_no_registry_stands_in_the_project() -> None:
    found = []
    for file in committed_files():
        if file.suffix in BINARY:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if FORBIDDEN.search(line):
                found.append(f"{file.relative_to(PROJECT)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_everything_pinned_has_an_exact_version_and_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
    pinned = [entry for entry in entries if not entry.startswith("#")]
    assert len(pinned) > 30
    for entry in pinned:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_locks_agree() -> None:
    def versions(lock: Path) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
            found.setdefault(name, set()).add(version)
        return found

    light = versions(PROJECT / "requirements.lock")
    for other in ("bench", "spark"):
        more = versions(PROJECT / f"requirements-{other}.lock")
        assert {name for name in light.keys() & more.keys() if not more[name] <= light[name]} == set(), other


def test_the_checks_are_the_two_commands_the_readme_names() -> None:
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for command in ("make check", "make test"):
        assert f"\n{command}\n" in script
        assert command in readme
