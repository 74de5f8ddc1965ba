"""Export folders built to do harm: each is refused in 2 s of one core and 256 MB, whichever table is asked for.

What a folder says that is not so is in tests/exchange/archive; here are those that would cost time or memory.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from evenhand.exchange.archive import write_archive

pytestmark = pytest.mark.slow

MOST_SECONDS = 2
MOST_MIB = 256

CHILD = r"""
import json, sys, time
from pathlib import Path
from evenhand.errors import EvenhandError
from evenhand.exchange.archive import read_archive
for warm in sys.argv[2:]:
    read_archive(warm).table("parties")
def memory(name):
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith(name)]
    return int(line.split()[1]) / 1024
Path("/proc/self/clear_refs").write_text("5")
before, started = memory("VmRSS"), time.process_time()
try:
    read = read_archive(sys.argv[1]).table("parties").height
    said = {"refused": ""}
except EvenhandError as error:
    said = {"refused": str(error)}
print(json.dumps(said | {"seconds": time.process_time() - started, "mib": memory("VmHWM") - before}))
"""

LINE = b"1,1,e-1,AC-1,us-1,offered,outside/OF-1,offered/OF-1,mask,10,10,piece,,,,2026-11-01,2026-11-22T03:04:05.123456Z,OF-1,"
PARTIES = pl.DataFrame({"key": ["TCD", "KEN"], "name": ["Chad", "Kenya"]})


def write(folder: Path, format: str) -> Path:
    return write_archive(
        folder, entries=[LINE], leaves=[bytes(32)], balances=[("outside/OF-1", -10)], checkpoints={}, keys=[],
        tables={"parties": PARTIES}, root=bytes(32), made_at=datetime(2026, 11, 22, tzinfo=UTC), format=format,
    )  # fmt: skip


def parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def repeated(key: str, count: int) -> pl.DataFrame:
    return pl.select(key=pl.lit(key).repeat_by(count).explode(), name=pl.lit("x").repeat_by(count).explode())


def in_sheet(more: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
            b"</sheetData>", more + b"</sheetData>"
        )
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
            for name, part in parts.items():
                file.writestr(name, part)
        return buffer.getvalue()

    return change


FILES: dict[str, tuple[str, str, Callable[[bytes], bytes]]] = {
    "deep JSON": ("csv", "export.json", lambda data: b"[" * 4_000_000),
    "wide JSON": ("csv", "export.json", lambda data: b"[" + b"1," * 2_000_000 + b"1]"),
    "long JSON number": ("csv", "export.json", lambda data: data.replace(b'"size": 1', b'"size": ' + b"9" * 4_000_000)),
    "endless line of entries": ("csv", "entries.csv", lambda data: data + b"a" * 100_000_000),
    "endless line of leaves": ("csv", "leaves.txt", lambda data: b"0" * 100_000_000),
    "many leaves": ("csv", "leaves.txt", lambda data: data * 1_000_000),
    "endless balance": ("csv", "balances.csv", lambda data: data + b"outside/x," + b"9" * 60_000 + b"\n"),
    "million columns": ("csv", "tables/parties.csv", lambda data: b"a," * 1_000_000 + b"\n"),
    "many commas": ("csv", "tables/parties.csv", lambda data: data + b",,,,\n" * 2_000_000),
    "open quote": ("csv", "tables/parties.csv", lambda data: data + b'"' + b"x,\n" * 5_000_000),
    "bomb": ("xlsx", "tables/parties.xlsx", in_sheet(b" " * 200_000_000)),
    "far cell": ("xlsx", "tables/parties.xlsx", in_sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "entities": ("xlsx", "tables/parties.xlsx", lambda data: in_sheet(b'<!ENTITY a SYSTEM "file:///etc/passwd">')(data)),
    "equal rows": ("parquet", "tables/parties.parquet", lambda data: parquet(repeated("x", 30_000_000))),
    "one long text": ("parquet", "tables/parties.parquet", lambda data: parquet(repeated("long" * 10_000, 50_000))),
}  # fmt: skip


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Sound folders, read first so that what a format needs at all is not counted."""
    folder = tmp_path_factory.mktemp("ordinary")
    return [str(write(folder / format, format)) for format in ("csv", "xlsx", "parquet")]


@pytest.mark.parametrize("what", FILES)
def test_a_hostile_folder_costs_little_and_is_refused(what: str, tmp_path: Path, ordinary: list[str]) -> None:
    format, name, change = FILES[what]
    folder = write(tmp_path / "out", format)
    data = change((folder / name).read_bytes())
    (folder / name).write_bytes(data)
    # Whoever builds such a folder makes its checksums hold.
    sums = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    digests = {path: hashlib.sha256(data).hexdigest() if path == name else digest for digest, path in sums}
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {path}\n" for path, digest in digests.items()))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), *ordinary], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-2_000:])
    said = json.loads(done.stdout)
    assert said["refused"], said
    assert "root:" not in said["refused"]
    assert said["seconds"] <= MOST_SECONDS, said
    assert said["mib"] <= MOST_MIB, said
