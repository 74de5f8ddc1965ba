"""What is known: groups, places, parties, resources, programmes, needs, offers, evidence.

Tables and the plain words about them (quantities, refs). Changed by `evenhand.actions` alone and read through
`evenhand.lookups` alone. `seeds/` holds the shipped lists of facts.
"""
