"""How every action is called so that it works, on a party, and who of the cast may then do it.

One recipe an action; `tests/access/test_actions_matrix.py` fails for an action that has none. A recipe writes what the
action needs with the tables alone, so that it says nothing about other actions.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from evenhand_cast import NOW, TODAY, USERS
from evenhand_said import TEXT, add_meeting, add_merge, add_official, add_reading, add_statement
from evenhand_seen import add_need
from evenhand_stock import make_gift

_numbers = itertools.count(1)
PARTIES = ("TCD", "KEN", "FRA")
"""Its own party, another of its group, one of another group; as focal-tcd and task-force see them."""

FOCAL = {"TCD": {"focal-tcd"}, "KEN": {"focal-ken"}, "FRA": {"focal-fra"}}
SECRETARIAT = {"TCD": {"task-force", "task-force-2"}, "KEN": {"task-force", "task-force-2"}, "FRA": {"task-force-eu"}}
SECRETARIATS = {"task-force", "task-force-2", "task-force-eu"}
DONOR = {"donor-ind"}
"""Whose gifts these are: India's, a member of NAM."""


def everywhere(*names: str) -> dict[str, set[str]]:
    """The same people whichever party it is about."""
    return {party: set(names) for party in PARTIES}


def of(*tables: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """All of these people, party by party."""
    return {party: set().union(*(table[party] for table in tables)) for party in PARTIES}


SENDERS = of(everywhere(*DONOR, "task-force", "task-force-2"), SECRETARIAT)
"""Who sends India's gifts: India, the secretariat of its own group, and that of the recipient's."""


@dataclass(frozen=True)
class Recipe:
    """One action's recipe.

    Attributes
    ----------
    made
        From a party's key to what the action is given.
    may
        Party → who may do it.
    later
        It has the right and is refused for something else: a key or a file that no test has here.
    """

    made: Callable[[str], dict[str, Any]]
    may: Mapping[str, set[str]]
    later: bool = False


def _need(state: str) -> Callable[[str], dict[str, Any]]:
    return lambda party: {"need": add_need(party, state, "an outbreak")}


def _gift(**allocated: int) -> str:
    return make_gift("IND", "vaccine-measles", 4000, allocated=allocated)


def _consignment(party: str, *, sent: int = 0, received: int = 0) -> str:
    """A consignment of 600 doses from India to a party, as far as it says."""
    from evenhand.stockbook.models import Consignment, ConsignmentLine

    ref, gift = f"CN-{next(_numbers):010}", _gift(**{party: 1000})
    Consignment.objects.create(ref=ref, origin_id="IND", destination_id=party, made_at=NOW)
    ConsignmentLine.objects.create(
        consignment_id=ref,
        number=1,
        offer_id=gift,
        source=f"allocated/{gift}/{party}",
        quantity=600,
        typed="6",
        unit="box",
    )
    move(gift, "dispatch", f"allocated/{gift}/{party}", f"in-transit/{gift}/{ref}", sent, concerns=ref)
    move(gift, "receive", f"in-transit/{gift}/{ref}", f"received/{gift}/{party}", received, concerns=ref)
    return ref


def move(
    offer: str, verb: str, source: str, target: str, quantity: int, *, concerns: str = "", recorded: datetime = NOW
) -> str:
    """Post one entry, nothing where the quantity is 0; return its id."""
    from evenhand.database.writing import writing
    from evenhand.ledger.entries import AccountKey
    from evenhand.records.models import Offer
    from evenhand.stockbook.posting import Posting, post

    entry = f"recipe:{next(_numbers)}"
    if quantity:
        resource = Offer.objects.get(pk=offer).resource_id
        one = Posting(
            entry, verb, AccountKey.read(source), AccountKey.read(target), resource, quantity, TODAY, concerns=concerns
        )
        with writing():
            post([one], action="recipe", by="u-recipe", recorded=recorded)
    return entry


def _in_hands(party: str) -> str:
    """A gift of which a party has received 600."""
    from evenhand.stockbook.models import Consignment, ConsignmentLine

    cn = _consignment(party, sent=600, received=600)
    assert Consignment.objects.filter(pk=cn).exists()
    return str(ConsignmentLine.objects.get(consignment=cn).offer_id)


def _money(party: str, *, paid: int = 0) -> str:
    gift = make_gift("IND", "USD", 100_000, allocated={party: 100_000})
    move(gift, "pay", f"allocated/{gift}/{party}", f"paid/{gift}/{party}", paid)
    return gift


def _receipt(party: str) -> dict[str, Any]:
    from evenhand.stockbook.models import Entry

    _in_hands(party)
    return {"entry": Entry.objects.filter(verb="receive").order_by("seq").last().entry}


def _offer(party: str, firmness: str = "pledge") -> dict[str, Any]:
    """An offer of the party itself, which India's donor and its secretariat have no part in unless it is India's."""
    gift = make_gift(party, "vaccine-measles", 4000)
    from evenhand.records.models import Offer

    Offer.objects.filter(pk=gift).update(firmness=firmness)
    return {"offer": gift}


def _key(user: str) -> str:
    """A key of somebody of the cast; return its ref."""
    from evenhand.access.models import ApiKey, User

    number = next(_numbers)
    row = ApiKey.objects.create(
        ref=f"KY-{number:010}", user=User.objects.get(name=user), name="a report", digest=f"{number:064x}",
        scopes=["read"], made_at=NOW, until=TODAY + timedelta(days=30),
    )  # fmt: skip
    return str(row.ref)


def _user(name: str) -> str:
    from evenhand.access.models import User

    User.objects.create_user(name, public_id=f"u-{name}"[:32], made_at=NOW)
    return name


def _switched_off() -> str:
    from evenhand.access.models import User

    name = _user(f"new-{next(_numbers)}")
    User.objects.filter(name=name).update(is_active=False)
    return name


def _with_second_step() -> str:
    from allauth.mfa.models import Authenticator

    from evenhand.access.models import User

    name = _user(f"new-{next(_numbers)}")
    Authenticator.objects.create(user=User.objects.get(name=name), type=Authenticator.Type.TOTP, data={"secret": "x"})
    return name


def _granted(party: str) -> dict[str, Any]:
    from evenhand.access.models import RoleHeld, User

    name = _user(f"new-{next(_numbers)}")
    RoleHeld.objects.create(user=User.objects.get(name=name), role="focal-point", party=party, since=TODAY)
    return {"user": name, "role": "focal-point", "party": party}


BOARD = {
    "TCD": {"board-aze", "board-uga", "board-ken"},
    "KEN": {"board-aze", "board-uga", "board-ken"},
    "FRA": set[str](),
}
GROUP = {"TCD": "NAM", "KEN": "NAM", "FRA": "EU"}
NOBODY: dict[str, set[str]] = everywhere()
LISTS = everywhere("operator", *SECRETARIATS)
OPERATOR = everywhere("operator")

REVIEW = everywhere(*SECRETARIATS)
"""Who decides what was read: statements and meetings belong to no group."""

KEY_HOLDERS = everywhere(*(user[0] for user in USERS))

RECIPES: dict[str, Recipe] = {
    # the installation and its lists
    "user add": Recipe(lambda party: {"name": f"added-{next(_numbers)}"}, OPERATOR),
    "user grant": Recipe(
        lambda party: {"user": _user(f"new-{next(_numbers)}"), "role": "focal-point", "party": party}, OPERATOR
    ),
    "user revoke": Recipe(_granted, OPERATOR),
    "user switch off": Recipe(lambda party: {"user": _user(f"new-{next(_numbers)}")}, OPERATOR),
    "user switch on": Recipe(lambda party: {"user": _switched_off()}, OPERATOR),
    "user password": Recipe(
        lambda party: {"user": _user(f"new-{next(_numbers)}"), "password": "a long secret phrase"}, OPERATOR
    ),
    "user second step": Recipe(lambda party: {"user": _with_second_step()}, OPERATOR),
    "translation add": Recipe(
        lambda party: {"kind": "party", "key": party, "language": "fr", "text": "Un nom"}, of(OPERATOR, SECRETARIAT, FOCAL)
    ),
    "translation remove": Recipe(lambda party: _translated(party), of(OPERATOR, SECRETARIAT, FOCAL)),
    "seed plant": Recipe(lambda party: {}, OPERATOR),
    # keys of programs: everybody of the cast may have one, whatever it is for
    "key make": Recipe(
        lambda party: {"name": "a report", "digest": f"{next(_numbers):064x}", "scopes": "read;need"}, KEY_HOLDERS
    ),
    "key revoke": Recipe(lambda party: {"key": _key("focal-tcd")}, everywhere("focal-tcd", "operator")),
    "party register": Recipe(
        lambda party: {"key": f"{party}-new", "name": "A clinic", "kind": "facility", "parent": party},
        of(OPERATOR, SECRETARIAT),
    ),
    "party change": Recipe(lambda party: {"party": party, "name": "A new name"}, of(OPERATOR, SECRETARIAT)),
    "party retire": Recipe(lambda party: {"party": _childless(party)}, of(OPERATOR, SECRETARIAT)),
    "place register": Recipe(
        lambda party: {"key": f"{party}01", "name": "A district", "country": _country(party), "level": 1, "parent": party},
        of(OPERATOR, SECRETARIAT),
    ),
    "resource register": Recipe(
        lambda party: {"key": f"blanket-{party}", "name": "Blanket", "kind": "goods", "base_unit": "piece"}, LISTS
    ),
    "group register": Recipe(lambda party: {"key": f"G-{party}", "name": "A group"}, OPERATOR),
    "group join": Recipe(
        lambda party: {
            "group": GROUP[party], "party": "LBN" if party == "FRA" else "UNICEF", "since": "2026", "source": "a note",
            "status": "observer",
        },
        of(OPERATOR, SECRETARIAT),
    ),
    "group leave": Recipe(
        lambda party: {"group": GROUP[party], "party": party, "until": "2026-02-01"}, of(OPERATOR, SECRETARIAT)
    ),
    "group office": Recipe(
        lambda party: {"group": GROUP[party], "party": party, "office": "chair", "since": "2026", "source": "a note"},
        of(OPERATOR, SECRETARIAT),
    ),
    "programme start": Recipe(
        lambda party: {"title": "Rebuilding", "kind": "reconstruction", "group": GROUP[party]}, SECRETARIAT
    ),
    # needs
    "need draft": Recipe(
        lambda party: {"party": party, "resource": "vaccine-measles", "quantity": "40 box", "why": "an outbreak"}, FOCAL
    ),
    "need submit": Recipe(_need("draft"), FOCAL),
    "need approve": Recipe(_need("submitted"), SECRETARIAT),
    "need renew": Recipe(lambda party: _need("approved")(party) | {"valid_until": TODAY + timedelta(days=120)}, FOCAL),
    "need correct": Recipe(lambda party: _need("draft")(party) | {"quantity": "8 box"}, FOCAL),
    "need withdraw": Recipe(_need("submitted"), FOCAL),
    # offers: only India has a donor's role here, so nobody gives in the name of the three
    "offer make": Recipe(lambda party: {"donor": party, "resource": "vaccine-measles", "quantity": "40 box"}, NOBODY),
    "offer firm": Recipe(lambda party: _offer(party) | {"firmness": "commitment"}, NOBODY),
    "offer change": Recipe(lambda party: _offer(party) | {"quantity": "50 box"}, NOBODY),
    "offer withdraw": Recipe(_offer, NOBODY),
    "evidence attach": Recipe(
        lambda party: {"about": add_need(party, "approved", "an outbreak"), "title": "A letter", "kind": "link",
                       "source": "https://health.example/letter"},
        of(FOCAL, SECRETARIAT),
    ),
    # what was said: a focal point puts in a document for its own party; every secretariat reviews
    "document read": Recipe(
        lambda party: {"file": TEXT.encode(), "filename": "readout.txt", "party": party}, of(FOCAL, SECRETARIAT)
    ),
    "statement enter": Recipe(
        lambda party: {"document": add_reading(), "words": "900 tents", "kind": "promised", "speaker": "Elvin Mammadov",
                       "resource_words": "tents"},
        REVIEW,
    ),
    "statement accept": Recipe(lambda party: {"statement": add_statement(state="proposed")}, REVIEW),
    "statement correct": Recipe(lambda party: {"statement": add_statement(), "quantity": "950"}, REVIEW),
    "statement reject": Recipe(lambda party: {"statement": add_statement()}, REVIEW),
    "statement merge": Recipe(lambda party: {"statement": add_statement(), "into": add_statement()}, REVIEW),
    "statement split": Recipe(
        lambda party: {"statement": add_merge("statement", add_statement(), add_statement())}, REVIEW
    ),
    "statement thread": Recipe(lambda party: {"statement": add_statement(), "title": "900 tents"}, REVIEW),
    "statement link": Recipe(
        lambda party: {"statement": add_statement(), "about": add_need(party, "approved", "an outbreak")}, REVIEW
    ),
    "statement unlink": Recipe(lambda party: _linked(party), REVIEW),
    "statement answer": Recipe(
        lambda party: {"statement": add_statement(receivers=(party,)), "party": party, "text": "400 came"}, FOCAL
    ),
    "meeting confirm": Recipe(lambda party: {"meeting": _met(party, "proposed")}, REVIEW),
    "meeting correct": Recipe(lambda party: {"meeting": _met(party), "place": "Ganja"}, REVIEW),
    "meeting merge": Recipe(lambda party: {"meeting": _met(party), "into": _met(party)}, REVIEW),
    "meeting split": Recipe(lambda party: {"meeting": add_merge("meeting", _met(party), _met(party))}, REVIEW),
    "meeting reject": Recipe(lambda party: {"meeting": _met(party)}, REVIEW),
    "official merge": Recipe(lambda party: _two_spellings(party), REVIEW),
    "official split": Recipe(
        lambda party: {"official": add_merge("official", *_two_spellings(party).values())}, REVIEW
    ),
    # rounds
    "round open": Recipe(lambda party: _opened(party), SECRETARIAT),
    "round freeze": Recipe(lambda party: {"round": _round(party, "open")}, SECRETARIAT),
    "round propose": Recipe(lambda party: {"round": _round(party, "freeze")}, SECRETARIAT),
    "round override": Recipe(
        lambda party: {"round": _round(party, "propose"), "lines": b"lot,recipient,packs\n" + _a_line(party)}, BOARD
    ),
    "round publish": Recipe(lambda party: {"round": _round(party, "propose")}, SECRETARIAT),
    "round object": Recipe(
        lambda party: {"round": _round(party, "publish"), "party": party, "text": "our cold rooms were counted twice"}, FOCAL
    ),
    "round answer": Recipe(lambda party: {"objection": _objection(party), "answer": "they were counted once"}, SECRETARIAT),
    "round recuse": Recipe(
        lambda party: {"round": _round(party, "publish"), "party": party},
        of(FOCAL, {"TCD": set(), "KEN": {"board-ken"}, "FRA": set()}),
    ),
    "round decide": Recipe(lambda party: {"round": _round(party, "publish")}, BOARD),
    "round post": Recipe(lambda party: {"round": _decided(party)}, SECRETARIAT),
    "round cancel": Recipe(lambda party: {"round": _round(party, "open")}, SECRETARIAT),
    # bulk
    "import records": Recipe(
        lambda party: {
            "register": "needs", "filename": "needs.csv",
            "file": f"party,resource,quantity,why\n{party},vaccine-measles,100,an outbreak\n".encode(),
        },
        of(FOCAL, SECRETARIAT),
    ),
    "import entries": Recipe(
        lambda party: {
            "filename": "facts.csv",
            "file": "happened,verb,donor,recipient,resource,quantity\n"
                    f"2026-01-10,received,IND,{party},vaccine-measles,100\n".encode(),
        },
        SECRETARIAT,
    ),
    "import archive": Recipe(lambda party: {"sums": "0" * 64}, OPERATOR, later=True),
    # what travels and what becomes of it
    "consignment plan": Recipe(
        lambda party: {"origin": "IND", "destination": party, "lines": f"{_gift(**{party: 1000})}=6 box"},
        SENDERS,
    ),
    "consignment dispatch": Recipe(
        lambda party: {"consignment": _consignment(party)}, SENDERS
    ),
    "consignment cancel": Recipe(lambda party: {"consignment": _consignment(party)}, SENDERS),
    "consignment return": Recipe(
        lambda party: {"consignment": _consignment(party, sent=600), "cause": "customs"}, SENDERS
    ),
    "consignment receive": Recipe(lambda party: {"consignment": _consignment(party, sent=600)}, FOCAL),
    "stock distribute": Recipe(lambda party: {"party": party, "offer": _in_hands(party), "quantity": "100"}, FOCAL),
    "stock return": Recipe(
        lambda party: {"party": party, "offer": _in_hands(party), "quantity": "100", "cause": "other", "note": "too many"},
        FOCAL,
    ),
    "stock lose": Recipe(
        lambda party: {"party": party, "offer": _in_hands(party), "quantity": "100", "cause": "theft"}, FOCAL
    ),
    "stock expire": Recipe(
        lambda party: {"offer": _in_hands(party), "stage": "received", "holder": party, "quantity": "100"}, FOCAL
    ),
    "stock reverse": Recipe(_receipt, FOCAL),
    "stock rebuild": Recipe(lambda party: {}, OPERATOR),
    "money pay": Recipe(
        lambda party: {"offer": _money(party), "to": party, "quantity": "100 USD"}, everywhere(*DONOR)
    ),
    "money spend": Recipe(
        lambda party: {"party": party, "offer": _money(party, paid=50_000), "quantity": "100 USD"}, FOCAL
    ),
    # what is made of the book
    "checkpoint make": Recipe(lambda party: {}, LISTS, later=True),
    "checkpoint countersign": Recipe(lambda party: {"note": b"no note"}, LISTS, later=True),
}  # fmt: skip


def _linked(party: str) -> dict[str, Any]:
    """A statement that is linked to a need."""
    from evenhand.said.models import StatementLink

    statement, need = add_statement(), add_need(party, "approved", "an outbreak")
    StatementLink.objects.create(statement_id=statement, about=need)
    return {"statement": statement, "about": need}


def _met(party: str, state: str = "confirmed") -> str:
    """A meeting of Azerbaijan with a party."""
    return add_meeting(
        add_reading(), {add_official("Elvin Mammadov"): "AZE"}, {add_official("A guest"): party}, state=state
    )


def _two_spellings(party: str) -> dict[str, Any]:
    """Two officials who took part in two meetings, and may be one person."""
    one, other = add_official("Adoum Brahim Kosso"), add_official("Adoum Ibrahim Kosso")
    for guest in (one, other):
        add_meeting(add_reading(), {add_official("Elvin Mammadov"): "AZE"}, {guest: party})
    return {"official": one, "into": other}


def _translated(party: str) -> dict[str, Any]:
    """A party whose name somebody gave in Russian."""
    from evenhand.records.models import Translation

    named = {"key": party, "language": "ru"}
    Translation.objects.get_or_create(of="party", field="name", **named, defaults={"text": "Имя"})
    return {"kind": "party", **named}


def _childless(party: str) -> str:
    from evenhand.records.models import Party

    return str(Party.objects.create(key=f"{party}-old", name="An old clinic", kind="facility", parent_id=party).key)


def _country(party: str) -> str:
    from evenhand.records.models import Place

    Place.objects.get_or_create(key=party, defaults={"name": party, "country": party})
    return party


def _acting(role: str, group: str, name: str, party: str = "") -> Any:
    """Somebody of no name in the cast, so that no one of it has proposed or voted already."""
    from evenhand.access.models import RoleHeld, User
    from evenhand.access.viewers import viewer_of
    from evenhand.actions.action import Acting

    user, _ = User.objects.get_or_create(public_id=f"u-{name}", defaults={"name": name, "made_at": NOW})
    RoleHeld.objects.get_or_create(user=user, role=role, party=party, group=group, defaults={"since": NOW.date()})
    return Acting(viewer_of(user, on=NOW.date()), reason="a recipe", at=NOW)


def _opened(party: str) -> dict[str, Any]:
    """What opens a round on one need of a party and one gift for it."""
    need = add_need(party, "approved", "an outbreak", resource_id="vaccine-measles")
    gift = make_gift("IND", "vaccine-measles", 4000, pack_size=100)
    return {
        "title": "Measles", "group": GROUP[party], "resource": "vaccine-measles", "needs": need, "offers": gift,
    }  # fmt: skip


def _round(party: str, last: str) -> str:
    """A round taken as far as its last step: open, freeze, propose or publish."""
    from evenhand.actions.catalogue import ACTIONS

    acting = _acting("secretariat", GROUP[party], "maker")
    ref = str(ACTIONS["round open"](acting, **_opened(party)).ref)
    for step in ("freeze", "propose", "publish")[: ("open", "freeze", "propose", "publish").index(last)]:
        ACTIONS[f"round {step}"](acting, round=ref)
    return ref


def _a_line(party: str) -> bytes:
    from evenhand.rounds.models import RoundLot

    lot = RoundLot.objects.order_by("pk").last()
    assert lot is not None
    return f"{lot.offer_id},{party},3\n".encode()


def _objection(party: str) -> str:
    from evenhand.actions.catalogue import ACTIONS

    acting = _acting("focal-point", "", "objector", party)
    return str(ACTIONS["round object"](acting, round=_round(party, "publish"), party=party, text="too little").ref)


def _decided(party: str) -> str:
    """A round that two people approved, as the table says: one of the three groups has no board."""
    from evenhand.actions.rounds.deciding import sha256_of_folder
    from evenhand.rounds.models import Proposal, Round, Vote

    ref = _round(party, "publish")
    plan = Proposal.objects.get(round=ref)
    for member in ("AZE", "UGA"):
        Vote.objects.create(
            round_id=ref, proposal=plan, by=f"u-{member}", party=member, approves=True, made_at=NOW,
            folder_sha256=sha256_of_folder(plan),
        )  # fmt: skip
    Round.objects.filter(pk=ref).update(state="decided")
    return ref
