"""The plan folder: the public contract of files (docs/reference/plan-folder.md), in and out.

Called by `evenhand.plan`. Writing is all or nothing: a folder is made beside the wanted one and then takes its place.
Reading refuses a folder whose files are not those the certificate names.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from evenhand.errors import PlanUnreadable
from evenhand.exchange.tables import read_tables, write_csv_bytes
from evenhand.supply.columns import GROUPS, LOTS, NEEDS, Table
from evenhand.supply.tables import Tables

CERTIFICATE = "certificate.json"
FORMAT = "evenhand-certificate/1"
INPUTS: dict[str, Table] = {"inputs/needs.csv": NEEDS, "inputs/lots.csv": LOTS, "inputs/groups.csv": GROUPS}
SIX_DECIMALS = ("coverage_before", "coverage_after", "level", "bound")


def write_plan_folder(
    folder: str | os.PathLike[str], tables: Tables, frames: Mapping[str, pl.DataFrame], certificate: Mapping[str, Any]
) -> dict[str, Any]:
    """Write a plan folder, and return its certificate with the SHA-256 of every file.

    Parameters
    ----------
    frames
        File name to table: plan.csv, recipients.csv, lots.csv, and for a bounded plan bound.csv and levels.csv.

    Raises
    ------
    PlanUnreadable
        The folder exists and is neither empty nor a plan, or cannot be written.
    """
    target = Path(folder)
    if target.exists() and not (target.is_dir() and (not any(target.iterdir()) or (target / CERTIFICATE).is_file())):
        raise PlanUnreadable(f"{target} exists and is not a plan; name another folder, or empty this one")
    contents = {name: write_csv_bytes(getattr(tables, table.name), table) for name, table in INPUTS.items()}
    contents |= {name: _csv(frame) for name, frame in frames.items()}
    complete = dict(certificate) | {
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    }
    contents[CERTIFICATE] = (json.dumps(complete, indent=1, ensure_ascii=False) + "\n").encode()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as problem:
        raise PlanUnreadable(f"{target} cannot be written: {problem.strerror}") from None
    try:
        (made / "inputs").mkdir()
        for name, data in contents.items():
            (made / name).write_bytes(data)
        made.chmod(0o755)
        if target.exists():
            _replace(target, made)
        else:
            made.rename(target)
    except OSError as problem:
        raise PlanUnreadable(f"{target} cannot be written: {problem.strerror}") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return complete


def _replace(target: Path, made: Path) -> None:
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    target.rename(old / target.name)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _csv(frame: pl.DataFrame) -> bytes:
    exact = []
    for name, kind in frame.schema.items():
        if name in SIX_DECIMALS:
            micro = (pl.col(name) * 10**6).round().cast(pl.Int64)
            exact.append(pl.format("{}.{}", micro // 10**6, (micro % 10**6).cast(pl.String).str.zfill(6)).alias(name))
        elif kind.is_decimal():
            exact.append(pl.col(name).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end("."))
    return frame.with_columns(exact).write_csv(quote_style="necessary", line_terminator="\n").encode()


def read_plan_folder(folder: str | os.PathLike[str]) -> tuple[Tables, dict[str, pl.DataFrame], dict[str, Any]]:
    """Read a plan folder: its input tables, its other tables as text, and its certificate.

    Raises
    ------
    PlanUnreadable
        It is no plan folder, is incomplete, or a file is not the one that the certificate names.
    """
    path = Path(folder)
    if not path.is_dir():
        raise PlanUnreadable(f"{path} is not a folder; name the folder that `evenhand allocate --out` wrote")
    try:
        certificate = json.loads((path / CERTIFICATE).read_bytes())
        files = certificate["files"]
        wrong = certificate["format"] != FORMAT
        contents = {str(name): (path / str(name)).read_bytes() for name in files}
        missing = [name for name in (*INPUTS, "plan.csv", "recipients.csv", "lots.csv") if name not in files]
    except FileNotFoundError as problem:
        raise PlanUnreadable(f"{path} is not a complete plan: {Path(problem.filename).name} is missing") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise PlanUnreadable(f"{path} is not a plan: {CERTIFICATE} cannot be read as a certificate") from None
    if wrong:
        raise PlanUnreadable(f"{path} has a certificate of another format than {FORMAT}; use the Evenhand that made it")
    if missing:
        raise PlanUnreadable(f"{path} is not a complete plan: its certificate does not name {missing[0]}")
    changed = [name for name, data in contents.items() if hashlib.sha256(data).hexdigest() != files[name]]
    if changed:
        raise PlanUnreadable(
            f"{path} was altered after it was certified: {', '.join(changed)} differs from the certificate; "
            f"`evenhand check {path}` tells more"
        )
    tables = read_tables(*(path / name for name in INPUTS))
    frames = {
        name: pl.read_csv(data, infer_schema=False).fill_null("")
        for name, data in contents.items()
        if name not in INPUTS
    }
    return tables, frames, certificate
