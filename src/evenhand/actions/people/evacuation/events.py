"""Writing events of a transfer, in order alone, and taking the last one back; the need's state follows from what stands."""

from __future__ import annotations

from datetime import date

from evenhand.actions.action import Doing
from evenhand.errors import ActionRefused
from evenhand.people.evacuation import NEED_STATE, NEXT
from evenhand.people.models import EvacuationNeed, Transfer, TransferEvent


def standing(transfer: Transfer) -> list[TransferEvent]:
    """Return the stages that were reached and not taken back, in order."""
    return list(transfer.events.filter(reverses=None, reversed_by=None).order_by("number"))


def write_event(
    doing: Doing, transfer: Transfer, stage: str, day: date, checkpoint: str = "", intermediary: str = ""
) -> TransferEvent:
    """Write that a stage was reached. Raises ActionRefused where it is not its turn."""
    events = standing(transfer)
    expect_turn(transfer, events, stage)
    if day > doing.today:
        raise ActionRefused(f"{day} is yet to come")
    if events and day < events[-1].day:
        raise ActionRefused(f"{transfer.ref} {_said(events[-1].stage)} on {events[-1].day}; {day} is before that")
    return _write(doing, transfer, stage=stage, day=day, checkpoint=checkpoint, intermediary=intermediary)


def take_back(doing: Doing, transfer: Transfer, event: TransferEvent) -> TransferEvent:
    """Write that an event was wrong, or came to nothing. Raises ActionRefused without a reason."""
    if not doing.reason.strip():
        raise ActionRefused("taking a stage back needs a reason; say what was wrong")
    return _write(doing, transfer, stage=event.stage, day=doing.today, reverses=event)


def expect_turn(transfer: Transfer, events: list[TransferEvent], stage: str) -> None:
    """Refuse a stage that does not follow the one that was reached."""
    reached = events[-1].stage if events else ""
    turns = NEXT[transfer.way, reached]
    if stage not in turns:
        there = f"it is {_said(reached)}" if reached else "it has not been accepted"
        rather = f"next it is {' or '.join(turns)}" if turns else "nothing follows"
        raise ActionRefused(f"{transfer.ref} cannot be {_said(stage)} now: {there}, and {rather}")
    if reached == "left" and stage != "crossed" and transfer.checkpoint:
        raise ActionRefused(
            f"{transfer.ref} goes through {transfer.checkpoint}; write down that it crossed there first"
        )


def _said(stage: str) -> str:
    return stage.replace("-", " ")


def _write(doing: Doing, transfer: Transfer, **given: object) -> TransferEvent:
    made = TransferEvent.objects.create(
        transfer=transfer,
        number=transfer.events.count() + 1,
        line=doing.id,
        by=doing.viewer.public_id,
        at=doing.at,
        **given,
    )
    need = EvacuationNeed.objects.get(referrals__transfers=transfer)
    events = standing(transfer)
    need.state = NEED_STATE[transfer.way, events[-1].stage if events else ""]
    need.save(update_fields=["state"])
    return made
