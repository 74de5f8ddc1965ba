"""Tables of the people register, a module for each part of it.

What tells who somebody is stands in boxes alone (`people.sealing`), one a field: a JSON object of field → box. Parties and
users of the other database are named by key. Written by `evenhand.actions.people`, and the lines of reading by
`evenhand.lookups.people`; lines, assessments, consents and corrections are never changed, the database sees to it.
"""

from evenhand.people.models.evacuation import (
    EvacuationNeed as EvacuationNeed,
)
from evenhand.people.models.evacuation import (
    HospitalOffer as HospitalOffer,
)
from evenhand.people.models.evacuation import (
    HospitalReferral as HospitalReferral,
)
from evenhand.people.models.evacuation import (
    MatchProposal as MatchProposal,
)
from evenhand.people.models.evacuation import (
    Transfer as Transfer,
)
from evenhand.people.models.evacuation import (
    TransferEvent as TransferEvent,
)
from evenhand.people.models.register import (
    Assessment as Assessment,
)
from evenhand.people.models.register import (
    BlindIndex as BlindIndex,
)
from evenhand.people.models.register import (
    Consent as Consent,
)
from evenhand.people.models.register import (
    Correction as Correction,
)
from evenhand.people.models.register import (
    Household as Household,
)
from evenhand.people.models.register import (
    PeopleLine as PeopleLine,
)
from evenhand.people.models.register import (
    Person as Person,
)
from evenhand.people.models.register import (
    ReadLine as ReadLine,
)
from evenhand.people.models.register import (
    Registration as Registration,
)
from evenhand.people.models.register import (
    Sharing as Sharing,
)
from evenhand.people.models.services import (
    Distribution as Distribution,
)
from evenhand.people.models.services import (
    Entitlement as Entitlement,
)
from evenhand.people.models.services import (
    Gift as Gift,
)
from evenhand.people.models.services import (
    Scan as Scan,
)
