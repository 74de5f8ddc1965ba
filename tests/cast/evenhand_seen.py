"""Records of every kind, with a canary in every field that somebody may not see.

A canary is a word that stands nowhere else, so that a test can look for it in whatever a lookup returns.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from evenhand_cast import NOW, TODAY
from evenhand_said import add_meeting, add_official, add_reading, add_sentences, add_statement, add_thread
from evenhand_stock import make_gift

_numbers = itertools.count(1)

OF_NAM = {"task-force", "task-force-2"}
OF_TCD = {"focal-tcd"}
BOARD = {"board-aze", "board-uga", "board-ken"}
REVIEWERS = {*OF_NAM, "task-force-eu"}

MAY_MEET: dict[str, set[str]] = {
    "CANARYdraft": {*OF_TCD, "auditor"},
    "CANARYclinic": {*OF_TCD, "nurse-moissala", "auditor"},
    "CANARYsubmitted": {*OF_TCD, *OF_NAM, "auditor"},
    "CANARYcorrection": {*OF_TCD, *OF_NAM, "auditor"},
    "CANARYabandoned": {*OF_TCD, "auditor"},
    "CANARYfrench": {"focal-fra", "auditor"},
    "CANARYconditions": {"donor-ind", *OF_NAM, "auditor"},
    "CANARYunicef": {"donor-unicef", "auditor"},
    "CANARYround": {*OF_NAM, *BOARD, "auditor"},
    "CANARYonround": {*OF_NAM, *BOARD, "auditor"},
    "CANARYondraft": {*OF_TCD, "auditor"},
    "CANARYonneed": {*OF_TCD, *OF_NAM, *BOARD, "auditor"},
    "CANARYonoffer": {"donor-unicef", "auditor"},
    "canary-tcd": {"focal-tcd", "operator", "auditor"},
    "CANARYname tcd": {"focal-tcd", "operator", "auditor"},
    "canary-auditor": {"operator", "auditor"},
    "CANARYcarrier": {*OF_TCD, "donor-unicef", *OF_NAM, "auditor"},
    "CANARYwaybill": {*OF_TCD, "donor-unicef", *OF_NAM, "auditor"},
    "CANARYmark": {*OF_TCD, "donor-unicef", *OF_NAM, "auditor"},
    "CANARYnote": {*OF_TCD, "donor-unicef", *OF_NAM, "auditor"},
    "CANARYproposed": {*REVIEWERS, "donor-ind", "auditor"},
    "CANARYwaiting": {*REVIEWERS, *BOARD, "donor-ind", "auditor"},
    "CANARYrejected": {*REVIEWERS, "auditor"},
    "CANARYofficial": {*REVIEWERS, "donor-ind", "auditor"},
    "CANARYprivate": {*OF_TCD, *OF_NAM, *BOARD, "auditor"},
    "CANARYunread": {*OF_NAM, "auditor"},
    "u-CANARYwriter": {"auditor"},
}
"""Canary → who may meet it. Everybody else must not, in any field of any lookup, page, file or answer."""


@dataclass(frozen=True)
class World:
    """Hold the refs of what was made, by a name that says what it is."""

    cast: Any
    refs: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.refs[name]


def add_need(party: str, state: str, why: str, **columns: Any) -> str:
    """Write a need as it is in a state; return its ref."""
    from evenhand.records.models import Need
    from evenhand.records.refs import make_ref

    ref = make_ref("ND", f"seen-{next(_numbers)}", 1)
    given = {
        "resource_id": "vaccine-measles", "quantity": 1000, "typed": "10", "unit": "box", "made_at": NOW,
        "valid_until": TODAY + timedelta(days=90), "approved_at": NOW if state == "approved" else None,
    }  # fmt: skip
    Need.objects.create(ref=ref, party_id=party, state=state, why=why, **(given | columns))
    return ref


def add_evidence(about: list[str], title: str, *, public: bool = False, given_by: str | None = None) -> str:
    """Write a piece of evidence with a file; return its ref."""
    from evenhand.records.models import Evidence, EvidenceLink, StoredFile
    from evenhand.records.refs import make_ref

    ref = make_ref("EV", f"seen-{next(_numbers)}", 1)
    body = f"file of {title}".encode()
    file, _ = StoredFile.objects.get_or_create(
        sha256=hashlib.sha256(body).hexdigest(), defaults={"size": len(body), "body": body}
    )
    evidence = Evidence.objects.create(
        ref=ref, title=title, kind="document", source=f"source of {title}", public=public, file=file,
        given_by_id=given_by, made_at=NOW,
    )  # fmt: skip
    for thing in about:
        EvidenceLink.objects.create(evidence=evidence, about=thing)
    return ref


def add_round(group: str, need: str, offer: str, *, published: int, state: str, word: str) -> str:
    """Write a round with two plans, an objection, a recusal and a vote, each with a word in its text; return its ref."""
    from evenhand.records.refs import make_ref
    from evenhand.rounds.models import FrozenTable, Objection, Proposal, Recusal, Round, RoundLot, RoundNeed, Vote

    ref = make_ref("RD", f"seen-{next(_numbers)}", 1)
    row = Round.objects.create(
        ref=ref, title=f"{word}title", group_id=group, resource_id="measles-vaccination", rule="equal-coverage",
        date=TODAY, state=state, published=published, opened_by="u-task-force", made_at=NOW,
    )  # fmt: skip
    RoundNeed.objects.create(round=row, need_id=need)
    RoundLot.objects.create(round=row, offer_id=offer, packs=5, pack_size=100)
    for name in ("needs", "lots"):
        FrozenTable.objects.create(round=row, name=name, body=f"{word}table".encode(), sha256="0" * 64)
    plans = [
        Proposal.objects.create(
            round=row, number=number, by="u-task-force", claim=f"{word}claim{number}", certificate_sha256="0" * 64,
            folder=f"{word}folder{number}".encode(), lines=[[offer, "TCD", 5]], explanations={"TCD": f"{word}why{number}"},
            measures={}, made_at=NOW,
        )
        for number in (1, 2)
    ]  # fmt: skip
    Objection.objects.create(
        ref=make_ref("OB", ref, 1), round=row, proposal=plans[0], party_id="KEN", text=f"{word}objection",
        by="u-focal-ken", made_at=NOW,
    )  # fmt: skip
    Recusal.objects.create(round=row, party_id="UGA", reason=f"{word}recusal", by="u-board-uga", made_at=NOW)
    Vote.objects.create(
        round=row,
        proposal=plans[0],
        by="u-board-aze",
        party="AZE",
        folder_sha256="0" * 64,
        approves=True,
        reason=f"{word}vote",
        made_at=NOW,
    )
    return ref


def make_world(cast: Any) -> World:
    """Write the world."""
    from evenhand.access.models import ActionLine, User
    from evenhand.database.writing import writing
    from evenhand.ledger.entries import AccountKey
    from evenhand.records.models import Offer
    from evenhand.stockbook.models import Consignment, ConsignmentLine, EntryNote
    from evenhand.stockbook.posting import Posting, post

    refs: dict[str, str] = {}
    refs["draft"] = add_need("TCD", "draft", "CANARYdraft")
    refs["clinic draft"] = add_need("TCD-moissala", "draft", "CANARYclinic")
    refs["submitted"] = add_need("TCD", "submitted", "CANARYsubmitted")
    refs["abandoned"] = add_need("TCD", "withdrawn", "CANARYabandoned")
    refs["approved"] = add_need("TCD", "approved", "seen by all")
    refs["correction"] = add_need("TCD", "submitted", "CANARYcorrection", replaces_id=refs["approved"])
    refs["french draft"] = add_need("FRA", "draft", "CANARYfrench")
    refs["statement"] = _claim("IND", "CANARYconditions")
    refs["gift"] = make_gift("UNICEF", "vaccine-measles", 4000, allocated={"TCD": 1000}, conditions="CANARYunicef")
    refs["unpublished"] = add_round(
        "NAM", refs["approved"], refs["gift"], published=0, state="proposed", word="CANARYround"
    )
    refs["published"] = add_round("NAM", refs["approved"], refs["gift"], published=1, state="published", word="public")
    refs["on draft"] = add_evidence([refs["draft"]], "CANARYondraft", given_by="TCD")
    refs["on need"] = add_evidence([refs["approved"]], "CANARYonneed", given_by="TCD")
    refs["on offer"] = add_evidence([refs["gift"]], "CANARYonoffer")
    refs["on round"] = add_evidence([refs["unpublished"]], "CANARYonround")
    refs["public evidence"] = add_evidence([refs["approved"], refs["draft"], refs["gift"]], "for all", public=True)
    User.objects.filter(name="focal-tcd").update(email="canary-tcd@health.example", full_name="CANARYname tcd")
    User.objects.filter(name="auditor").update(email="canary-auditor@audit.example", full_name="CANARYname auditor")
    cn = refs["consignment"] = "CN-0000000001"
    Consignment.objects.create(
        ref=cn, origin_id="UNICEF", destination_id="TCD", carrier="CANARYcarrier", waybill="CANARYwaybill",
        code="CANARYcode", due_on=TODAY, made_at=NOW,
    )  # fmt: skip
    gift = refs["gift"]
    allocated, road = AccountKey("allocated", gift, "TCD"), AccountKey("in-transit", gift, cn)
    ConsignmentLine.objects.create(
        consignment_id=cn, number=1, offer_id=gift, source=str(allocated), quantity=600, typed="6", unit="box",
        mark="CANARYmark",
    )  # fmt: skip
    day = date(2026, 3, 1)
    moves = [
        Posting("cn:1", "dispatch", allocated, road, "vaccine-measles", 600, day, concerns=cn),
        Posting("cn:2", "receive", road, AccountKey("received", gift, "TCD"), "vaccine-measles", 400, day, concerns=cn),
        Posting("cn:3", "damage", road, AccountKey("damaged", gift, cn), "vaccine-measles", 50, day, concerns=cn),
    ]
    with writing():
        post(moves, action="cn", by="u-CANARYwriter", recorded=NOW)
    EntryNote.objects.create(entry_id="cn:3", cause="wet", note="CANARYnote")
    for name, about, who in (
        ("need draft", refs["draft"], "u-focal-tcd"), ("need draft", refs["approved"], "u-focal-tcd"),
        ("offer make", gift, "u-donor-unicef"),
    ):  # fmt: skip
        ActionLine.objects.create(
            id=f"line-{next(_numbers)}", name=name, by=who, for_party="TCD", about=about, reason=f"CANARYreason{about}",
            at=NOW, origin="10.0.0.1", digest="0", given={"why": f"CANARYgiven{about}"}, answer={"ref": about},
        )  # fmt: skip
    assert Offer.objects.filter(pk=refs["statement"], conditions="CANARYconditions").exists()
    refs |= _add_said(refs)
    return World(cast, refs)


def _claim(donor: str, conditions: str) -> str:
    from evenhand.records.models import Offer
    from evenhand.records.refs import make_ref

    ref = make_ref("OF", f"seen-{next(_numbers)}", 1)
    Offer.objects.create(
        ref=ref, donor_id=donor, resource_id="vaccine-measles", quantity=7000, typed="70", unit="box",
        firmness="statement", said_on=TODAY, conditions=conditions, made_at=NOW,
    )  # fmt: skip
    return ref


def _add_said(refs: dict[str, str]) -> dict[str, str]:
    """Write documents with statements and meetings in every state, public and not; return their refs."""
    from evenhand.records.models import Evidence, EvidenceLink, StoredFile
    from evenhand.said.models import Merge, Reply, StatementLink

    public = add_reading("He said 900 tents would come.", by="u-CANARYwriter")
    thread, host, guest = add_thread(), add_official("Elvin Mammadov"), add_official("Adoum Brahim Kosso")
    people: dict[str, Any] = {"official_id": host, "decided_by": "u-CANARYwriter", "thread_id": thread}
    met = add_meeting(public, {host: "AZE"}, {guest: "TCD"}, decided_by="u-CANARYwriter")
    told = add_statement(public, words="900 tents", receivers=("TCD",), meeting_id=met, **people)
    Reply.objects.create(
        ref="RY-0000000001", statement_id=told, party_id="TCD", text="400 came", by="u-CANARYwriter", made_at=NOW
    )
    StatementLink.objects.bulk_create(
        StatementLink(statement_id=told, about=one) for one in (refs["gift"], refs["draft"])
    )
    rejected = add_statement(
        add_reading("CANARYrejected words.", by="u-CANARYwriter"),
        words="CANARYrejected words",
        state="rejected",
        **people,
    )
    waiting = add_reading("He said CANARYproposed tents would come.", by="u-donor-ind")
    file = StoredFile.objects.create(sha256="f" * 64, size=13, body=b"CANARYwaiting")
    Evidence.objects.filter(pk=waiting).update(title="CANARYwaiting", file=file)
    EvidenceLink.objects.create(evidence_id=waiting, about=refs["statement"])
    hidden = add_official("CANARYofficial Name")
    proposed = add_statement(
        waiting, words="CANARYproposed tents", state="proposed", official_id=hidden, thread_id=thread
    )
    planned = add_meeting(waiting, {hidden: "AZE"}, {guest: "TCD"}, state="proposed")
    own = add_reading(
        "He said CANARYprivate tents would come; more would.", public=False, by="u-CANARYwriter", party="TCD"
    )
    private = add_statement(own, words="CANARYprivate tents")
    unread = add_statement(own, words="more", speaker="CANARYunread", state="proposed")
    for one, word in ((private, "CANARYprivate"), (proposed, "CANARYproposed")):  # taken for the same, and apart again
        Merge.objects.create(
            action=f"merge-{word}", merged=one, into=told, moved={"canary": word}, reason=f"{word} reason", made_at=NOW,
            made_by="u-CANARYwriter", split_by="u-CANARYwriter", split_at=NOW, split_reason=f"{word} after all",
        )  # fmt: skip
    for one, official in ((public, host), (waiting, hidden), (own, None)):
        add_sentences(one, official, "AZE")
    return {
        "document": public, "unread document": waiting, "private document": own, "told": told, "rejected": rejected,
        "proposed": proposed, "private": private, "unread": unread, "met": met, "planned": planned, "thread": thread,
        "host": host, "hidden official": hidden,
    }  # fmt: skip
