"""Sharing out a distribution's stock where it does not reach for everybody: by the engine, with its proof.

Whoever comes first (small children, pregnant women, whoever the site names) is covered as evenly as can be before anybody else, then the
others as evenly as can be. The plan's recipients are marks of its own, salted, that stand nowhere else: its proof can be checked by
an auditor, who reads nobody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from django.db.models import Sum

from evenhand.access.rights import require
from evenhand.actions.action import Acting, Doing, Done
from evenhand.actions.finding import get_party
from evenhand.actions.people.action import people_action
from evenhand.actions.people.booking import held_of
from evenhand.actions.people.entitlements import resource_of
from evenhand.actions.people.finding import get_distribution
from evenhand.errors import ActionRefused
from evenhand.lookups.people.shares import shares_by_household
from evenhand.people.models import Distribution, Gift, Household, Ration, SharePlan
from evenhand.plan import allocate
from evenhand.records.quantities import read_quantity
from evenhand.records.tree import target_of

STOCK: Final = "stock"
RULE: Final = "tiers"
WHEN: Final = (2000, 1, 1, 0, 0, 0)
"""The time that every file in the archive carries: the same plan, the same bytes."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Hold what was worked out before the transaction: what each household needs, what there is, and the plan."""

    wanted: dict[str, tuple[int, int]]
    there: int
    archive: bytes
    rations: dict[str, int]


@people_action("people distribute")
def share_out(
    doing: Doing,
    *,
    distribution: Annotated[str, "the distribution's ref, DI-..."],
    first: Annotated[str, "who comes first, as in a rule: 'under 5; pregnant; disabled'; nobody where not said"] = "",
    unit: Annotated[str, "the pack that is handed out whole; the base unit where not said"] = "",
) -> Done:
    """Share the site's stock out among the households of a distribution, before anything is given; a new plan replaces an older one."""
    row = get_distribution(distribution)
    doing.require(target_of(get_party(row.site), doing.today))
    shared: Shared = doing.prepared
    if Gift.objects.filter(distribution=row).exists():
        raise ActionRefused(
            f"{row.ref} has begun: something was given already, and what others get cannot be changed any more"
        )
    if row.state != "open":
        raise ActionRefused(f"{row.ref} is closed")
    if (_wanted(row, first), _held(row)) != (shared.wanted, shared.there):
        raise ActionRefused(
            "households or stock changed while the plan was worked out; nothing was changed, share out again"
        )
    digest = hashlib.sha256(shared.archive).hexdigest()
    Ration.objects.filter(distribution=row).delete()
    SharePlan.objects.update_or_create(
        distribution=row,
        defaults={
            "archive": shared.archive, "sha256": digest, "rule": RULE, "first": first, "by": doing.viewer.public_id, "at": doing.at,
        },
    )  # fmt: skip
    Ration.objects.bulk_create(
        Ration(distribution=row, household_id=ref, quantity=quantity) for ref, quantity in shared.rations.items()
    )
    return doing.done(
        row.ref,
        households=len(shared.rations),
        quantity=sum(shared.rations.values()),
        there=shared.there,
        sha256=digest,
    )


@share_out.before
def _work_out(acting: Acting, *, distribution: str, first: str = "", unit: str = "") -> Shared:
    """Let the engine plan, with no lock held."""
    row = get_distribution(distribution)
    require(acting.viewer, "people distribute", target_of(get_party(row.site), (acting.at or datetime.now(UTC)).date()))
    wanted = _wanted(row, first)
    if not wanted:
        raise ActionRefused(f"nobody at {row.site} has anything to come by {row.entitlement_id}")
    what = resource_of(row.entitlement)
    size = read_quantity(what, "1", unit).base_units if unit else 1
    there = _held(row)
    marks = {_mark(row, ref): ref for ref in wanted}
    needs = [
        {"recipient": mark, "target": sum(wanted[ref]), "tier_1": wanted[ref][0], "tier_2": wanted[ref][1]}
        for mark, ref in sorted(marks.items())
    ]
    lots = [{"lot": STOCK, "resource": what.key, "packs": there // size, "pack_size": size}]
    plan = allocate(needs, lots, rule=RULE, date=row.first_day)
    given = dict.fromkeys(wanted, 0)
    for mark, packs in plan.lines.select("recipient", "packs").iter_rows():
        given[marks[mark]] += int(packs) * size
    with TemporaryDirectory() as folder:
        plan.write(Path(folder) / "plan")
        return Shared(wanted, there, _packed(Path(folder) / "plan"), given)


def _wanted(row: Distribution, first: str) -> dict[str, tuple[int, int]]:
    """Return what each household of the site has to come: for those who come first, and for the others."""
    there = Household.objects.filter(registration=row.entitlement.registration_id, site=row.site, state="present")
    whole = shares_by_household(row.entitlement, there, row.first_day)
    ahead = shares_by_household(row.entitlement, there, row.first_day, only=first) if first.strip() else {}
    found = {}
    for ref, share in whole.items():
        mine = min(ahead[ref].quantity, share.quantity) if ref in ahead else 0
        if share.quantity:
            found[ref] = (mine, share.quantity - mine)
    return found


def _held(row: Distribution) -> int:
    """Return what the site holds and did not promise to the households of another distribution that was shared out."""
    others = SharePlan.objects.filter(
        distribution__site=row.site,
        distribution__state="open",
        distribution__entitlement__resource=row.entitlement.resource,
    ).exclude(pk=row.pk)
    ids = list(others.values_list("pk", flat=True))
    promised = Ration.objects.filter(distribution__in=ids).aggregate(Sum("quantity"))["quantity__sum"] or 0
    given = Gift.objects.filter(distribution__in=ids, state="given").aggregate(Sum("quantity"))["quantity__sum"] or 0
    return max(0, held_of(row, row.first_day) - max(0, int(promised) - int(given)))


def _mark(row: Distribution, household: str) -> str:
    """Return what stands in the plan in place of a household: not what stands in the stock book, so that the two cannot be joined."""
    digest = hmac.digest(row.salt.encode(), f"plan/{row.ref}/{household}".encode(), "sha256")[:16]
    return "SP-" + base64.b32encode(digest).decode().rstrip("=")


def _packed(folder: Path) -> bytes:
    """Return a folder as a zip, the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.writestr(zipfile.ZipInfo(file.relative_to(folder).as_posix(), WHEN), file.read_bytes())
    return packed.getvalue()
