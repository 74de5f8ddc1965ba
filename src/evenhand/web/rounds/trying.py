"""What anybody may try on a plan: changed inputs, shared out again, under a limit of size, of time and of how often.

Nothing is kept but the answer, and that only in memory. One try is worked out at a time in each process, so that a crowd of
them cannot take the server from those who read it. Must never touch the database.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from evenhand.errors import EvenhandError
from evenhand.web.languages.sentences import in_language
from evenhand.web.rounds.told import MADE, Told, made

MOST_PAIRS: Final = 500_000
"""Recipients times lots. Sharing so many out takes a second or two."""

SECONDS: Final = 10.0
"""So long a reader waits; what takes longer is left to the command."""

WAITING: Final = 4
"""So many may wait for their turn; whoever comes then is asked to come again."""

MOST_TRIES: Final = 30
WITHIN: Final = 300.0
"""So many new tries one address may make within so many seconds. What was tried before costs nothing."""

MOST_ADDRESSES: Final = 4096

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Say why something was not tried: a sentence, and the status of the answer."""

    sentence: str
    status: int


class Turns:
    """Count how often an address has tried something lately."""

    def __init__(self, most: int, within: float) -> None:
        self.most, self.within = most, within
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, address: str, now: float | None = None) -> bool:
        """Take a turn; False where the address has had its share."""
        now = time.monotonic() if now is None else now
        with self._lock:
            times = self._times.setdefault(address, deque())
            self._times.move_to_end(address)
            while times and now - times[0] > self.within:
                times.popleft()
            while len(self._times) > MOST_ADDRESSES:
                self._times.popitem(last=False)
            if len(times) >= self.most:
                return False
            times.append(now)
            return True

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._times.clear()


TURNS = Turns(MOST_TRIES, WITHIN)
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trying")
_ROOM = BoundedSemaphore(WAITING)


def try_out(key: Sequence[object], pairs: int, address: str, work: Callable[[], Value]) -> Value | Refusal:
    """Return what some work on a round gives, done before or now; or why not.

    Parameters
    ----------
    key
        What the answer follows from, with the hash of the plan or of the tables.
    pairs
        How large the round is: recipients times lots.
    address
        Of whoever asks, to count its turns; "" for whoever is signed in.
    """
    found: Value | Refusal | None = MADE.get(tuple(key))
    if found is not None:
        return found
    if pairs > MOST_PAIRS:
        return Refusal(
            _(
                "This round is too large to be shared out anew on a page. Take its folder away, and use: evenhand whatif"
            ),
            422,
        )
    if address and not TURNS.take(address):
        return Refusal(
            _("Many changes were tried from your address in a short time. Wait five minutes, and try again."), 429
        )
    if not _ROOM.acquire(blocking=False):
        return Refusal(_("Others are trying changes at this moment. Try again in half a minute."), 503)

    def worked() -> Value:
        try:
            return made(key, work, size=lambda _: 50_000)
        finally:
            _ROOM.release()

    doing: Future[Value] = _WORKER.submit(worked)
    try:
        return doing.result(timeout=SECONDS)
    except EvenhandError as error:
        return Refusal(str(in_language(error.sentence)), 422)
    except TooLong:
        return Refusal(_("This takes longer than a page can wait. Try again in a minute; it may be ready then."), 503)


def what_if(told: Told, edits: Sequence[str], address: str) -> Any | Refusal:
    """Return the comparison of a plan with the same round under changed inputs; or why not."""
    problem = told.plan.outcome.problem
    pairs = len(problem.recipients) * max(len(problem.lots), 1)
    return try_out(("whatif", told.sha256, *sorted(edits)), pairs, address, lambda: told.plan.what_if(list(edits)))
