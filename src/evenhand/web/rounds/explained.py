"""Explanations told once for all: a plan's bytes never change, so what was told of a recipient lies in the data folder.

To say what would raise one recipient takes a dozen solved rounds. Called by the page of one recipient (`why`); every
process reads what another told. Below the cache, which may be emptied at any time. A server has the other recipients of a
plan told by a thread as soon as one was asked for (`serving`). Must never fail a page because a file cannot be written.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Final

from django.conf import settings

from evenhand import __version__
from evenhand.web.rounds.told import Told
from evenhand.wording import speaking

FOLDER: Final = Path("cache", "explained")
"""Below the data folder."""

MADE_OF: Final = ("reasons", "allocation")
"""The packages that an explanation follows from, beside the plan."""

REST: Final = 1.0
"""So many times as long as telling one took, the thread rests: pages are to be rendered, too."""

serving: Final = Event()
"""Set by a server: then the other recipients of a plan are told ahead."""

_lock = Lock()
_tellers: dict[str, Thread] = {}


def explain(told: Told, key: str, *, remedies: bool) -> str:
    """Return why a recipient gets what it gets, in the source's English, as it was told before or told now."""
    if not remedies:
        return _tell(told, key, remedies=False)
    place = _place(told, key)
    with suppress(OSError, UnicodeDecodeError):
        return place.read_text(encoding="utf-8")
    text = _tell(told, key, remedies=True)
    _keep(place, text)
    if serving.is_set():
        _tell_the_others(told)
    return text


def tell_all(told: Told) -> None:
    """Tell every recipient of a plan that nobody has told yet."""
    for key in told.plan.outcome.problem.recipients.to_list():
        place = _place(told, key)
        if not place.is_file():
            begun = monotonic()
            _keep(place, _tell(told, key, remedies=True))
            sleep(REST * (monotonic() - begun))


def _tell(told: Told, key: str, *, remedies: bool) -> str:
    from evenhand.reasons.explain import explain_recipient

    with speaking(None):  # it is translated where it is shown
        return str(explain_recipient(told.plan.outcome, key, remedies=remedies))


def _tell_the_others(told: Told) -> None:
    """Have a thread tell the others, one plan at a time."""
    with _lock:
        if any(one.is_alive() for one in _tellers.values()) or told.sha256 in _tellers:
            return
        thread = Thread(target=tell_all, args=(told,), name="evenhand-explained", daemon=True)
        _tellers[told.sha256] = thread
        thread.start()


def _place(told: Told, key: str) -> Path:
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    return Path(settings.EVENHAND.folder) / FOLDER / told.sha256 / _release() / f"{name}.txt"


def _keep(place: Path, text: str) -> None:
    """Write an explanation so that nobody ever reads half of one, and let go of what an older Evenhand told."""
    with suppress(OSError):
        if not place.parent.is_dir():
            shutil.rmtree(place.parent.parent, ignore_errors=True)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=place.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
                opened.write(text)
            Path(beside).replace(place)
        except OSError:
            Path(beside).unlink(missing_ok=True)


@cache
def _release() -> str:
    """Return what changes when explanations may: the version of Evenhand, and the source that they follow from."""
    found = hashlib.sha256(__version__.encode())
    for package in MADE_OF:
        for file in sorted(Path(str(files("evenhand") / package)).glob("*.py")):
            found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]
