"""`evenhand people ...`: the people register's keys and counts, and the search for records of one person.

No command shows a person: that is done on the pages, where each reading is on record.
"""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from evenhand.cli.acting import in_short
from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import ActingUser, AsJson, Reason, RequestId
from evenhand.cli.people_match import match
from evenhand.cli.session import acting_as, start

MEANING = "The people register: counts, keys, and which records may be one person."
COUNTS = (
    Heading("registration"), Heading("title"), Heading("party"), Heading("state"), Heading("households", "amount"),
    Heading("persons", "amount"),
)  # fmt: skip


def count(as_json: AsJson = False) -> Answer:
    """Show how many households and persons each registration has; nothing under ten, and nobody."""
    start()
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.people.counts import count_people

    found = count_people(PUBLIC)
    rows = tuple((one.registration, one.title, one.party, one.state, one.households, one.persons) for one in found)
    return Answer(
        "people count",
        f"{len(rows)} registrations." if len(rows) != 1 else "1 registration.",
        {},
        {"registrations": [dataclasses.asdict(one) for one in found]},
        listings=(Listing("", "Registrations", COUNTS, rows),) if rows else (),
        closing=("An empty cell hides a number under ten, or one that would tell it.",) if rows else (),
    )


def rekey(
    acting_user: ActingUser = "",
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make a new key first, in front of the others in the keys' file.")
    ] = False,
    reason: Reason = "",
    request: RequestId = "",
    as_json: AsJson = False,
) -> Answer:
    """Seal the people register anew with the newest key: after a key was lost or seen, or once a year.

    Everything or nothing; nobody else writes the register meanwhile. Afterwards the older keys can be taken out of the keys' file,
    once no backup is needed any more that was sealed with them.
    """
    start()
    from django.conf import settings

    from evenhand.actions.people.rekeying import rekey_register
    from evenhand.actions.people.renewing import add_seal_key

    acting = acting_as(acting_user, reason=reason, request=request)
    made = add_seal_key(settings.EVENHAND) if new_key and acting.viewer.has("operator") else ""
    done = rekey_register(acting)
    facts = {"fields sealed anew": f"{done.facts['fields']:,}", "indexes made anew": f"{done.facts['indexes']:,}"}
    facts |= {"new key": f"seal.{made}"} if made else {}
    return Answer(
        "people rekey",
        f"The people register is sealed with seal.{done.facts['seal']}.",
        facts,
        {**done.facts, "new_key": made, "repeated": done.repeated},
        closing=("Older keys still open older backups: keep them apart, as long as those are kept.",),
    )


def settle(as_json: AsJson = False) -> Answer:
    """Bring what was given out into the stock book, where it is missing yet.

    Every scan does this for its own gift; this is for after a crash, and for what was handed out before the stock was booked.
    """
    start()
    from evenhand.actions.people.booking import settle_gifts

    left = settle_gifts()
    return Answer(
        "people settle",
        "The stock book holds everything that was given out."
        if not left
        else f"{left:,} gifts wait for stock: record the receipt of what was handed out, then settle again.",
        {},
        {"waiting": left},
        exit_code=1 if left else 0,
    )


COMMANDS = (match, count, rekey, settle)


def add_people(application: typer.Typer, *, panel: str) -> None:
    """Add the group."""
    below = typer.Typer(
        name="people", help=MEANING, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]}
    )
    below.callback()(lambda: None)
    for command in COMMANDS:
        below.command(command.__name__, short_help=in_short(command.__doc__ or ""))(command)
    application.add_typer(below, name="people", short_help=MEANING, rich_help_panel=panel)
