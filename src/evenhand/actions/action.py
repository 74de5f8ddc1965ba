"""What an action is: a right, a transaction, an audit line, and the same answer again when it is repeated.

Every module of `evenhand.actions` makes its actions with `@action`. The body gets a `Doing` and must ask for its right
(`doing.require`); one that forgets is refused. Nothing else in Evenhand opens a transaction that writes.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Concatenate, Final, Generic, ParamSpec, get_type_hints

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils.crypto import salted_hmac

from evenhand.access.models import ActionLine, Version
from evenhand.access.rights import RIGHTS, require
from evenhand.access.viewers import ANYTHING, Target, Viewer, viewer_still
from evenhand.database.writing import run_written
from evenhand.errors import OptionRefused, RepeatDiffers
from evenhand.ledger.entries import PLAIN, AccountKey, Entry
from evenhand.lookups.choosing import refuse_unknown
from evenhand.lookups.hidden import find_unseen
from evenhand.records.refs import Prefix, make_ref
from evenhand.stockbook.checkpoints import make_daily_checkpoint
from evenhand.stockbook.posting import Posting, post

P = ParamSpec("P")
ID_LENGTH = 36
"""An id of an action leaves room for the numbers of its entries behind it."""

PRIVATE: Final = "private"
"""Marks a parameter that the audit line must not hold, a password or a person's name: Annotated[str, "...", PRIVATE]."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Say who acts, why, from where, and under which id.

    Attributes
    ----------
    viewer
        Who acts, with the roles held that day.
    reason
        Why, in the words of who acts; kept in the audit line.
    request
        The id chosen by the caller (at most 36 characters): sent twice, the action is done once. Empty: a new one.
    origin
        From where: "shell", an address of the network.
    at
        When; the present where nothing is said.
    """

    viewer: Viewer
    reason: str = ""
    request: str = ""
    origin: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Answer an action: what it made or changed.

    Attributes
    ----------
    ref
        The ref or key of the one thing it is about.
    facts
        What else is worth knowing, as plain values.
    repeated
        The id was used before for the very same; nothing was done again.
    """

    action: str
    ref: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    repeated: bool = False


@dataclass(slots=True)
class Doing:
    """Stand for one action while it is done: its id, who, when; it asks for rights, names records, posts entries.

    `prepared` is what the action's own `before` worked out ahead of the transaction, if it has one.
    """

    id: str
    name: str
    viewer: Viewer
    reason: str
    origin: str
    at: datetime
    for_party: str = ""
    about: str = ""
    prepared: Any = None
    _asked: bool = False
    _refs: dict[str, int] = field(default_factory=dict)
    _entries: int = 0

    @property
    def today(self) -> date:
        """Return the day on which it is done, in UTC."""
        return self.at.date()

    def require(self, target: Target, right: str = "") -> None:
        """Refuse unless who acts has the action's right over the target."""
        self._asked = True
        if target.parties and not self.for_party:
            self.for_party = target.parties[0]
        require(self.viewer, right or self.name, target)

    def ref(self, prefix: Prefix) -> str:
        """Return the ref of the next record of a kind that this action makes."""
        self._refs[prefix] = self._refs.get(prefix, 0) + 1
        return make_ref(prefix, self.id, self._refs[prefix])

    def entry(self) -> str:
        """Return the id of the next entry that this action writes."""
        self._entries += 1
        return f"{self.id}:{self._entries}"

    def post(self, postings: Sequence[Posting]) -> list[Entry]:
        """Write entries into the stock book, as part of this action; a checkpoint follows its commit, once a day."""
        transaction.on_commit(partial(make_daily_checkpoint, self.at), robust=True)
        entries = post(postings, action=self.id, by=self.viewer.public_id, recorded=self.at)
        own = sum(posting.entry.startswith(f"{self.id}:") for posting in postings)
        if sum(entry.entry.startswith(f"{self.id}:") for entry in entries) < own:  # else done, and nothing moved
            raise RepeatDiffers(
                f"entries of the id '{self.id}' are in the book already; nothing was done. Give a new id"
            )
        return entries

    def done(self, ref: str, **facts: Any) -> Done:
        """Return the answer, and note what the action was about."""
        self.about = self.about or ref
        return Done(self.id, ref, _plain(facts))


class Lines:
    """Keep the audit lines of actions, in the database that they change: here those of everything but the people register."""

    using: str = DEFAULT_DB_ALIAS

    def find(self, request: str) -> Any:
        """Return the line of an id, None where there is none."""
        return ActionLine.objects.filter(pk=request).first()

    def digest_keys(self) -> Sequence[str | bytes]:
        """Return the keys, the newest first, under any of which a line may hold the digest of what was given and is not kept."""
        return (settings.SECRET_KEY,)

    def keep(self, *, seen: bool, **line: Any) -> None:
        """Write a line, in the transaction of what was done; `seen` says whether everybody may see a change."""
        ActionLine.objects.create(**line)
        Version.objects.raise_by_one(seen=seen)


class Action(Generic[P]):
    """Be one action: called with an `Acting` and its own parameters, it does all of it or nothing.

    Parameters
    ----------
    lines
        Where its audit lines are kept.
    hidden
        Its lines hold nothing of what was given, as if every parameter were `PRIVATE`.
    """

    def __init__(
        self,
        name: str,
        body: Callable[Concatenate[Doing, P], Done],
        *,
        seen: bool = True,
        lines: Lines | None = None,
        hidden: bool = False,
    ) -> None:
        self.name = name
        self.body = body
        self.seen = seen
        self.lines = lines or Lines()
        self._before: Callable[Concatenate[Acting, P], Any] | None = None
        self.__doc__ = body.__doc__
        self.__name__ = body.__name__
        self.__module__ = body.__module__
        self.__qualname__ = body.__qualname__
        parameters = list(inspect.signature(body).parameters.values())[1:]
        self.parameters: tuple[inspect.Parameter, ...] = tuple(parameters)
        if any(parameter.kind is not inspect.Parameter.KEYWORD_ONLY for parameter in parameters):
            raise TypeError(f"{self.__name__}: every parameter of an action is given by name")
        hints = get_type_hints(body, include_extras=True)
        self.private = frozenset(
            one.name for one in parameters if hidden or PRIVATE in getattr(hints[one.name], "__metadata__", ())
        )

    def __call__(self, acting: Acting, /, *arguments: P.args, **given: P.kwargs) -> Done:
        """Do it, once for its id.

        Raises
        ------
        EvenhandError
            Whatever the action refuses; nothing was changed.
        RepeatDiffers
            The id was used before for something else.
        """
        request = acting.request or str(uuid.uuid4())
        if len(request) > ID_LENGTH or not PLAIN.fullmatch(request):
            raise OptionRefused(
                f"the id '{request}' of the action is not usable; give at most {ID_LENGTH} letters, digits, '-', '.', ':'"
            )
        _refuse_unwritable({"reason": acting.reason, "origin": acting.origin} | given)
        plain = _plain({name: value for name, value in given.items() if name not in self.private})
        said: list[Any] = [self.name, acting.viewer.public_id, plain]
        if self.private:  # a plain hash would let whoever reads the line try passwords and names against it
            hidden = json.dumps({name: _plain(given[name]) for name in sorted(self.private & given.keys())})
            keys = self.lines.digest_keys()
            digests = [
                _digest([*said, salted_hmac(request, hidden, secret=key, algorithm="sha256").hexdigest()])
                for key in keys
            ]
        else:
            digests = [_digest(said)]
        prepared = None
        if self.lines.find(request) is None:
            self._refuse_unseen(acting.viewer, given)
            if self._before is not None:
                prepared = self._before(acting, *arguments, **given)
        return run_written(
            lambda: self._do(acting, request, plain, digests, prepared, *arguments, **given), using=self.lines.using
        )

    def _refuse_unseen(self, viewer: Viewer, given: Mapping[str, Any]) -> None:
        """Refuse a ref of what the viewer may not see as one that does not exist, before anything is said about it."""
        unseen = find_unseen(viewer, given.values())
        if unseen is not None:
            if not viewer.has(*RIGHTS[self.name]):
                require(viewer, self.name, ANYTHING)
            raise refuse_unknown(*unseen)

    def before(self, prepare: Callable[Concatenate[Acting, P], Any]) -> Callable[Concatenate[Acting, P], Any]:
        """Have a function work out what takes long, with no lock held; the body finds its answer in `doing.prepared`.

        It changes nothing, asks for the action's right itself, and is not called for a repeat. What it read may have
        changed when the body runs: the body makes sure that it has not.
        """
        self._before = prepare
        return prepare

    def _do(
        self,
        acting: Acting,
        request: str,
        plain: Mapping[str, Any],
        digests: Sequence[str],
        prepared: Any,
        /,
        *arguments: P.args,
        **given: P.kwargs,
    ) -> Done:
        before = self.lines.find(request)
        if before is not None:
            return _again(before, self.name, acting.viewer, plain, digests, self.private)
        at = (acting.at or datetime.now(UTC)).astimezone(UTC)
        viewer = viewer_still(acting.viewer, on=at.date())
        doing = Doing(request, self.name, viewer, acting.reason, acting.origin, at, prepared=prepared)
        done = self.body(doing, *arguments, **given)
        if not doing._asked:
            raise RuntimeError(f"the action '{self.name}' asked for no right")
        self.lines.keep(
            seen=self.seen,
            id=request,
            name=self.name,
            by=acting.viewer.public_id,
            for_party=doing.for_party,
            about=doing.about,
            reason=acting.reason,
            at=at,
            origin=acting.origin,
            digest=digests[0],
            given=plain,
            answer={"ref": done.ref, "facts": dict(done.facts)},
        )
        return done


def action(name: str, *, seen: bool = True) -> Callable[[Callable[Concatenate[Doing, P], Done]], Action[P]]:
    """Make a function an action under a name, which is also its right: "need submit".

    `seen=False` says of one that it changes nothing which everybody may see, so that pages which are kept stay as they are.
    """
    if name not in RIGHTS:
        raise TypeError(f"the action '{name}' has no right in access.rights; nobody could ever do it")

    def decorate(body: Callable[Concatenate[Doing, P], Done]) -> Action[P]:
        return Action(name, body, seen=seen)

    return decorate


def account(stage: str, offer: str, holder: str = "") -> AccountKey:
    """Return an account's key, written shorter."""
    return AccountKey(stage, offer, holder)


def _digest(said: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _again(
    line: Any, name: str, viewer: Viewer, given: Mapping[str, Any], digests: Sequence[str], private: frozenset[str]
) -> Done:
    """Return the first answer of a repeated action; refuse an id that stands for something else."""
    if line.digest in digests:
        return Done(line.id, line.answer["ref"], line.answer["facts"], repeated=True)
    if line.name != name:
        what = f"for '{line.name}'"
    elif line.by != viewer.public_id:
        what = "by somebody else"
    else:
        differing = [key for key in sorted({*line.given, *given}) if line.given.get(key) != given.get(key)]
        what = f"with another {', '.join(differing) or ' or '.join(sorted(private))}"
    raise RepeatDiffers(f"the id '{line.id}' was used before {what}; nothing was done. Give a new id")


def _refuse_unwritable(given: Mapping[str, Any]) -> None:
    """Refuse text that PostgreSQL cannot hold, or that no file can, before anything is done with it."""
    for name, value in given.items():
        if isinstance(value, Mapping):
            _refuse_unwritable({f"{name}: {key}": below for key, below in value.items()})
        elif isinstance(value, list | tuple):
            _refuse_unwritable({f"{name} {number}": below for number, below in enumerate(value, 1)})
        elif isinstance(value, str) and any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value):
            raise OptionRefused(f"{name} holds a character that is no text (NUL, or half of a pair); leave it out")


def _plain(given: Any) -> Any:
    """Return values as JSON can hold them, exactly; bytes as their hash and size."""
    if isinstance(given, Mapping):
        return {str(key): _plain(value) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [_plain(value) for value in given]
    if isinstance(given, bytes):
        return f"sha256:{hashlib.sha256(given).hexdigest()} ({len(given)} bytes)"
    if isinstance(given, date | datetime):
        return given.isoformat()
    if isinstance(given, Decimal):
        return str(given)
    return given
