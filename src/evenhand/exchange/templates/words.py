"""What a template says beside the declarations: its own few sentences in each language, and one example a column.

Called by `workbook`. A test sends the examples through the importer, so none of them shows what would be refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.supply.columns import Column

HOW_TO = {"en": "How to fill", "fr": "Comment remplir"}
HEADINGS = {
    "en": ("column", "meaning", "unit", "if empty", "needed", "example"),
    "fr": ("colonne", "sens", "unité", "si vide", "nécessaire", "exemple"),
}
YES = {"en": "yes", "fr": "oui"}
ONE_OF = {"en": "one of", "fr": "un de"}
KEEP = {
    "en": "Fill in the sheet '{table}': {row} in each row. Leave its first row as it is. Dates such as 2021-03-02.",
    "fr": "Remplissez la feuille « {table} » : {row} par ligne. Laissez sa première ligne telle quelle. Dates comme 2021-03-02.",
}
LISTS = {"en": "Lists", "fr": "Listes"}

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "parties": {
        "key": "TCD-moh", "name": "Ministry of Health of Chad", "kind": "organisation", "parent": "TCD", "place": "TCD",
        "codes": "iati:TD-GOV-1", "handles": "ultra-cold", "latitude": "12.11", "longitude": "15.04",
    },
    "places": {
        "key": "TD01", "name": "Batha", "country": "TCD", "level": "1", "parent": "TCD", "latitude": "13.2",
        "longitude": "18.33", "valid_from": "2020-01-01",
    },
    "resources": {
        "key": "mask-surgical", "name": "Medical mask", "name_fr": "Masque médical", "kind": "goods", "family": "mask",
        "base_unit": "piece", "packs": "box=50;carton=2000", "parts": "mask=10;gown=2", "per_person": "1",
        "requires": "cold-chain", "codes": "unspsc:42131713", "note": "type II or IIR",
    },
    "needs": {
        "need": "ND-7K2M9QX4PD", "party": "TCD", "place": "TD01", "resource": "mask-surgical", "quantity": "200",
        "unit": "box", "by": "2021-06-30", "why": "protection of 400 health workers for three months",
        "valid_until": "2021-12-31", "held": "20", "capacity": "180", "weight": "1.5",
        "weight_source": "INFORM Risk Index 2021", "tier_": "100", "per_week": "40", "priority": "urgent",
        "programme": "PG-7K2M9QX4PD",
    },
    "offers": {
        "offer": "OF-7K2M9QX4PD", "donor": "AZE", "resource": "mask-surgical", "quantity": "500", "unit": "box",
        "firmness": "pledge", "said_on": "2021-03-02", "from": "2021-04-01", "until": "2021-12-31", "for": "NAM",
        "not_for": "KEN", "conditions": "distribution free of charge", "expires": "2023-01-31", "unit_value": "4.5",
        "currency": "USD", "valued_on": "2021-03-02", "programme": "PG-7K2M9QX4PD", "paid": "100", "paid_on": "2021-03-05",
        "to": "WHO", "evidence": "https://example.org/readout",
    },
    "entries": {
        "entry": "waybill-1182-1", "happened": "2021-05-04", "verb": "received", "offer": "OF-7K2M9QX4PD", "donor": "AZE",
        "recipient": "TCD", "resource": "mask-surgical", "quantity": "100", "unit": "box", "evidence": "waybill 1182",
    },
    "memberships": {
        "group": "NAM", "party": "TCD", "since": "1961-09-01", "until": "2030-12-31", "status": "member",
    },
}  # fmt: skip
"""One example for each column of each register, by the column's declared name."""


def heading_names(columns: tuple[Column, ...], numbered: int) -> list[tuple[str, Column]]:
    """Return the headings of a template: numbered columns as name_1, name_2 and so on."""
    names: list[tuple[str, Column]] = []
    for column in columns:
        if column.numbered:
            names += [(f"{column.name}{number}", column) for number in range(1, numbered + 1)]
        else:
            names.append((column.name, column))
    return names
