"""Two readouts that were read, one of them checked, and the readers of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from evenhand_cast import Cast
from evenhand_round_pages import nothing_is_kept, reader

__all__ = ["nothing_is_kept", "reader", "register"]

KAMPALA = """KAMPALA, March 1, 2026

President of Uganda Ali Okello received Eva Lund, Executive Director of UNICEF, in Kampala on March 1, 2026.

Eva Lund said that India had sent 500 tents to Chad. She hailed the <b>efforts</b> of the head of state.

The head of state noted that Chad needs 2,000 vaccines. He announced that Uganda will send 40 doctors to Chad by June 2026."""

SECOND = """KAMPALA, March 2, 2026

President of Uganda Ali Okello announced on March 2, 2026 that Uganda will send 60 doctors to Chad."""


@dataclass(frozen=True)
class Register:
    """Hold refs: of the checked document with its statements by kind, of its meeting and official, and of the one that waits."""

    document: str
    meeting: str
    given: str
    needed: str
    promised: str
    official: str
    waiting: str
    grown: str


@pytest.fixture
def register(cast: Cast) -> Register:
    """Read both; accept the first."""
    from evenhand.actions.catalogue import ACTIONS
    from evenhand.said.models import Meeting, Official, Statement

    done = ACTIONS["document read"](
        cast("task-force", request="read-1"), title="The President receives <i>UNICEF</i>", file=KAMPALA.encode(), filename="a.txt",
        source="https://press.example/1?a=b&c=d", publisher="The Presidency",
    )  # fmt: skip
    second = ACTIONS["document read"](
        cast("task-force", request="read-2"), title="More doctors", file=SECOND.encode(), filename="b.txt", publisher="The Daily",
    )  # fmt: skip
    of: Any = Statement.objects.filter(evidence=done.ref)
    for one in of:
        ACTIONS["statement accept"](cast("task-force", request=f"accept-{one.ref}"), statement=one.ref)
    meeting = Meeting.objects.get(documents__evidence=done.ref)
    ACTIONS["meeting confirm"](cast("task-force", request="confirm"), meeting=meeting.ref)
    refs = {one.kind: one.ref for one in of}
    return Register(
        done.ref, meeting.ref, refs["given"], refs["needed"], refs["promised"],
        Official.objects.filter(name="Ali Okello").first().ref, second.ref,  # type: ignore[union-attr]
        Statement.objects.get(evidence=second.ref).ref,
    )  # fmt: skip
