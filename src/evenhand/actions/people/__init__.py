"""Everything that changes the people register: registrations, households, persons, consents, erasure, keys.

No part of the catalogue of actions: no program reaches it, and what was given stands in no audit line. Each module makes its
actions with `people_action`; they write the register's own database and no other.
"""
