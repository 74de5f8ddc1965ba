"""What stands on the manifest of a patient's transfer: plain values, the least that a checkpoint must know.

Made by `evenhand.lookups.people.manifests`, drawn by `crossing`. Holds no behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Traveller:
    """Hold one who crosses: a patient with how they travel, or a companion."""

    ref: str
    fields: Mapping[str, str]
    fitness: str = ""


@dataclass(frozen=True, slots=True)
class TransferManifest:
    """Hold the paper of one way, out or back; parties and the checkpoint by key."""

    ref: str
    way: str
    origin: str
    destination: str
    leaves_on: date
    checkpoint: str
    intermediary: str
    patient: Traveller
    companions: tuple[Traveller, ...]
    made_at: datetime
