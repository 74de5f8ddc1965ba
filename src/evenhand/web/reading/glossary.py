"""The words of the pages and what each means, one sentence each: the same words as in the design, the data and the API."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = tuple[str, Promise | str, Promise | str]

WORDS: Final[tuple[Word, ...]] = (
    ("party", _("party"), _("A state, organisation, facility, team or company that needs, gives or carries. Parties form a tree: a clinic stands below its district, the district below its state.")),
    ("group", _("group"), _("A named set of parties, with the days on which each joined or left, and its offices, such as the chair.")),
    ("member", _("member"), _("A party that belongs to a group on the day in question.")),
    ("place", _("place"), _("A country, district or site, under its international code.")),
    ("resource", _("resource"), _("What can be needed or given: goods, money, a service, a team or a bed, a house.")),
    ("base-unit", _("base unit"), _("The smallest unit in which a resource is counted: a dose, a tablet, a cent.")),
    ("pack", _("pack"), _("What a resource is shared out in, such as a box of 100 doses. Packs are not opened to share them out.")),
    ("need", _("need"), _("What a party needs of a resource, by when and why. It lapses on a day unless it is renewed.")),
    ("target", _("target"), _("How much would meet a need in full, what is already there included.")),
    ("held", _("held"), _("What a party already has of what it needs.")),
    ("gap", _("gap"), _("What is needed and neither there, nor allocated, nor on the way.")),
    ("coverage", _("share met"), _("What is there, as a share of what is needed.")),
    ("offer", _("offer"), _("What a party gives or says it will give.")),
    ("statement", _("statement"), _("What somebody said, in their words. It counts in no total.")),
    ("pledge", _("pledge"), _("An offer that is meant, while the papers are not signed. Goods that are pledged count as promised; money that is pledged does not.")),
    ("commitment", _("commitment"), _("An offer that is signed.")),
    ("earmark", _("earmark"), _("For whom an offer is meant, or not meant.")),
    ("lot", _("lot"), _("A quantity of one resource, with one pack size and one expiry date, ready to be shared out.")),
    ("round", _("round"), _("One sharing-out: needs and lots as they stood on a day, a rule, a plan, objections and a decision.")),
    ("rule", _("rule"), _("What counts as being served equally: the same share of everybody’s need, for example.")),
    ("level", _("level"), _("How well served a recipient is under the rule.")),
    ("waterline", _("waterline"), _("The level to which a lot, or a recipient, is filled in the plan. Nobody who could have had the lot stands below it.")),
    ("plan", _("plan"), _("How many packs of which lot go to which recipient.")),
    ("certificate", _("certificate"), _("The numbers with which anybody can check, with comparisons alone, that no fairer plan exists under the rule.")),
    ("objection", _("objection"), _("What a member says against a plan before it is decided. Each is answered in public.")),
    ("recusal", _("recusal"), _("A member of the board takes no part in a decision, and says why.")),
    ("override", _("override"), _("A plan changed by hand. It needs a reason, and its cost in fairness is measured and shown.")),
    ("consignment", _("consignment"), _("What travels together: boxes, a team, or a patient.")),
    ("dispatched", _("dispatched"), _("It left the sender and has not wholly arrived.")),
    ("received", _("received"), _("It is in the hands of the party it was for, by that party’s own word.")),
    ("used", _("used"), _("It was handed to people, or did its work.")),
    ("lost", _("lost"), _("It was damaged, is missing, or expired.")),
    ("entry", _("entry"), _("One line of the stock book. It is never changed and never deleted; a mistake is taken back by another entry.")),
    ("stock-book", _("stock book"), _("All entries in order. Every figure on these pages is a sum of them.")),
    ("checkpoint", _("checkpoint"), _("A signed note that says how many entries the book had and what they add up to. Whoever keeps it can prove later that nothing was changed.")),
    ("evidence", _("evidence"), _("A document, receipt or photo, with its source, its day and how far it can be trusted.")),
    ("programme", _("programme"), _("An aid programme, exercise or reconstruction to which needs, offers and consignments can belong.")),
    ("focal-point", _("focal point"), _("Who speaks for a member here: enters its needs, confirms what arrived, objects to a plan.")),
    ("secretariat", _("secretariat"), _("Who checks what is entered, opens rounds and proposes plans. It cannot decide a round.")),
    ("board", _("board"), _("Who decides a round: two people together, neither of whom proposed the plan.")),
)  # fmt: skip
"""Key, word, meaning."""
