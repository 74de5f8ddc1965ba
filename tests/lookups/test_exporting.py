"""Exports: everything for who may export everything, for others what they may see; never the people who act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from evenhand_cast import NOW, Cast
from evenhand_stock import make_gift

from evenhand.access.viewers import PUBLIC
from evenhand.actions.evidence import attach_evidence
from evenhand.actions.needs import approve_need, draft_need, submit_need
from evenhand.actions.offers import make_offer
from evenhand.errors import FileUnreadable, OptionRefused
from evenhand.exchange.archive import read_archive
from evenhand.ledger.verifier import verify_folder
from evenhand.lookups.exported_tables import TABLES
from evenhand.lookups.exporting import list_names, write_export

pytestmark = pytest.mark.django_db

DRAFT, SUBMITTED, APPROVED, CONDITION, LETTER = (
    f"canary-{word}" for word in ("draft", "submitted", "approved", "condition", "letter")
)


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """A draft, a submitted and an approved need of Chad, an offer with conditions, a letter that is not public."""
    refs = [
        draft_need(
            cast("focal-tcd", reason="canary-reason"), party="TCD", resource="vaccine-measles", quantity="40", why=why
        ).ref
        for why in (DRAFT, SUBMITTED, APPROVED)
    ]
    for ref in refs[1:]:
        submit_need(cast("focal-tcd"), need=ref)
    approve_need(cast("task-force"), need=refs[2])
    make_offer(cast("donor-ind"), donor="IND", resource="mask-surgical", quantity="100", conditions=CONDITION)
    make_gift("IND", "vaccine-measles", 1000, allocated={"TCD": 400})
    attach_evidence(cast("focal-tcd"), about=refs[0], title=LETTER, kind="document", source="a ministry")
    return cast


def said(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("public", {APPROVED}),
        ("donor-ind", {APPROVED}),
        ("focal-ken", {APPROVED}),
        ("focal-tcd", {DRAFT, SUBMITTED, APPROVED, LETTER}),
        ("task-force", {SUBMITTED, APPROVED}),
        ("auditor", {DRAFT, SUBMITTED, APPROVED, CONDITION, LETTER}),
        ("operator", {DRAFT, SUBMITTED, APPROVED, CONDITION, LETTER}),
    ],
)
def test_an_export_holds_what_its_viewer_may_see(filled: Cast, tmp_path: Path, who: str, sees: set[str]) -> None:
    viewer = PUBLIC if who == "public" else filled.viewers[who]
    written = write_export(viewer, tmp_path / "export", made_at=NOW)
    text = said(tmp_path / "export")
    assert {canary for canary in (DRAFT, SUBMITTED, APPROVED, CONDITION, LETTER) if canary in text} == sees
    assert written.whole is (who in ("auditor", "operator"))
    assert ("canary-reason" in text) is written.whole
    assert verify_folder(str(tmp_path / "export")).holds


def test_no_export_names_a_person(filled: Cast, tmp_path: Path) -> None:
    from evenhand.access.models import User

    User.objects.filter(name="focal-tcd").update(email="canary@example.org", full_name="Canary Person")
    write_export(filled.viewers["operator"], tmp_path / "export", made_at=NOW)
    text = said(tmp_path / "export")
    assert not [word for word in ("canary@example.org", "Canary Person", "pbkdf2", "argon2") if word in text]
    assert "u-focal-tcd" in text  # who acted is told by what stands for them


def test_every_table_but_those_of_people_is_exported(cast: Cast) -> None:
    """A new table is exported, or somebody says here why not."""
    from django.apps import apps

    exported = {table.model for table in TABLES}
    written_otherwise = {"Entry", "Account", "Head"}  # entries.csv, balances.csv, and the root of the two
    counted_anew = {"Version"}  # how often anything was done here says nothing there
    people = {"User", "RoleHeld", "ApiKey"}
    ours = ("access", "records", "rounds", "stockbook", "said")
    left_out = {
        model.__name__ for name in ours for model in apps.get_app_config(name).get_models() if model not in exported
    }
    assert left_out == written_otherwise | counted_anew | people


def test_the_figures_of_the_folder_are_those_of_the_book(filled: Cast, tmp_path: Path) -> None:
    from evenhand.stockbook.checkpoints import read_head
    from evenhand.stockbook.models import Account

    write_export(PUBLIC, tmp_path / "export", made_at=NOW)
    archive = read_archive(tmp_path / "export")
    assert (archive.size, archive.root) == (read_head().size, read_head().root())
    assert {one.account: one.balance for one in archive.balances()} == dict(
        Account.objects.values_list("key", "balance")
    )


def test_a_folder_that_is_not_empty_is_left_alone(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "mine.txt").write_text("mine")
    with pytest.raises(FileUnreadable, match="not empty"):
        write_export(PUBLIC, tmp_path / "export", made_at=NOW)
    assert [path.name for path in (tmp_path / "export").iterdir()] == ["mine.txt"]


def test_an_unknown_format_is_refused_and_leaves_no_folder(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match="csv"):
        write_export(PUBLIC, tmp_path / "export", made_at=NOW, format="ods")
    assert list(tmp_path.iterdir()) == []


def test_names_for_templates_are_those_of_the_public_lists(cast: Cast) -> None:
    names = list_names(PUBLIC)
    assert names["parties"]["TCD"] == "Chad"
    assert set(names) == {"parties", "places", "resources", "groups", "programmes"}


def test_an_export_of_an_empty_installation_holds(db: None, tmp_path: Path, settings: Any) -> None:
    written = write_export(PUBLIC, tmp_path / "export", made_at=NOW)
    assert written.entries == 0
    assert verify_folder(str(tmp_path / "export")).holds
