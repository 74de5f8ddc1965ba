"""`evenhand backup` and `evenhand restore`: both databases as they stood at one moment, a file each, and back."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import AsJson
from evenhand.cli.session import start
from evenhand.errors import OptionRefused


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist yet.")],
    people: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", show_default=False,
            help="The file for the people register; beside FILE where not said, with .people before its ending.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> Answer:  # fmt: skip
    """Copy both databases, each into one file, as they stood at one moment, while others go on working.

    FILE holds the records, users and their password hashes included; the other file the people register, sealed field by
    field. Keep both as safe as the databases themselves. The keys are in neither, and without them nobody can read the people
    register again: keep a copy of the folder keys/ in another place.
    """
    start()
    from evenhand.database.apart import PEOPLE
    from evenhand.database.backups import write_backups

    beside = people or file_of_people(file)
    if beside.absolute() == file.absolute():
        raise OptionRefused(f"{file} is named for both; the people register goes into a file of its own")
    sizes = write_backups({"default": file, PEOPLE: beside})
    facts = {
        "file": str(file), "size": f"{sizes['default']:,} bytes",
        "people register": str(beside), "its size": f"{sizes[PEOPLE]:,} bytes",
    }  # fmt: skip
    named = f" --people {people}" if people else ""
    return Answer(
        "backup",
        f"The databases are copied to {file} and {beside}.",
        facts,
        {"file": str(file), "bytes": sizes["default"], "people_file": str(beside), "people_bytes": sizes[PEOPLE]},
        closing=(
            f"Bring them back into an empty data folder with: evenhand restore {file}{named}",
            "The people register is useless without its keys, which are in neither file: keep a copy of the folder keys/ apart.",
        ),
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `evenhand backup` wrote.")],
    people: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", show_default=False, help="The file of the people register; the one beside FILE where not said."
        ),
    ] = None,
    without_people: Annotated[
        bool, typer.Option("--without-people", help="Bring back everything else; the people register stays empty.")
    ] = False,
    as_json: AsJson = False,
) -> Answer:  # fmt: skip
    """Bring a backup back into an installation that has no records yet, and audit it.

    Of a backup that was made before there was a people register, one file is enough.
    """
    if people and without_people:
        raise OptionRefused("--people and --without-people contradict each other; give one of them")
    start(fresh=True)
    from evenhand.database.apart import PEOPLE, expect_apart
    from evenhand.database.backups import knows_of, read_backups
    from evenhand.database.migrating import bring_up_to_date

    expect_apart()
    files, beside = {"default": file}, people or file_of_people(file)
    if not without_people and (people or beside.exists() or knows_of(file, PEOPLE)):
        if not beside.exists():
            raise OptionRefused(
                f"{beside} is not there, and {file} was made together with a people register; name its file with --people, or "
                "bring back everything else with --without-people"
            )
        files[PEOPLE] = beside
    read_backups(files)
    bring_up_to_date()  # a backup of an older release
    from evenhand.cli.audit import describe
    from evenhand.stockbook.auditing import audit_book

    answer = describe("restore", audit_book(), f"restored from {' and '.join(map(str, files.values()))}")
    return dataclasses.replace(
        answer, closing=(*answer.closing, *_hints(bool(answer.exit_code)), *_hints_of_people(PEOPLE in files))
    )


def file_of_people(file: Path) -> Path:
    """Return the file of the people register beside that of the records.

    Examples
    --------
    >>> file_of_people(Path("2026-11-22.backup")).name, file_of_people(Path("book")).name
    ('2026-11-22.people.backup', 'book.people')
    """
    return file.with_name(f"{file.stem}.people{file.suffix}")


def _hints(failed: bool) -> list[str]:
    """Say what is to be done about the key that signs, after records came back."""
    from django.conf import settings

    from evenhand.lookups.checkpoints import read_standing

    key, standing = settings.EVENHAND.signing_key_file, read_standing()
    hints = []
    if not key.is_file():
        if failed:
            hints.append(f"The keys are not in a backup: copy yours to {key.parent}, then: evenhand audit")
    elif standing.refused:
        hints.append(f"The key signs nothing over what was restored: {standing.refused}")
    if standing.signed and not standing.remembers:
        hints.append(
            f"Nothing beside the key ({key.name}.last) says what it signed last. If anybody holds a checkpoint of more than "
            f"{standing.signed:,} entries, this is an older copy: sign and record nothing in it, and bring back a newer one"
        )
    return hints


def _hints_of_people(restored: bool) -> list[str]:
    """Say whether the keys that are here open the people register that came back."""
    from django.conf import settings

    from evenhand.lookups.people.installed import look_at_keys

    if not restored:
        return ["Nothing was brought back into the people register; it is empty"]
    return [
        f"The people register: {one.what}. {one.what_to_do}"
        for one in look_at_keys(settings.EVENHAND)
        if one.level == "unsafe"
    ]
