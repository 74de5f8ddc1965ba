"""How well a reader does: precision, recall and F1 beside annotated documents.

Called by `evenhand read --score` for Evenhand's own rules and for any plugged-in reader alike. A sentence is found when its offsets are
those of the annotation; a claim when its span and the annotated one share at least half of the characters that either
covers. What a claim says (giver, receiver, quantity with unit, ...) is counted among the claims found, and again together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ENOUGH_OVERLAP = 0.5
MEETING_FIELDS = ("published", "date", "place", "kind")
PARTICIPANT_FIELDS = ("name", "office", "party", "party_name", "side")
CLAIM_FIELDS = ("speaker", "kind", "giver", "receiver", "resource", "quantity and unit", "place", "when")


@dataclass(slots=True)
class Count:
    """Count what was right, what was said, and what should have been said."""

    right: int = 0
    said: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        """Return the share of what was said that is right; 1 where nothing was said."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """Return the share of what should have been said that was; 1 where nothing should."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both.

        Examples
        --------
        >>> Count(3, 4, 6).f1
        0.6
        """
        return 2 * self.right / (self.said + self.wanted) if self.said + self.wanted else 1.0


@dataclass(slots=True)
class Scores:
    """Hold the counts by measure, and every difference in words."""

    counts: dict[str, Count] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def add(self, measure: str, right: int, said: int, wanted: int) -> None:
        """Add to a measure."""
        count = self.counts.setdefault(measure, Count())
        count.right += right
        count.said += said
        count.wanted += wanted


def read_gold(path: Path) -> list[dict[str, Any]]:
    """Return the annotated documents of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score_documents(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Scores:
    """Return the scores of documents beside their annotation.

    Parameters
    ----------
    pairs
        The annotated document and the one that was read, both in the shape of `Document.to_json`.

    Examples
    --------
    >>> gold = {"file": "a", "published": None, "meeting": {"date": None, "place": None, "kind": "met", "participants": []}, "sentences": [], "claims": []}
    >>> score_documents([(gold, gold)]).counts["meeting"].f1
    1.0
    """
    scores = Scores()
    for gold, read in pairs:
        _meeting(scores, gold, read)
        _participants(scores, gold, read)
        _sentences(scores, gold, read)
        _claims(scores, gold, read)
    return scores


def _differ(scores: Scores, gold: Mapping[str, Any], what: str, wanted: object, said: object) -> None:
    scores.differences.append(f"{gold['file'][:24]}: {what}: wanted {wanted!r}, read {said!r}")


def _meeting(scores: Scores, gold: Mapping[str, Any], read: Mapping[str, Any]) -> None:
    for name in MEETING_FIELDS:
        wanted = gold["published"] if name == "published" else gold["meeting"][name]
        said = read["published"] if name == "published" else read["meeting"][name]
        right = int(wanted == said and wanted is not None)
        scores.add("meeting", right, int(said is not None), int(wanted is not None))
        if wanted != said:
            _differ(scores, gold, name, wanted, said)


def _participants(scores: Scores, gold: Mapping[str, Any], read: Mapping[str, Any]) -> None:
    wanted = {one["name"]: one for one in gold["meeting"]["participants"]}
    said = {one["name"]: one for one in read["meeting"]["participants"]}
    both = wanted.keys() & said.keys()
    scores.add("participants", len(both), len(said), len(wanted))
    for name in PARTICIPANT_FIELDS[1:]:
        right = sum(_same(wanted[key][name], said[key][name]) for key in both)
        scores.add("participant fields", right, len(said), len(wanted))
        for key in sorted(both):
            if not _same(wanted[key][name], said[key][name]):
                _differ(scores, gold, f"{key}'s {name}", wanted[key][name], said[key][name])
    if wanted.keys() != said.keys():
        _differ(scores, gold, "participants", sorted(wanted), sorted(said))


def _same(wanted: object, said: object) -> bool:
    if isinstance(wanted, str) and isinstance(said, str):
        return wanted.casefold() == said.casefold()
    return wanted == said


def _sentences(scores: Scores, gold: Mapping[str, Any], read: Mapping[str, Any]) -> None:
    wanted = {(one["start"], one["end"]): one for one in gold["sentences"]}
    said = {(one["start"], one["end"]): one for one in read["sentences"]}
    both = sorted(wanted.keys() & said.keys())
    scores.add("sentences", len(both), len(said), len(wanted))
    scores.add(
        "speakers", sum(_same(wanted[key]["speaker"], said[key]["speaker"]) for key in both), len(said), len(wanted)
    )
    acts = [sum((Counter(wanted[key]["acts"]) & Counter(said[key]["acts"])).values()) for key in both]
    scores.add(
        "acts",
        sum(acts),
        sum(len(one["acts"]) for one in said.values()),
        sum(len(one["acts"]) for one in wanted.values()),
    )
    for key in both:
        for name in ("speaker", "acts"):
            if wanted[key][name] != said[key][name]:
                _differ(scores, gold, f"{name} at {key}", wanted[key][name], said[key][name])
    for key in sorted(wanted.keys() ^ said.keys()):
        _differ(scores, gold, "sentence", key if key in wanted else None, key if key in said else None)


def pair_claims(wanted: list[Any], said: list[Any]) -> Iterator[tuple[Any, Any, float]]:
    """Yield annotated claims with the claim read for each, best overlap first, each used once."""
    overlaps = sorted(
        (
            (-_overlap(one, other), place, other_place)
            for place, one in enumerate(wanted)
            for other_place, other in enumerate(said)
            if _overlap(one, other) >= ENOUGH_OVERLAP
        ),
    )
    used: set[tuple[str, int]] = set()
    for minus, place, other_place in overlaps:
        if ("gold", place) in used or ("read", other_place) in used:
            continue
        used |= {("gold", place), ("read", other_place)}
        yield wanted[place], said[other_place], -minus


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    shared = min(one["end"], other["end"]) - max(one["start"], other["start"])
    covered = max(one["end"], other["end"]) - min(one["start"], other["start"])
    return max(0, shared) / covered if covered else 0.0


def _field(claim: Mapping[str, Any], name: str) -> object:
    if name == "quantity and unit":
        return claim["quantity"], claim["unit"]
    value = claim[name]
    return tuple(sorted(str(one).casefold() for one in value)) if name == "receiver" else value


def _claims(scores: Scores, gold: Mapping[str, Any], read: Mapping[str, Any]) -> None:
    wanted, said = list(gold["claims"]), list(read["claims"])
    pairs = list(pair_claims(wanted, said))
    scores.add("claims", len(pairs), len(said), len(wanted))
    scores.add("claims, exact span", sum(overlap == 1.0 for _, _, overlap in pairs), len(said), len(wanted))
    scores.add(
        "claims with all fields",
        sum(all(_same(_field(one, name), _field(other, name)) for name in CLAIM_FIELDS) for one, other, _ in pairs),
        len(said),
        len(wanted),
    )
    for name in CLAIM_FIELDS:
        right = sum(_same(_field(one, name), _field(other, name)) for one, other, _ in pairs)
        scores.add(f"claims found: {name}", right, len(pairs), len(pairs))
        for one, other, _ in pairs:
            if not _same(_field(one, name), _field(other, name)):
                _differ(scores, gold, f"claim at {one['start']}, {name}", _field(one, name), _field(other, name))
    found = {one["start"] for one, _, _ in pairs}
    for one in wanted:
        if one["start"] not in found:
            _differ(scores, gold, "claim", (one["start"], one["end"]), None)
    used = {id(other) for _, other, _ in pairs}
    for other in said:
        if id(other) not in used:
            _differ(scores, gold, "claim", None, (other["start"], other["end"]))
