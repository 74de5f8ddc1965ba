"""Open data is what everybody may see, whoever asks; it is made once for each state of the records."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from evenhand_cast import Cast
from evenhand_seen import World

from evenhand.access.viewers import PUBLIC
from evenhand.configuration import Configuration
from evenhand.errors import NameUnknown, OptionRefused
from evenhand.exchange.open_data.columns import cells_of
from evenhand.exchange.open_data.tables import PUBLIC_TABLES
from evenhand.ledger.merkle import root_of
from evenhand.lookups.open_data import ROWS, list_public_tables, make_bulk, read_about, read_public_table, write_bulk
from evenhand.lookups.papers import read_paper
from evenhand.stockbook.checkpoints import read_head

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    settings.EVENHAND = Configuration({**settings.EVENHAND.values, "data": str(tmp_path)})
    return tmp_path / "open-data"


def package(format: str = "csv") -> zipfile.ZipFile:
    out = io.BytesIO()
    write_bulk(PUBLIC, out, format=format)
    return zipfile.ZipFile(out)


def test_every_declared_table_is_read() -> None:
    assert list(ROWS) == list(PUBLIC_TABLES) == [one.name for one in list_public_tables(PUBLIC)]


@pytest.mark.parametrize("name", PUBLIC_TABLES)
def test_every_public_table_has_a_cell_for_each_of_its_columns(world: World, name: str) -> None:
    found = read_public_table(PUBLIC, name)
    rows = list(cells_of(found.table.columns, found.rows))
    assert rows or name in ("places", "programmes", "checkpoints", "offices")
    place = {column.key: at for at, column in enumerate(found.table.columns)}
    keys = [tuple(row[place[key]] for key in found.table.unique) for row in rows]
    assert not found.table.unique or len(set(keys)) == len(keys)


@pytest.mark.parametrize("who", ["public", "focal-tcd", "donor-unicef", "task-force", "auditor"])
def test_open_data_is_the_same_for_everybody_and_holds_nothing_hidden(world: World, who: str) -> None:
    viewer = PUBLIC if who == "public" else world.cast.viewers[who]
    out = io.BytesIO()
    write_bulk(viewer, out, format="csv")
    bodies = zipfile.ZipFile(out)
    text = "\n".join(bodies.read(name).decode() for name in bodies.namelist())
    assert "Chad" in text
    assert "canary" not in text.casefold()
    assert not any(user in text for user in ("focal-tcd", "u-task-force", "task-force-2"))


def test_the_leaves_of_the_entries_make_the_root_of_the_book(world: World) -> None:
    entries = pl.read_csv(package().read("data/entries.csv"), schema_overrides={"leaf": pl.String})
    about = json.loads(package().read("datapackage.json"))["evenhand"]
    assert root_of([bytes.fromhex(leaf) for leaf in entries["leaf"]]) == read_head().root()
    assert about["entries"] == entries.height == read_head().size


def test_a_second_call_finds_it_ready_until_something_changes(cast: Cast, own_folder: Path) -> None:
    from evenhand.actions.parties import register_party

    first, second = io.BytesIO(), io.BytesIO()
    assert not write_bulk(PUBLIC, first).ready
    assert write_bulk(PUBLIC, second).ready
    assert first.getvalue() == second.getvalue()
    write_bulk(PUBLIC, io.BytesIO(), format="csv")
    assert len(list(own_folder.glob("*.zip"))) == 2
    register_party(cast("operator"), key="new-party", name="New", kind="organisation")
    assert not write_bulk(PUBLIC, first).ready
    assert len(list(own_folder.iterdir())) == 1, "those of earlier versions are gone"


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_made_again_from_the_same_records_it_is_the_same_bytes(world: World, format: str) -> None:
    file = make_bulk(PUBLIC, format=format)
    body = file.read_bytes()
    file.unlink()
    assert make_bulk(PUBLIC, format=format).read_bytes() == body


def test_a_package_that_fails_halfway_leaves_nothing(
    world: World, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evenhand.lookups import open_data

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(open_data, "write_package", fail)
    with pytest.raises(OptionRefused, match="No space left on device; make room"):
        make_bulk(PUBLIC)
    assert list(own_folder.iterdir()) == []


def test_a_table_or_format_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NameUnknown, match=r"no public table 'need'; did you mean 'needs'\?"):
        read_public_table(PUBLIC, "need")
    with pytest.raises(OptionRefused, match="say parquet or csv"):
        make_bulk(PUBLIC, format="xlsx")


def test_what_is_said_of_data_names_licence_version_and_book(world: World) -> None:
    about = read_about(PUBLIC, "Needs", address="https://book.example/en/needs.csv")
    assert (about.licence.name, about.entries) == ("CC-BY-4.0", read_head().size)
    assert about.address.endswith("needs.csv")


def test_papers_are_for_those_who_have_a_part_in_the_consignment(world: World) -> None:
    from evenhand.errors import NotAllowed

    allowed = {"focal-tcd", "donor-unicef", "task-force", "task-force-2", "auditor"}
    for who, viewer in {"public": PUBLIC, **world.cast.viewers}.items():
        if who in allowed:
            paper = read_paper(viewer, world["consignment"], site="https://book.example/")
            assert (paper.carrier, paper.address) == ("CANARYcarrier", f"https://book.example/c/{world['consignment']}")
            assert paper.lines[0].donor.name.startswith("United Nations")
            assert [(loss.what, loss.cause) for loss in paper.lines[0].losses] == [("damaged", "wet or mouldy")]
        else:
            with pytest.raises(NotAllowed, match="are for those who send, give, receive or arrange it"):
                read_paper(viewer, world["consignment"])
