"""A whole export and back: the same figures, the same root, the same files; and what is refused on the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evenhand_cast import NOW, USERS, Cast, make_cast
from evenhand_stock import make_gift

from evenhand.access.models import ActionLine, RoleHeld, User
from evenhand.access.viewers import viewer_of
from evenhand.actions.action import Acting
from evenhand.actions.bulk.archives import import_archive, restore_archive
from evenhand.actions.bulk.importing import import_file
from evenhand.actions.bulk.sending import Sent
from evenhand.actions.checkpoints import make_checkpoint
from evenhand.actions.evidence import attach_evidence
from evenhand.actions.needs import draft_need, submit_need
from evenhand.errors import ActionRefused, FileUnreadable, NotAllowed
from evenhand.ledger.verifier import verify_folder
from evenhand.lookups.exported_tables import TABLES
from evenhand.lookups.exporting import write_export
from evenhand.records.models import Need, Party, StoredFile
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.models import Entry

pytestmark = pytest.mark.django_db
FACTS = "happened,verb,donor,recipient,resource,quantity,unit,evidence\n2026-01-10,received,IND,TCD,vaccine-measles,40,box,https://who.int/1\n2026-01-11,used,IND,TCD,vaccine-measles,5,box,\n"


def fill(cast: Cast) -> None:
    """Give most tables a row, with texts that are hard to write down."""
    import_file(cast("task-force"), Sent("entries", FACTS.encode(), filename="=facts.csv"))
    made = draft_need(cast("focal-tcd", reason='"quoted", with; marks\nand lines'), party="TCD", resource="vaccine-measles",
                      quantity="40 box", why="=1+1 'quoted' é ∅ @x", tiers="10;20").ref  # fmt: skip
    submit_need(cast("focal-tcd"), need=made)
    make_gift("IND", "mask-surgical", 5000, allocated={"KEN": 500}, conditions="")
    attach_evidence(
        cast("task-force"), about="TCD", title="a letter", kind="document", file=b"%PDF-1.7\n" + bytes(range(256)) * 200, filename="x.pdf",
    )  # fmt: skip
    fill_round()


def fill_round() -> None:
    """Write a round with a proposal whose texts are longer than a cell, straight into the tables."""
    from evenhand.records.models import Offer
    from evenhand.rounds import models as rounds

    one = rounds.Round.objects.create(
        ref="RD-0000000001", title="First", group_id="NAM", resource_id="vaccine-measles", rule="equal-coverage", date=NOW.date(),
        state="published", published=2, opened_by="u-task-force", made_at=NOW,
    )  # fmt: skip
    rounds.RoundLot.objects.create(round=one, offer=Offer.objects.first(), packs=3, pack_size=100)
    rounds.RoundNeed.objects.create(round=one, need=Need.objects.first())
    rounds.FrozenTable.objects.create(round=one, name="needs", body=b"recipient,target\nTCD,5\n", sha256="0" * 64)
    for number in (1, 2):
        proposal = rounds.Proposal.objects.create(
            round=one, number=number, by="u-task-force", claim="proved best", certificate_sha256="0" * 64, folder=b"PK" + bytes(30_000),
            lines=[["OF-1", "TCD", 3]], explanations={"TCD": "because " * 3000}, measures={"gini": "0.25"}, made_at=NOW,
        )  # fmt: skip
    rounds.Objection.objects.create(
        ref="OB-0000000001", round=one, proposal=proposal, party_id="TCD", text="too little", by="u-focal-tcd", made_at=NOW,
        whatif=["needs.TCD.held=0"],
    )  # fmt: skip
    rounds.Vote.objects.create(
        round=one, proposal=proposal, by="u-board-aze", party="AZE", folder_sha256="0" * 64, approves=True, made_at=NOW
    )


@contextmanager
def taken_back() -> Iterator[None]:
    """Do something in the database and take all of it back, so that the database is empty again."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def operator() -> Acting:
    """Return an operator in an empty database, as `evenhand init --no-seeds` leaves it."""
    user = User.objects.filter(name="operator").first() or User.objects.create_user(
        "operator", public_id="u-first", made_at=NOW
    )
    RoleHeld.objects.get_or_create(user=user, role="operator", since=NOW.date())
    ActionLine.objects.get_or_create(
        id="install", defaults={"name": "install", "by": "u-first", "at": NOW, "digest": "", "given": {}, "answer": {}}
    )
    return Acting(viewer_of(user, on=NOW.date()), origin="test", at=NOW)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file; of what says when the export was made, what else it says."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    about = json.loads(found["export.json"])
    del about["made_at"]
    found["export.json"] = json.dumps(about).encode()
    found["SHA256SUMS"] = b"\n".join(
        line for line in found["SHA256SUMS"].split(b"\n") if not line.endswith(b"export.json")
    )
    return found


@pytest.fixture
def folder(tmp_path: Path, signing: Any) -> Path:
    """A whole export of a filled database; the database is empty again."""
    with taken_back():
        cast = make_cast()
        fill(cast)
        make_checkpoint(cast("operator"))
        write_export(cast.viewers["operator"], tmp_path / "export", made_at=NOW)
    assert not Party.objects.exists()
    return tmp_path / "export"


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
def test_an_export_taken_in_and_exported_again_is_the_same_export(tmp_path: Path, signing: Any, format: str) -> None:
    with taken_back():
        cast = make_cast()
        fill(cast)
        make_checkpoint(cast("operator"))
        first = write_export(cast.viewers["operator"], tmp_path / "first", made_at=NOW, format=format)
    assert (first.whole, first.entries > 5, first.checkpoints) == (True, True, 1)
    who = operator()
    done = import_archive(who, tmp_path / "first")
    assert (done.facts["entries"], done.facts["needs"]) == (first.entries, 1)
    second = write_export(who.viewer, tmp_path / "second", made_at=NOW.replace(year=2027), format=format)
    assert (second.root, second.tables) == (first.root, first.tables)
    one, other = files_of(tmp_path / "first"), files_of(tmp_path / "second")
    assert [name for name in one if one[name] != other.get(name)] == []
    assert one.keys() == other.keys()
    assert audit_book().holds
    assert verify_folder(str(tmp_path / "second")).holds
    if format == "csv":
        assert one["entries.csv"] == other["entries.csv"]


def test_the_same_archive_twice_is_taken_in_once(folder: Path) -> None:
    done = import_archive(operator(), folder)
    assert import_archive(operator(), folder).repeated
    assert Entry.objects.count() == done.facts["entries"]


def test_actions_go_on_in_the_new_installation(folder: Path) -> None:
    import_archive(operator(), folder)
    before = Entry.objects.count()
    user = User.objects.create_user("sec", public_id="u-sec", made_at=NOW)
    RoleHeld.objects.create(user=user, role="secretariat", group="NAM", since=NOW.date())
    row = FACTS.replace("2026-01-10", "2026-01-12").replace("2026-01-11", "2026-01-13")
    import_file(Acting(viewer_of(user, on=NOW.date()), at=NOW), Sent("entries", row.encode()))
    assert Entry.objects.count() > before
    assert audit_book().holds


def test_an_export_of_sqlite_is_the_same_in_this_database(tmp_path: Path, signing: Any, settings: Any) -> None:
    """An installation on SQLite, in a process of its own, goes into whatever database this test runs on."""
    data = tmp_path / "other"
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "from evenhand_cast import NOW, make_cast\nfrom test_archives import fill\n"
        "from evenhand.lookups.exporting import write_export\n"
        "cast = make_cast(); fill(cast); write_export(cast.viewers['auditor'], sys.argv[1], made_at=NOW)\n"
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EVENHAND_")}
    data.mkdir()
    here = Path(__file__).parent
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "first"), str(here), str(here.parents[1] / "cast")],
        env=kept | {"EVENHAND_DATA": str(data), "DJANGO_SETTINGS_MODULE": "evenhand.server.settings"}, check=True, timeout=120,
    )  # fmt: skip
    who = operator()
    import_archive(who, tmp_path / "first")
    write_export(who.viewer, tmp_path / "second", made_at=NOW)
    one, other = files_of(tmp_path / "first"), files_of(tmp_path / "second")
    assert [name for name in one if one[name] != other.get(name)] == []


# --- what is refused --------------------------------------------------------------------------------------------------


def test_only_an_operator_takes_an_archive_in(folder: Path) -> None:
    make_cast()
    for who, *_ in USERS:
        if who != "operator":
            viewer = viewer_of(User.objects.get(name=who), on=NOW.date())
            with pytest.raises(NotAllowed):
                import_archive(Acting(viewer, at=NOW), folder)


def test_an_installation_that_has_records_is_left_alone(folder: Path) -> None:
    cast = make_cast()
    with pytest.raises(ActionRefused, match="parties already"):
        import_archive(cast("operator"), folder)


def test_an_archive_of_another_book_is_refused(folder: Path, settings: Any) -> None:
    settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, "name": "other.example/book"})
    with pytest.raises(ActionRefused, match="set its name"):
        import_archive(operator(), folder)


def _change(file: Path, old: bytes, new: bytes) -> None:
    body = file.read_bytes()
    assert old in body
    file.write_bytes(body.replace(old, new, 1))


def _sum_again(folder: Path) -> None:
    """Make the checksums those of the files as they are now, as a forger would."""
    import hashlib

    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    )
    text = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text(text)


@pytest.mark.parametrize(
    ("name", "old", "new", "sums"),
    [
        ("tables/needs.csv", b"4000", b"5000", False),
        ("entries.csv", b",4000,", b",4001,", False),
        ("entries.csv", b",4000,", b",4001,", True),
        ("balances.csv", b",3500", b",3501", True),
        ("leaves.txt", b"a", b"b", True),
        ("tables/checkpoints.csv", b"asked for", b"decision", False),
        ("tables/files.csv", b"JVBERi0x", b"JVBERi0y", True),
    ],
)
def test_an_archive_that_was_changed_is_refused_and_leaves_nothing(
    folder: Path, name: str, old: bytes, new: bytes, sums: bool
) -> None:
    _change(folder / name, old, new)
    if sums:
        _sum_again(folder)
    with pytest.raises(FileUnreadable):
        import_archive(operator(), folder)
    assert not Party.objects.exists()
    assert not Entry.objects.exists()
    assert not StoredFile.objects.exists()


def test_failing_at_the_last_step_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    who = operator()
    with monkeypatch.context() as broken:
        broken.setattr(ActionLine.objects, "create", fail)
        with pytest.raises(OSError, match="full"):
            import_archive(who, folder)
    assert not any(table.model._default_manager.exists() for table in TABLES if table.model is not ActionLine)
    import_archive(who, folder)


def test_the_action_alone_reads_no_folder(db: None) -> None:
    with pytest.raises(ActionRefused, match="evenhand import archive FOLDER"):
        restore_archive(operator(), sums="0" * 64)


def test_what_everybody_may_see_is_no_archive(tmp_path: Path, signing: Any) -> None:
    with taken_back():
        cast = make_cast()
        fill(cast)
        write_export(cast.viewers["focal-ken"], tmp_path / "export", made_at=NOW)
    with pytest.raises(ActionRefused, match="ask an operator or auditor for a whole one"):
        import_archive(operator(), tmp_path / "export")
    shutil.rmtree(tmp_path / "export")
