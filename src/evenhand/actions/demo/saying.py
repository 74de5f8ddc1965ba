"""What was said in public in the demo: ten readouts, all invented, read, reviewed and linked by actions as anybody's would be.

The texts stand in `readouts/`; each says in its last line that it is invented. A statement counts in no total, so this part of
the story changes no figure of the others. It is told after them, each act on its own day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from evenhand.actions.action import Action, Done
from evenhand.actions.demo.people import MEDICAL, TASK_FORCE
from evenhand.actions.demo.telling import DATA, PREFIX, Telling, read_rows
from evenhand.actions.said.documents import read_in
from evenhand.actions.said.meetings import confirm_meeting, correct_meeting, merge_meeting, merge_official
from evenhand.actions.said.replying import answer_statement
from evenhand.actions.said.reviewing import accept_statement, correct_statement, merge_statement, reject_statement
from evenhand.actions.said.threads import link_statement, thread_statement
from evenhand.records.models import Need
from evenhand.rounds.models import Round
from evenhand.said.models import Official, Statement

HOST, AGENCY = "kampala-presidency", "kampala-agency"
MINISTERS, BRIEFING = "ministers-joint-statement", "chad-weekly-briefing"
THIRTY, EIGHTY = "federation-30-clinics", "federation-80-clinics"
"""Names of readouts that are spoken of more than once."""

HERS = "the institute is Mozambique's"
SOURCE = "demonstration"
DAY = re.compile(r"\{(-?\d+)(?: ([^}]+))?\}")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TENTS = {"resource": "tent-family", "unit": "piece"}
OXYGEN = {"resource": "oxygen-concentrator-10l", "unit": "piece"}
NAMED = "says which resource is meant; the book counts it in pieces"
"""Why the task force corrects what the reader could not know."""


def say_everything(telling: Telling, posted: str, offers: dict[str, str]) -> None:
    """Tell what was said, what the task force made of it, and what a donor answered; the last talks wait to be reviewed."""
    said = Saying(telling)
    for row in read_rows("readouts"):
        said.read(row)
    with telling.on(-90):
        _one_visit(said, offers)
        promise = _promises(said, offers)
    with telling.on(-77):
        _notice(said, posted)
    with telling.on(-34):
        _what_arrived(said, offers)
    with telling.on(-22):
        _more_clinics(said)
    with telling.on(-6):
        telling.act(
            f"donor-{MEDICAL.lower()}", answer_statement, "answer-oxygen", statement=promise, party=MEDICAL,
            text="Fifty came on time. The other twenty have left our store and are late; the carrier has been asked for a new "
            "day. (Invented for the demo.)",
        )  # fmt: skip


def _one_visit(said: Saying, offers: dict[str, str]) -> None:
    """Make one meeting of two reports, and one statement of what both say."""
    visit, guest = said.meeting(HOST), Official.objects.get(name="Amelia Nhantumbo")
    said.review(correct_meeting, meeting=visit, official=guest.ref, party="MOZ", because=HERS)
    said.review(confirm_meeting, meeting=visit)
    said.review(merge_meeting, meeting=said.meeting(AGENCY), into=visit, because="told by the host and by an agency")
    teams = said.correct(HOST, "2 mobile medical teams", offers["team-moz"], party="MOZ", because=HERS)
    again = said.statement(AGENCY, "two mobile medical teams")
    said.review(merge_statement, statement=again, into=teams, because="the same words of the same speaker")


def _promises(said: Saying, offers: dict[str, str]) -> str:
    """Accept what was promised, by donors or by ministers who speak of them; return the promise that will be answered."""
    said.review(confirm_meeting, meeting=said.meeting(MINISTERS))
    said.accept(MINISTERS, "50 houses", offers["houses-syr"])
    said.accept(MINISTERS, "1 million", offers["money-pledged"])
    said.correct("tents-press-release", "2,000 family tents", offers["tents-tcd"], **TENTS)
    said.accept("tents-press-release", "400,000", offers["money-tcd"])
    clinics = said.accept(THIRTY, "over 30 clinics")
    said.review(thread_statement, statement=clinics, title="Demo: clinics equipped by the Demo Medical Federation")
    return said.correct(MINISTERS, "70 oxygen", offers["oxygen-npl"], **OXYGEN)


def _notice(said: Saying, posted: str) -> None:
    """Link what the task force said of one member to the gifts that the round allocated to it."""
    lines = Round.objects.get(pk=posted).proposals.get().lines
    said.correct(
        "task-force-notice", "3.2 million doses", *sorted({offer for offer, party, _ in lines if party == "TCD"}),
        resource="demo-vaccine", unit="dose", office="Head of the task force", because="says which vaccine is meant",
    )  # fmt: skip


def _what_arrived(said: Saying, offers: dict[str, str]) -> None:
    """Review a briefing: what came, what is needed, what is no assistance, and a name in another spelling."""
    said.correct(BRIEFING, "1,200 tents", f"{PREFIX}-send-tents-tcd:1", **TENTS)
    said.correct(BRIEFING, "40 oxygen", offers["oxygen"], **OXYGEN)
    said.accept(BRIEFING, "3,000 tents", Need.objects.get(party="TCD", resource="tent-family").ref)
    tea = said.statement(BRIEFING, "cups of tea")
    said.review(reject_statement, statement=tea, because="tea for the journalists in the hall is no assistance")
    one, other = (Official.objects.get(name=f"{first} Saleh Djimet") for first in ("Brahim", "Ibrahim"))
    said.review(merge_official, official=one.ref, into=other.ref, because="one minister, written in two ways")


def _more_clinics(said: Saying) -> None:
    """Put a number that grew beside the number that was said before."""
    more = said.accept(EIGHTY, "over 80 clinics")
    first = Statement.objects.get(pk=said.statement(THIRTY, "over 30 clinics"))
    said.review(thread_statement, statement=more, thread=first.thread_id)


@dataclass(slots=True)
class Saying:
    """Hold what of the story was read, and number what the task force makes of it: every act has an id of its own.

    Attributes
    ----------
    documents
        Name of a readout → what its reading answered.
    """

    telling: Telling
    documents: dict[str, Done] = field(default_factory=dict)
    _acts: int = 0

    def read(self, row: dict[str, str]) -> None:
        """Read a readout on the day after it was published."""
        published, name = int(row["day"]), row["name"]
        with self.telling.on(published + 1):
            self.documents[name] = self.telling.act(
                row["who"], read_in, f"read-{name}", file=write_readout(self.telling, name).encode(), title=row["title"],
                filename=f"{name}.txt", source=SOURCE, publisher=row["publisher"], language=row["language"],
                dated=self.telling.day(published),
            )  # fmt: skip

    def statement(self, name: str, words: str) -> str:
        """Return the ref of the statement that was read in a readout with these words."""
        read: Statement = Statement.objects.get(evidence=self.documents[name].ref, words__contains=words, replaces=None)
        return read.ref

    def meeting(self, name: str) -> str:
        """Return the ref of the meeting that a readout tells of."""
        return str(self.documents[name].facts["meeting"])

    def accept(self, name: str, words: str, *about: str) -> str:
        """Have a statement accepted as it was read, and linked to what it is about; return its ref."""
        return self._link(self.review(accept_statement, statement=self.statement(name, words)), about)

    def correct(self, name: str, words: str, *about: str, because: str = NAMED, **different: str) -> str:
        """Have a statement corrected, and linked to what it is about; return the ref of the corrected one."""
        was = self.statement(name, words)
        return self._link(self.review(correct_statement, statement=was, because=because, **different), about)

    def review(self, action: Action[Any], *, because: str = "", **given: Any) -> str:
        """Have the task force decide something; return the ref that comes of it."""
        self._acts += 1
        return self.telling.act(TASK_FORCE, action, f"review-{self._acts:02}", because=because, **given).ref

    def _link(self, statement: str, about: Sequence[str]) -> str:
        for one in about:
            self.review(link_statement, statement=statement, about=one)
        return statement


def write_readout(telling: Telling, name: str) -> str:
    """Return the text of a readout with its days: {-92} is the 92nd before the last, {-92 %d/%m/%Y} the same in digits."""

    def write(found: re.Match[str]) -> str:
        day = telling.day(int(found[1]))
        return f"{day:{found[2]}}" if found[2] else f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    return DAY.sub(write, (DATA / "readouts" / f"{name}.txt").read_text(encoding="utf-8"))
