"""Forms made from actions: every action of the catalogue can be done at `/act/GROUP/VERB`, with nothing declared twice.

`fields` makes a form's fields from an action's signature, `choices` knows what can be chosen, `acts` are the pages. What a
form says beyond that (its title, the order and grouping of its fields, hints, where one goes afterwards) is written down in
`sayings`, a module per subject.
"""
