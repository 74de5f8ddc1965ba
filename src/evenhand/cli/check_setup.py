"""`evenhand check-setup`: says plainly what is unsafe about this installation."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from evenhand.cli.answer import Answer, Passage
from evenhand.cli.options import AsJson
from evenhand.cli.session import start

if TYPE_CHECKING:
    from pathlib import Path

    from evenhand.configuration import Configuration
    from evenhand.database.finding import Finding
    from evenhand.lookups.checkpoints import Standing


def check_setup(as_json: AsJson = False) -> Answer:
    """Look at both databases, their files, the clock, the keys, the signatures and the settings; exit 1 if anything is unsafe."""
    start()
    findings = _look()
    unsafe = sum(one.level == "unsafe" for one in findings)
    warnings = sum(one.level == "warning" for one in findings)
    headline = (
        f"{unsafe} unsafe, {warnings} could be better, {len(findings) - unsafe - warnings} are as they should be."
        if unsafe
        else f"Nothing is unsafe; {warnings} could be better, {len(findings) - warnings} are as they should be."
    )
    return Answer(
        "check-setup",
        headline,
        {"ok": "; ".join(one.what for one in findings if one.level == "ok")},
        {"unsafe": unsafe, "warnings": warnings, "findings": [dataclasses.asdict(one) for one in findings]},
        passages=[
            Passage(f"{one.level}: {one.what}", f"{one.why[:1].upper()}{one.why[1:]}\n{one.what_to_do}")
            for one in findings
            if one.level != "ok"
        ],
        exit_code=1 if unsafe else 0,
    )


def _look() -> list[Finding]:
    from django.conf import settings

    from evenhand.database.checks import check_clock, check_debug, check_key_file, check_secret_key, times_of_files
    from evenhand.database.finding import Finding

    configuration = settings.EVENHAND
    findings, readable = _look_at_databases()
    seen = times_of_files(configuration.folder) if configuration.folder.is_dir() else []
    findings += [
        check_clock(datetime.now(UTC), [*seen, *_last_entry()]) if readable else check_clock(datetime.now(UTC), seen),
        check_debug(configuration.debug, settings.ALLOWED_HOSTS),
        check_secret_key(configuration.secret_key()),
        check_key_file(configuration.signing_key_file, _copied(configuration)),
        *(_look_at_signing() if readable else []),
        *_look_at_register(configuration),
        *_look_at_the_door(configuration),
    ]
    if configuration["name"].startswith("evenhand.example/"):
        findings.append(
            Finding(
                "warning", f"the stock book is called {configuration['name']}",
                "checkpoints carry that name for ever, and others may have chosen it too.",
                "Before the first entry, set name in evenhand.toml to one of a domain of yours.",
            )
        )  # fmt: skip
    return sorted(findings, key=lambda one: ("unsafe", "warning", "ok").index(one.level))


def _look_at_databases() -> tuple[list[Finding], bool]:
    """Return what is to be said about both databases, and whether the records can be read."""
    from evenhand.database.apart import PEOPLE, look_at_people
    from evenhand.database.checks import look_at_database
    from evenhand.database.migrating import look_at_tables

    tables = look_at_tables()
    first = [*look_at_database(), *tables]
    second = [one for one in (*look_at_database(PEOPLE), *look_at_tables(PEOPLE)) if one not in first]
    named = [
        one if PEOPLE in one.what else dataclasses.replace(one, what=f"people register: {one.what}") for one in second
    ]
    return [*first, *named, *look_at_people()], [one.level for one in tables] == ["ok"]


def _look_at_register(configuration: Configuration) -> list[Finding]:
    from evenhand.lookups.people.installed import look_at_keys

    return look_at_keys(configuration, _copied(configuration))


def _copied(configuration: Configuration) -> tuple[Path, ...]:
    """Return folders of an installation that others see: what is in them is served, or made anew and copied without thought."""
    return (configuration.folder / "assets", configuration.folder / "cache")


def _look_at_signing() -> list[Finding]:
    """Say how far the book is signed, what would keep the key from signing on, and whose keys are known beside it."""
    from evenhand.database.finding import Finding
    from evenhand.lookups.checkpoints import VERIFIERS, read_standing

    standing = read_standing()
    findings = []
    if standing.refused:
        findings.append(
            Finding(
                "unsafe", f"no checkpoint can be signed: {standing.refused}",
                "nobody can prove from now on that the stock book was not changed.", "See what is wrong: evenhand audit",
            )
        )  # fmt: skip
    if standing.signed and not standing.remembers:
        findings.append(
            Finding(
                "warning", "nothing beside the signing key says what it signed last",
                "after an older backup was restored, it could sign a second history of the book.",
                "Compare the newest checkpoint (evenhand checkpoint list) with the newest that others hold; the next one "
                "that is signed is remembered.",
            )
        )  # fmt: skip
    findings.append(_signed_until(standing))
    names = ", ".join(standing.verifiers)
    findings.append(
        Finding("ok", f"{VERIFIERS} beside the signing key names {names}" if names else f"no other keys in {VERIFIERS}")
    )
    return findings


def _signed_until(standing: Standing) -> Finding:
    from evenhand.database.finding import Finding

    if not standing.entries:
        return Finding("ok", "the stock book has no entry yet, so there is nothing to sign")
    left, made = standing.entries - standing.signed, standing.made_at
    if left <= 0:
        return Finding("ok", f"a checkpoint covers all {standing.entries:,} entries")
    entries = "1 entry" if left == 1 else f"{left:,} entries"
    if made is not None and datetime.now(UTC) - made < timedelta(days=1):
        return Finding("ok", f"a checkpoint not older than a day covers all but the last {entries}")
    since = f"the last checkpoint is of {made:%Y-%m-%d %H:%M} UTC" if made else "no checkpoint was made yet"
    return Finding(
        "warning", f"the last {entries} of the stock book are signed by no checkpoint; {since}",
        "what nobody has signed can be changed together with its proof.", "Sign it: evenhand checkpoint make",
    )  # fmt: skip


def _look_at_the_door(configuration: Configuration) -> list[Finding]:
    """Say who can come in how: encryption, open doors, mail for forgotten passwords."""
    from evenhand.database.finding import Finding

    findings = []
    if configuration.says_yes("https"):
        findings.append(Finding("ok", "pages are served by https alone"))
    else:
        alone = (
            "on this machine alone it does no harm"
            if configuration.is_demo
            else "anybody on the way reads passwords and pages"
        )
        findings.append(
            Finding("warning", "pages are served without encryption", f"{alone}.", "Set https to yes where others reach it.")
        )  # fmt: skip
    if configuration.open_doors:
        findings.append(
            Finding(
                "warning", "the doors of this demo are open",
                "whoever sits at this machine steps in as anybody of its story, without a password.",
                "Set open_doors to no; then only those with a password sign in.",
            )
        )  # fmt: skip
    if configuration["mail"]:
        findings.append(Finding("ok", "forgotten passwords are replaced by mail"))
    else:
        findings.append(Finding("ok", "no mail is sent; an operator replaces forgotten passwords"))
    return findings


def _last_entry() -> list[datetime]:
    from evenhand.lookups.book import find_last_recorded

    last = find_last_recorded()
    return [] if last is None else [last]
