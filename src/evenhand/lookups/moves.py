"""What the entries of the book add up to where a balance does not say it: what arrived until when, and what took which way.

Entries are never changed, so what was added up once stays right: only those that came since are read. Used by
`lookups.snapshot`, which keeps one of these for a process, and by whoever reads a book afresh. Holds only what everybody
may see. Must never be trusted for another book: `belongs` says whether it is of the one that the database holds now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, CharField, F, Q, Sum, Value, When
from django.db.models.functions import Substr

from evenhand.ledger.stages import REVERSE
from evenhand.stockbook.models import Entry

ARRIVED = ("received", "used")

Way = tuple[str, str, str, str, str]
"""Donor, resource, month in which it happened (2026-03), stage it left, stage it came into."""


@dataclass(slots=True)
class Moves:
    """Hold the sums of the first so many entries.

    Attributes
    ----------
    size, last
        How many entries, and the id of the last one.
    arrivals
        Holder and resource → day of recording → base units that came into its hands that day, less what left them.
    ways
        What took each way, reversals taken off.
    """

    size: int = 0
    last: str = ""
    arrivals: dict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    ways: dict[Way, int] = field(default_factory=dict)

    def belongs(self) -> bool:
        """Say whether the book in the database begins with these entries: it may be another, or an older copy."""
        return not self.size or Entry.objects.filter(pk=self.size, entry=self.last).exists()

    def read_on(self) -> None:
        """Add what was recorded since."""
        newest = Entry.objects.order_by("-seq").values_list("seq", "entry").first()
        if newest is None or newest[0] == self.size:
            return
        new = Entry.objects.filter(seq__gt=self.size, seq__lte=newest[0])
        arrived, went = list(_arrivals(new)), list(read_ways(new))  # both are read before anything is added
        for holder, resource, day, moved in arrived:
            days = self.arrivals[holder, resource]
            days[day] = days.get(day, 0) + moved
        for way, moved in went:
            self.ways[way] = self.ways.get(way, 0) + moved
        self.size, self.last = newest


def _arrivals(entries: object) -> Iterable[tuple[str, str, str, int]]:
    for side, sign in (("source", -1), ("target", 1)):
        rows = (
            entries.filter(**{f"{side}__stage__in": ARRIVED})  # type: ignore[attr-defined]  # rows of entries
            .annotate(day=Substr("recorded", 1, 10))
            .values_list(f"{side}__holder", "resource", "day")
            .annotate(moved=Sum("quantity"))
            .order_by()
        )
        for holder, resource, day, moved in rows:
            yield holder, resource, day, sign * int(moved)


def read_ways(entries: object) -> Iterable[tuple[Way, int]]:
    """Return what took which way in some entries; a reversal is taken off the way that it undoes."""
    reverses = Q(verb=REVERSE)
    rows = (
        entries.annotate(  # type: ignore[attr-defined]  # rows of entries
            donor=F("source__offer__donor"),
            month=Substr("happened", 1, 7),
            back=Case(When(reverses, then=Value("1")), default=Value(""), output_field=CharField()),
        )
        .values_list("donor", "resource", "month", "source__stage", "target__stage", "back")
        .annotate(moved=Sum("quantity"))
        .order_by()
    )
    for donor, resource, month, source, target, back, moved in rows:
        yield (
            (donor, resource, month, *((target, source) if back else (source, target))),
            int(moved) * (-1 if back else 1),
        )
