"""The columns of a round's data files: the plan, the lots, the lines. Keys are English and stable; units stand beside them."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _

from evenhand.web.frame.tables import Column


def plan_columns(unit: str, override: bool) -> list[Column]:
    """Return the columns of the plan's table, as its data files hold them."""
    found = [
        Column("recipient", _("Recipient"), "code"),
        Column("name", _("Name")),
        Column("target", _("Target"), "amount", unit=unit),
        Column("held", _("Held before"), "amount", unit=unit),
        Column("received", _("Receives"), "amount", unit=unit),
        Column("coverage_before", _("Share of target before"), "number"),
        Column("coverage_after", _("Share of target after"), "number"),
    ]
    if override:
        return [
            *found, Column("fair", _("Under the fair plan"), "amount", unit=unit),
            Column("difference", _("Difference"), "amount", unit=unit),
        ]  # fmt: skip
    return [
        *found,
        Column("level", _("Level under the rule"), "number"),
        Column("waterline", _("Waterline"), "number", value=lambda row: _finite(row.waterline)),
        Column("stands", _("Where it stands"), value=lambda row: row.stands),
        Column("limited_by", _("What stopped it")),
        Column("lots", _("Lots it receives from"), "number"),
    ]


def lot_columns() -> list[Column]:
    """Return the columns of the table of lots."""
    return [
        Column("lot", _("Lot"), "code"),
        Column("donor", _("Donor")),
        Column("resource", _("What")),
        Column("packs", _("Packs"), "number"),
        Column("given", _("Packs given"), "number"),
        Column("left", _("Packs left over"), "number"),
        Column("pack_size", _("Base units in a pack"), "number"),
        Column("units", _("Base units given"), "amount"),
        Column("service_units", _("Service units given"), "amount"),
        Column("may_go_to", _("May go to; empty for everybody")),
        Column("requires", _("Must be handled as")),
        Column("expires", _("Expires"), "day"),
        Column("waterline", _("Waterline"), "number", value=lambda lot: _finite(lot.waterline)),
    ]


def line_columns() -> list[Column]:
    """Return the columns of the table of lines."""
    return [
        Column("lot", _("Lot"), "code"),
        Column("donor", _("Donor")),
        Column("recipient", _("Recipient"), "code"),
        Column("name", _("Name")),
        Column("packs", _("Packs"), "number"),
        Column("units", _("Base units"), "amount"),
        Column("service_units", _("Service units"), "amount"),
    ]


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
