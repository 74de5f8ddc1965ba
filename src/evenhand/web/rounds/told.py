"""A stored plan as the pages tell it: opened and checked once, drawn once for each language.

The bytes of a proposal's folder are read anew for every page (so that one altered in the database shows), and what is made
of them is kept under their hash. Must never take a plan's own word for its proof: `verdict` is the checker's, made here.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from evenhand.certificates import Verdict, check_folder
from evenhand.errors import EvenhandError
from evenhand.figures.from_plan import tell_plan
from evenhand.figures.standing import Standing, find_standing
from evenhand.figures.story import LotStory, PlanStory
from evenhand.lookups.kept import Kept
from evenhand.rounds.plan_files import unpack_files, write_files
from evenhand.rounds.planning import OVERRIDE

PLANS: Final = Kept["Told"](128 * 2**20)
MADE: Final = Kept[Any](32 * 2**20)
"""Pictures, explanations and other things made from plans."""

Value = TypeVar("Value")
Names = Callable[[str, str, str], str]
"""(kind, key, stored name) → the name in the reader's language."""

HEAVY: Final = 12
"""A plan that is opened takes about so many times the bytes of its unpacked files."""


@dataclass(frozen=True, slots=True)
class Told:
    """Hold a stored plan: its story, the checker's verdict, its files, and the plan itself.

    Attributes
    ----------
    sha256
        Of the folder as it is stored: what the board votes on.
    files
        Name → bytes, as they were put before the board.
    plan
        The `evenhand.plan.Plan`, for explanations and what-ifs.
    """

    sha256: str
    story: PlanStory
    standing: Standing
    verdict: Verdict
    files: Mapping[str, bytes]
    certificate: Mapping[str, Any]
    plan: Any

    @property
    def hashes(self) -> list[tuple[str, int, str]]:
        """Return name, bytes and SHA-256 of every file."""
        return [(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(self.files.items())]


def tell(packed: bytes) -> Told:
    """Return a stored plan, opened and checked.

    Raises
    ------
    PlanUnreadable
        It is damaged.
    """
    sha256 = hashlib.sha256(packed).hexdigest()
    found = PLANS.get(sha256)
    if found is not None:
        return found
    from evenhand.plan import read_plan

    files = unpack_files(packed)
    own = {name: data for name, data in files.items() if name != OVERRIDE}
    with tempfile.TemporaryDirectory() as folder:
        write_files(own, Path(folder))
        verdict = check_folder(folder)
        plan = read_plan(folder)
    story = tell_plan(plan, verdict)
    told = Told(sha256, story, find_standing(story), verdict, files, json.loads(files["certificate.json"]), plan)
    PLANS.put(sha256, told, HEAVY * sum(map(len, files.values())))
    return told


def made(key: Sequence[object], make: Callable[[], Value], size: Callable[[Value], int] = lambda _: 20_000) -> Value:
    """Return what was made before under a key, or make it."""
    mark = tuple(key)
    found: Value | None = MADE.get(mark)
    if found is None:
        found = make()
        MADE.put(mark, found, size(found))
    return found


def in_names(story: PlanStory, names: Names, unit: str) -> PlanStory:
    """Return a story with everybody's name, and the unit, in the reader's language."""

    def lot(one: LotStory) -> LotStory:
        return replace(
            one,
            donor=names("party", one.donor, "") if one.donor else "",
            resource=names("resource", one.resource, "") if one.resource else "",
        )

    return replace(
        story,
        unit=unit,
        recipients=tuple(replace(row, name=names("party", row.recipient, row.name)) for row in story.recipients),
        lots=tuple(map(lot, story.lots)),
    )


def waterline_of(told: Told) -> str:
    """Return the main waterline as the certificate has it, an exact fraction; "" where there is none."""
    main = told.standing.main
    if main is None or not main.lots:
        return ""
    greatest = max(main.lots, key=lambda lot: (lot.service_units, lot.lot))
    key = told.certificate.get("waterlines", {}).get(greatest.lot)
    if isinstance(key, list):
        key = key[0]
    return str(key) if key and key != "unlimited" else ""


def proof_sheet(told: Told) -> bytes:
    """Return the proof as a workbook whose formulas check it again.

    Raises
    ------
    OptionRefused
        The plan is too large for a workbook.
    """
    from evenhand.exchange.proof_sheet import write_proof_sheet

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "plan")
        write_files({name: data for name, data in told.files.items() if name != OVERRIDE}, place)
        out = Path(folder, "proof.xlsx")
        write_proof_sheet(place, out)
        return out.read_bytes()


def whole_folder(told: Told, readme: str) -> bytes:
    """Return the folder as a zip file to take away: the plan in `plan/`, the checker beside it, and how to run it."""
    import zipfile

    from evenhand.certificates import standalone_source
    from evenhand.rounds.plan_files import MOMENT

    files = {f"plan/{name}": data for name, data in told.files.items() if name != OVERRIDE}
    files |= {name: data for name, data in told.files.items() if name == OVERRIDE}
    files |= {"check.py": standalone_source().encode(), "README.txt": readme.encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name])
    return out.getvalue()


def try_tell(packed: bytes) -> tuple[Told | None, str]:
    """Return a stored plan, or why it cannot be opened: a page says that, and does not fail."""
    try:
        return tell(packed), ""
    except EvenhandError as error:
        return None, error.sentence
