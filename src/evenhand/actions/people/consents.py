"""Actions on consents: what a household says to a purpose, and to each recipient; given, refused, withdrawn.

The newest line counts, every earlier one stays. Aid never depends on consent to share: no service asks for one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from evenhand.actions.action import Doing, Done
from evenhand.actions.people.action import people_action
from evenhand.actions.people.finding import reach_household
from evenhand.errors import ActionRefused, OptionRefused, suggest
from evenhand.lookups.people.reading import expect_kept
from evenhand.people.models import Consent, Household


@people_action("people consent")
def record_consent(
    doing: Doing,
    *,
    household: Annotated[str, "the household's ref, HH-..."],
    purpose: Annotated[str, "one of the registration's purposes"],
    said: Annotated[str, "given, refused or withdrawn"],
    recipient: Annotated[str, "to whom data may go, one of the registration's recipients; empty: to nobody else"] = "",
    how: Annotated[str, "spoken, written, or page where the household did it itself"] = "spoken",
) -> Done:
    """Write down what a household said to a purpose, or to a recipient of its data."""
    row = reach_household(doing, household)
    expect_kept(row.registration, doing.today)
    if row.state in ("merged", "erased"):
        raise ActionRefused(f"{row.ref} is {row.state}; nothing is asked of it any more")
    for kind, name, known in (
        ("purpose", purpose, row.registration.purposes),
        *([("recipient", recipient, row.registration.recipients)] if recipient else []),
    ):
        if name not in known:
            raise ActionRefused(
                f"the registration names no {kind} '{name[:60]}'{suggest(name, list(known))}; it names {', '.join(sorted(known)) or 'none'}"
            )
    for word, words in ((said, Consent.SAID), (how, Consent.HOW)):
        if word not in words:
            raise OptionRefused(f"'{word[:30]}' is none of {', '.join(words)}{suggest(word, words)}")
    before = newest_consent(row.ref, purpose, recipient)
    if said == "withdrawn" and before != "given":
        raise ActionRefused("nothing was consented to here, so nothing can be withdrawn; write refused")
    Consent.objects.create(
        household=row, purpose=purpose, recipient=recipient, said=said, how=how, by=doing.viewer.public_id, at=doing.at
    )
    return doing.done(row.ref, purpose=purpose, recipient=recipient, said=said)


def newest_consent(household: str, purpose: str, recipient: str) -> str:
    """Return what was said last: given, refused, withdrawn, or "" where nothing was."""
    found = Consent.objects.filter(household=household, purpose=purpose, recipient=recipient).order_by("-pk")
    return found.values_list("said", flat=True).first() or ""


def ask_anew(doing: Doing, goes: Household, stays: Household) -> None:
    """Let the people of one household be spoken for by another only in what both consented to; the rest is to be asked anew.

    Nobody said anything: the line is written as a refusal, so that whoever looks at the newest one finds no consent.
    """
    said = Consent.objects.filter(household__in=(goes.pk, stays.pk)).values_list("purpose", "recipient")
    Consent.objects.bulk_create(
        Consent(
            household=stays, purpose=purpose, recipient=recipient, said="refused", how="spoken", by=doing.viewer.public_id,
            at=doing.at,
        )
        for purpose, recipient in sorted(set(said))
        if {newest_consent(one.pk, purpose, recipient) for one in (goes, stays)} != {"given"}
    )  # fmt: skip


def has_consented_since(household: Household, moment: datetime) -> bool:
    """Say whether the newest that a household said to some purpose is that it consents, and was written down after a moment."""
    newest: dict[str, Consent] = {}
    for line in household.consents.filter(recipient="").order_by("pk"):
        newest[line.purpose] = line
    return any(line.said == "given" and line.at > moment for line in newest.values())
