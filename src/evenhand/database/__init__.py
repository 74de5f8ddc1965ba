"""The ground under every table: one writer at a time, a snapshot for readers, and a look at whether the ground is safe.

For ``actions`` (:func:`~evenhand.database.writing.writing`), for ``lookups``, exports and audits
(:func:`~evenhand.database.writing.reading`), and for ``evenhand check-setup``
(:mod:`~evenhand.database.checks`). It must never know a table, a party or a quantity: it stands below all of them.
"""
