"""The words of closed lists in the reader's language: kinds, states, stages, roles, causes, units.

One table: list → word as records hold it → what people read. The lists themselves are declared where they are used
(`ledger.stages`, `access.roles`, `records.models`, ...); a test says that every word of theirs stands here. Called by the
`words` filters, by `sentences` and by the API. A word that nobody knows comes back as it is, never as an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import npgettext, pgettext_lazy

from evenhand.web.languages.formats import Number, plural_number

Words = dict[str, str | Promise]

WORDS: Final[dict[str, Words]] = {
    "kind of party": {
        "state": pgettext_lazy("kind of party", "state"),
        "organisation": pgettext_lazy("kind of party", "organisation"),
        "facility": pgettext_lazy("kind of party", "facility"),
        "team": pgettext_lazy("kind of party", "team"),
        "company": pgettext_lazy("kind of party", "company"),
    },
    "kind of resource": {
        "goods": pgettext_lazy("kind of resource", "goods"),
        "money": pgettext_lazy("kind of resource", "money"),
        "service": pgettext_lazy("kind of resource", "service"),
        "capacity": pgettext_lazy("kind of resource", "capacity"),
        "structure": pgettext_lazy("kind of resource", "structure"),
    },
    "kind of group": {
        "movement": pgettext_lazy("kind of group", "movement"),
        "organisation": pgettext_lazy("kind of group", "organisation"),
        "forum": pgettext_lazy("kind of group", "forum"),
        "eligibility list": pgettext_lazy("kind of group", "eligibility list"),
    },
    "kind of programme": {
        "aid": pgettext_lazy("kind of programme", "aid"),
        "exercise": pgettext_lazy("kind of programme", "exercise"),
        "reconstruction": pgettext_lazy("kind of programme", "reconstruction"),
        "event": pgettext_lazy("kind of programme", "event"),
    },
    "kind of consignment": {
        "shipment": pgettext_lazy("kind of consignment", "shipment"),
        "deployment": pgettext_lazy("kind of consignment", "deployment"),
        "transfer": pgettext_lazy("kind of consignment", "transfer"),
    },
    "kind of evidence": {
        "document": pgettext_lazy("kind of evidence", "document"),
        "readout": pgettext_lazy("kind of evidence", "readout"),
        "receipt": pgettext_lazy("kind of evidence", "receipt"),
        "photo": pgettext_lazy("kind of evidence", "photo"),
        "table": pgettext_lazy("kind of evidence", "table"),
        "link": pgettext_lazy("kind of evidence", "link"),
    },
    "state of a need": {
        "draft": pgettext_lazy("state of a need", "draft"),
        "submitted": pgettext_lazy("state of a need", "submitted"),
        "approved": pgettext_lazy("state of a need", "approved"),
        "lapsed": pgettext_lazy("state of a need", "lapsed"),
        "corrected": pgettext_lazy("state of a need", "corrected"),
        "withdrawn": pgettext_lazy("state of a need", "withdrawn"),
    },
    "state of an offer": {
        "claimed": pgettext_lazy("state of an offer", "claimed"),
        "open": pgettext_lazy("state of an offer", "open"),
        "closed": pgettext_lazy("state of an offer", "closed"),
        "withdrawn": pgettext_lazy("state of an offer", "withdrawn"),
    },
    "state of a round": {
        "open": pgettext_lazy("state of a round", "open"),
        "frozen": pgettext_lazy("state of a round", "frozen"),
        "proposed": pgettext_lazy("state of a round", "proposed"),
        "published": pgettext_lazy("state of a round", "published"),
        "decided": pgettext_lazy("state of a round", "decided"),
        "posted": pgettext_lazy("state of a round", "posted"),
        "cancelled": pgettext_lazy("state of a round", "cancelled"),
    },
    "state of a consignment": {
        "planned": pgettext_lazy("state of a consignment", "planned"),
        "sent": pgettext_lazy("state of a consignment", "sent"),
        "part received": pgettext_lazy("state of a consignment", "part received"),
        "closed": pgettext_lazy("state of a consignment", "closed"),
        "cancelled": pgettext_lazy("state of a consignment", "cancelled"),
    },
    "state of a party": {
        "active": pgettext_lazy("state of a party", "active"),
        "retired": pgettext_lazy("state of a party", "retired"),
    },
    "priority": {
        "life-saving": pgettext_lazy("priority", "life-saving"),
        "urgent": pgettext_lazy("priority", "urgent"),
        "normal": pgettext_lazy("priority", "normal"),
    },
    "firmness": {
        "statement": pgettext_lazy("firmness", "statement"),
        "pledge": pgettext_lazy("firmness", "pledge"),
        "commitment": pgettext_lazy("firmness", "commitment"),
    },
    "confidence": {
        "low": pgettext_lazy("confidence", "low"),
        "medium": pgettext_lazy("confidence", "medium"),
        "high": pgettext_lazy("confidence", "high"),
    },
    "status in a group": {
        "member": pgettext_lazy("status in a group", "member"),
        "observer": pgettext_lazy("status in a group", "observer"),
        "eligible": pgettext_lazy("status in a group", "eligible"),
        "suspended": pgettext_lazy("status in a group", "suspended"),
    },
    "office": {
        "chair": pgettext_lazy("office", "chair"),
        "council-seat": pgettext_lazy("office", "council seat"),
        "council-seat-permanent": pgettext_lazy("office", "permanent council seat"),
    },
    "role": {
        "focal-point": pgettext_lazy("role", "focal point"),
        "donor": pgettext_lazy("role", "donor"),
        "donor-reader": pgettext_lazy("role", "reader for a donor"),
        "secretariat": pgettext_lazy("role", "secretariat"),
        "board": pgettext_lazy("role", "board"),
        "auditor": pgettext_lazy("role", "auditor"),
        "registrar": pgettext_lazy("role", "registrar"),
        "case-worker": pgettext_lazy("role", "case worker"),
        "operator": pgettext_lazy("role", "operator"),
    },
    "stage": {
        "outside": pgettext_lazy("stage", "outside"),
        "offered": pgettext_lazy("stage", "offered"),
        "committed": pgettext_lazy("stage", "committed"),
        "allocated": pgettext_lazy("stage", "allocated"),
        "in-transit": pgettext_lazy("stage", "on the way"),
        "received": pgettext_lazy("stage", "received"),
        "paid": pgettext_lazy("stage", "paid"),
        "used": pgettext_lazy("stage", "used"),
        "spent": pgettext_lazy("stage", "spent"),
        "damaged": pgettext_lazy("stage", "damaged"),
        "missing": pgettext_lazy("stage", "missing"),
        "expired": pgettext_lazy("stage", "expired"),
        "returned": pgettext_lazy("stage", "returned"),
        "withdrawn": pgettext_lazy("stage", "withdrawn"),
    },
    "what happened": {
        "offer": pgettext_lazy("what happened", "offered"),
        "commit": pgettext_lazy("what happened", "committed"),
        "withdraw": pgettext_lazy("what happened", "withdrawn"),
        "allocate": pgettext_lazy("what happened", "allocated"),
        "dispatch": pgettext_lazy("what happened", "dispatched"),
        "receive": pgettext_lazy("what happened", "received"),
        "damage": pgettext_lazy("what happened", "found damaged"),
        "miss": pgettext_lazy("what happened", "found missing"),
        "distribute": pgettext_lazy("what happened", "handed out"),
        "expire": pgettext_lazy("what happened", "expired"),
        "return": pgettext_lazy("what happened", "returned"),
        "pay": pgettext_lazy("what happened", "paid"),
        "spend": pgettext_lazy("what happened", "spent"),
        "reverse": pgettext_lazy("what happened", "reversed"),
    },
    "cause": {
        "broken": pgettext_lazy("cause", "broken, crushed or leaking"),
        "wet": pgettext_lazy("cause", "wet or mouldy"),
        "cold-chain-broken": pgettext_lazy("cause", "too warm or too cold on the way or in store"),
        "contaminated": pgettext_lazy("cause", "dirty, infested or mixed with something else"),
        "out-of-date": pgettext_lazy("cause", "past its last day of use when it was found"),
        "wrong-item": pgettext_lazy("cause", "not what the papers say"),
        "theft": pgettext_lazy("cause", "stolen or taken by force"),
        "customs": pgettext_lazy("cause", "held or taken by an authority"),
        "left-behind": pgettext_lazy("cause", "never loaded, or left on the way"),
        "miscount": pgettext_lazy("cause", "counted wrongly at either end"),
        "recall": pgettext_lazy("cause", "called back by its maker or an authority"),
        "not-needed": pgettext_lazy("cause", "no longer needed"),
        "ended": pgettext_lazy("cause", "a deployment or a loan that has come to its end"),
        "refund": pgettext_lazy("cause", "money given back"),
        "other": pgettext_lazy("cause", "something else, which a note must say"),
    },
    "rule": {
        "equal-coverage": pgettext_lazy("rule", "equal coverage"),
        "need-weighted": pgettext_lazy("rule", "weighted by need"),
        "tiers": pgettext_lazy("rule", "group after group"),
        "floor-then-weighted": pgettext_lazy("rule", "a floor for all, then weighted by need"),
    },
    "claim": {
        "proved best": pgettext_lazy("claim", "proved best"),
        "bounded": pgettext_lazy("claim", "bounded"),
    },
    "limit": {
        "waterline": pgettext_lazy("limit", "the waterline"),
        "above the waterline": pgettext_lazy("limit", "above the waterline"),
        "target met": pgettext_lazy("limit", "target met"),
        "capacity": pgettext_lazy("limit", "capacity"),
        "less than a pack": pgettext_lazy("limit", "less than a pack"),
        "earmark": pgettext_lazy("limit", "earmark"),
        "handles": pgettext_lazy("limit", "cannot handle it"),
        "shelf life": pgettext_lazy("limit", "shelf life"),
        "no lot": pgettext_lazy("limit", "no lot open to it"),
        "minimum shipment": pgettext_lazy("limit", "minimum shipment"),
        "lot limit": pgettext_lazy("limit", "limit on lots"),
    },
    "capability": {
        "ultra-cold": pgettext_lazy("capability", "ultra-cold store"),
        "cold-chain": pgettext_lazy("capability", "cold chain"),
        "frozen": pgettext_lazy("capability", "frozen store"),
        "controlled-medicines": pgettext_lazy("capability", "licence for controlled medicines"),
    },
    "kind of claim": {
        "given": pgettext_lazy("kind of claim", "given"),
        "promised": pgettext_lazy("kind of claim", "promised"),
        "needed": pgettext_lazy("kind of claim", "needed"),
    },
    "how firm the words are": {
        "intent": pgettext_lazy("how firm the words are", "intent"),
        "pledge": pgettext_lazy("how firm the words are", "pledge"),
        "agreement": pgettext_lazy("how firm the words are", "agreement"),
    },
    "act of speech": {
        "inform": pgettext_lazy("act of speech", "informs"),
        "thank": pgettext_lazy("act of speech", "thanks"),
        "praise": pgettext_lazy("act of speech", "praises"),
        "commit": pgettext_lazy("act of speech", "commits"),
        "request": pgettext_lazy("act of speech", "requests"),
        "agree": pgettext_lazy("act of speech", "agrees"),
        "recall": pgettext_lazy("act of speech", "recalls"),
        "criticise": pgettext_lazy("act of speech", "criticises"),
        "other": pgettext_lazy("act of speech", "other"),
    },
    "kind of meeting": {
        "met": pgettext_lazy("kind of meeting", "meeting"),
        "received": pgettext_lazy("kind of meeting", "reception"),
        "phone call": pgettext_lazy("kind of meeting", "phone call"),
        "conference": pgettext_lazy("kind of meeting", "conference"),
        "statement": pgettext_lazy("kind of meeting", "statement without a meeting"),
        "other": pgettext_lazy("kind of meeting", "other occasion"),
    },
    "side of a meeting": {
        "host": pgettext_lazy("side of a meeting", "host"),
        "guest": pgettext_lazy("side of a meeting", "guest"),
    },
    "state of a statement": {
        "proposed": pgettext_lazy("state of a statement", "to be checked"),
        "accepted": pgettext_lazy("state of a statement", "accepted"),
        "rejected": pgettext_lazy("state of a statement", "rejected"),
        "merged": pgettext_lazy("state of a statement", "merged"),
        "replaced": pgettext_lazy("state of a statement", "corrected"),
    },
    "what a comparison rests on": {
        "offers": pgettext_lazy("what a comparison rests on", "the linked offers"),
        "no link": pgettext_lazy("what a comparison rests on", "no offer is linked"),
        "no amount": pgettext_lazy("what a comparison rests on", "no amount was said"),
        "no unit": pgettext_lazy("what a comparison rests on", "another unit"),
        "several things": pgettext_lazy("what a comparison rests on", "offers of several things"),
    },
    "state of a meeting": {
        "proposed": pgettext_lazy("state of a meeting", "to be checked"),
        "confirmed": pgettext_lazy("state of a meeting", "confirmed"),
        "merged": pgettext_lazy("state of a meeting", "merged"),
        "rejected": pgettext_lazy("state of a meeting", "rejected"),
    },
    "thing": {
        "party": pgettext_lazy("thing", "party"),
        "group": pgettext_lazy("thing", "group"),
        "place": pgettext_lazy("thing", "place"),
        "resource": pgettext_lazy("thing", "resource"),
        "programme": pgettext_lazy("thing", "programme"),
        "need": pgettext_lazy("thing", "need"),
        "offer": pgettext_lazy("thing", "offer"),
        "round": pgettext_lazy("thing", "round"),
        "objection": pgettext_lazy("thing", "objection"),
        "consignment": pgettext_lazy("thing", "consignment"),
        "evidence": pgettext_lazy("thing", "evidence"),
        "statement": pgettext_lazy("thing", "statement"),
        "meeting": pgettext_lazy("thing", "meeting"),
        "official": pgettext_lazy("thing", "person in office"),
        "document": pgettext_lazy("thing", "document"),
        "entry": pgettext_lazy("thing", "entry"),
        "lot": pgettext_lazy("thing", "lot"),
        "recipient": pgettext_lazy("thing", "recipient"),
        "user": pgettext_lazy("thing", "user"),
        "role": pgettext_lazy("thing", "role"),
        "column": pgettext_lazy("thing", "column"),
        "table": pgettext_lazy("thing", "table"),
    },
}
"""List → word as records hold it → what people read; the list's name is the translators' context."""

UNITS: Final[dict[str, Callable[[int], str]]] = {
    "ampoule": lambda n: npgettext("unit", "ampoule", "ampoules", n),
    "bag": lambda n: npgettext("unit", "bag", "bags", n),
    "bale": lambda n: npgettext("unit", "bale", "bales", n),
    "bed": lambda n: npgettext("unit", "bed", "beds", n),
    "bed-day": lambda n: npgettext("unit", "bed-day", "bed-days", n),
    "borehole": lambda n: npgettext("unit", "borehole", "boreholes", n),
    "bottle": lambda n: npgettext("unit", "bottle", "bottles", n),
    "box": lambda n: npgettext("unit", "box", "boxes", n),
    "can": lambda n: npgettext("unit", "can", "cans", n),
    "capsule": lambda n: npgettext("unit", "capsule", "capsules", n),
    "carton": lambda n: npgettext("unit", "carton", "cartons", n),
    "cent": lambda n: npgettext("unit", "cent", "cents", n),
    "classroom": lambda n: npgettext("unit", "classroom", "classrooms", n),
    "clinic": lambda n: npgettext("unit", "clinic", "clinics", n),
    "course": lambda n: npgettext("unit", "course", "courses", n),
    "cubic-metre": lambda n: npgettext("unit", "cubic metre", "cubic metres", n),
    "cylinder": lambda n: npgettext("unit", "cylinder", "cylinders", n),
    "dose": lambda n: npgettext("unit", "dose", "doses", n),
    "drum": lambda n: npgettext("unit", "drum", "drums", n),
    "gram": lambda n: npgettext("unit", "gram", "grams", n),
    "house": lambda n: npgettext("unit", "house", "houses", n),
    "household": lambda n: npgettext("unit", "household", "households", n),
    "inhaler": lambda n: npgettext("unit", "inhaler", "inhalers", n),
    "jar": lambda n: npgettext("unit", "jar", "jars", n),
    "kilogram": lambda n: npgettext("unit", "kilogram", "kilograms", n),
    "kit": lambda n: npgettext("unit", "kit", "kits", n),
    "latrine": lambda n: npgettext("unit", "latrine", "latrines", n),
    "litre": lambda n: npgettext("unit", "litre", "litres", n),
    "millilitre": lambda n: npgettext("unit", "millilitre", "millilitres", n),
    "minor-unit": lambda n: npgettext("unit", "minor unit", "minor units", n),
    "operation": lambda n: npgettext("unit", "operation", "operations", n),
    "pack": lambda n: npgettext("unit", "pack", "packs", n),
    "packet": lambda n: npgettext("unit", "packet", "packets", n),
    "pair": lambda n: npgettext("unit", "pair", "pairs", n),
    "patient": lambda n: npgettext("unit", "patient", "patients", n),
    "person": lambda n: npgettext("unit", "person", "people", n),
    "person-day": lambda n: npgettext("unit", "person-day", "person-days", n),
    "person-month": lambda n: npgettext("unit", "person-month", "person-months", n),
    "piece": lambda n: npgettext("unit", "piece", "pieces", n),
    "plant": lambda n: npgettext("unit", "plant", "plants", n),
    "ration": lambda n: npgettext("unit", "ration", "rations", n),
    "sachet": lambda n: npgettext("unit", "sachet", "sachets", n),
    "session": lambda n: npgettext("unit", "session", "sessions", n),
    "set": lambda n: npgettext("unit", "set", "sets", n),
    "shelter": lambda n: npgettext("unit", "shelter", "shelters", n),
    "shipper": lambda n: npgettext("unit", "shipper", "shippers", n),
    "strip": lambda n: npgettext("unit", "strip", "strips", n),
    "tablet": lambda n: npgettext("unit", "tablet", "tablets", n),
    "team": lambda n: npgettext("unit", "team", "teams", n),
    "test": lambda n: npgettext("unit", "test", "tests", n),
    "tonne": lambda n: npgettext("unit", "tonne", "tonnes", n),
    "tray": lambda n: npgettext("unit", "tray", "trays", n),
    "treatment": lambda n: npgettext("unit", "treatment", "treatments", n),
    "vial": lambda n: npgettext("unit", "vial", "vials", n),
}
"""Unit or pack → its words behind a number."""


def word(kind: str, value: str) -> str:
    """Return a word of a closed list in the reader's language; one that is not in it as it is.

    Examples
    --------
    >>> word("kind of party", "a new kind")
    'a new kind'
    """
    if kind == "unit":
        return unit(value)
    return str(WORDS.get(kind, {}).get(value, value))


def unit(name: str, quantity: Number = 100) -> str:
    """Return a unit or pack as it stands behind a quantity; the plural where none is given, an unknown one as it is.

    Examples
    --------
    >>> unit("USD")
    'USD'
    """
    say = UNITS.get(name)
    return say(plural_number(quantity)) if say else name


STATES: Final = {
    "ND-": "state of a need", "OF-": "state of an offer", "RD-": "state of a round", "CN-": "state of a consignment",
}  # fmt: skip
"""How a ref begins → the list of the states of what it names."""


def find_word(value: str, about: str = "") -> str:
    """Return a word of whatever closed list knows it, units last; "" where none does.

    Parameters
    ----------
    about
        The ref of the record that it is said of: "open" is another word for a round than for an offer.
    """
    own = WORDS.get(STATES.get(about[:3], ""), {})
    if value in own:
        return str(own[value])
    for words in WORDS.values():
        if value in words:
            return str(words[value])
    return unit(value) if value in UNITS else ""
