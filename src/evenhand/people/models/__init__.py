"""Tables of the people register, a module for each part of it.

What tells who somebody is stands in boxes alone (`people.sealing`), one a field: a JSON object of field → box. Parties and
users of the other database are named by key. Written by `evenhand.actions.people`, and the lines of reading by
`evenhand.lookups.people`; lines, assessments, consents and corrections are never changed, the database sees to it.
"""

from evenhand.people.models.register import (
    Assessment as Assessment,
    BlindIndex as BlindIndex,
    Consent as Consent,
    Correction as Correction,
    Household as Household,
    PeopleLine as PeopleLine,
    Person as Person,
    ReadLine as ReadLine,
    Registration as Registration,
    Sharing as Sharing,
)
