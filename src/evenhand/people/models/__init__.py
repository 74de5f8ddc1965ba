"""Tables of the people register, a module for each part of it.

What tells who somebody is stands in boxes alone (`people.sealing`), one a field: a JSON object of field → box. Parties and
users of the other database are named by key. Written by `evenhand.actions.people`, and the lines of reading by
`evenhand.lookups.people`; lines, assessments, consents and corrections are never changed, the database sees to it.
"""

from evenhand.people.models.duplicates import (
    Duplicate,
    LearnedModel,
)
from evenhand.people.models.evacuation import (
    EvacuationNeed,
    HospitalOffer,
    HospitalReferral,
    MatchProposal,
    Transfer,
    TransferEvent,
)
from evenhand.people.models.register import (
    Assessment,
    BlindIndex,
    Consent,
    Correction,
    Household,
    KeyEpoch,
    PeopleLine,
    Person,
    ReadLine,
    Reason,
    Registration,
    Sharing,
)
from evenhand.people.models.services import (
    Distribution,
    Entitlement,
    Gift,
    GiftPerson,
    Ration,
    Scan,
    SharePlan,
)

__all__ = [
    "Assessment",
    "BlindIndex",
    "Consent",
    "Correction",
    "Distribution",
    "Duplicate",
    "Entitlement",
    "EvacuationNeed",
    "Gift",
    "GiftPerson",
    "HospitalOffer",
    "HospitalReferral",
    "Household",
    "KeyEpoch",
    "LearnedModel",
    "MatchProposal",
    "PeopleLine",
    "Person",
    "Ration",
    "ReadLine",
    "Reason",
    "Registration",
    "Scan",
    "SharePlan",
    "Sharing",
    "Transfer",
    "TransferEvent",
]
