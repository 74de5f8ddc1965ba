"""`Evenhand`: a server as an object. Lists that page by themselves, actions that are safe to repeat, what it says checked.

The front of `evenhand.client`. Must never believe the server where it can check.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from evenhand.client.book import ROOT, BookChecked, check_book
from evenhand.client.line import Line
from evenhand.client.packed import expect_sums, unpack
from evenhand.errors import OptionRefused, PlanNotProved

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from evenhand.plan import Plan

AT_ONCE: Final = 500


@dataclass(frozen=True)
class Done:
    """Hold what an action answered: its id, what it is about, what else is worth knowing, whether it was done before.

    Attributes
    ----------
    key
        Of `key make` alone: the new key, which nobody can ever read again.
    """

    action: str
    ref: str
    facts: Mapping[str, Any]
    repeated: bool
    key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Rows:
    """Be the rows of a list: go over them and each page is fetched when it is wanted; `frame` fetches all."""

    line: Line
    path: str
    query: Mapping[str, Any]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Go over every row, page by page."""
        answer = self.line.ask("GET", ROOT + self.path, query={"most": AT_ONCE} | dict(self.query)).json()
        while True:
            yield from answer["data"]
            following = answer.get("next")
            if not following:
                return
            path, _, query = str(following).partition("?")
            if not path.startswith(ROOT):
                raise OptionRefused(
                    f"the server's next page is '{path}', which is none of its API; nothing more was read"
                )
            answer = self.line.ask("GET", f"{path}?{query}").json()

    @overload
    def frame(self, kind: Literal["polars"] = "polars") -> pl.DataFrame: ...
    @overload
    def frame(self, kind: Literal["pandas"]) -> pd.DataFrame: ...
    def frame(self, kind: str = "polars") -> Any:
        """Return all rows as a dataframe.

        Raises
        ------
        OptionRefused
            The kind is neither polars nor pandas.
        """
        if kind == "polars":
            import polars

            return polars.DataFrame(list(self), infer_schema_length=None)
        if kind == "pandas":
            import pandas

            return pandas.DataFrame(list(self))
        raise OptionRefused(f"'{kind}' is no kind of dataframe here; ask for polars or pandas")


class Evenhand:
    """Be a server of Evenhand.

    Parameters
    ----------
    address
        Such as "https://book.example.org".
    key
        A key that the server made for you; without one you read what everybody may.
    attempts, seconds
        How often a question is asked where the line drops, and how long each time it is waited for.

    Examples
    --------
    >>> Evenhand("book.example.org")
    Traceback (most recent call last):
    ...
    evenhand.errors.OptionRefused: 'book.example.org' is not the address of a server; write such as https://book.example.org
    """

    def __init__(self, address: str, key: str | None = None, *, attempts: int = 5, seconds: float = 60.0) -> None:
        self.line = Line(address, key, attempts, seconds)

    def __repr__(self) -> str:
        return f"Evenhand({self.line.address!r})"

    def list(self, path: str, **filters: Any) -> Rows:
        """Return the rows of any list of the API, by its path: list("figures/money")."""
        return Rows(
            self.line, path.strip("/"), {name: _said(value) for name, value in filters.items() if value is not None}
        )

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Return one record by its path: get("needs/ND-0123456789").

        Raises
        ------
        ServerRefused
            There is none that you may see.
        """
        given = {name: _said(value) for name, value in query.items() if value is not None}
        found: dict[str, Any] = self.line.ask("GET", ROOT + path.strip("/"), query=given).json()["data"]
        return found

    def needs(self, **filters: Any) -> Rows:
        """Return what members need: party, group, resource, programme, state, day, search, order, fields."""
        return self.list("needs", **filters)

    def offers(self, **filters: Any) -> Rows:
        """Return what donors offer: party, group, resource, programme, firmness, state, day, ..."""
        return self.list("offers", **filters)

    def consignments(self, **filters: Any) -> Rows:
        """Return what travels: party, group, donor, offer, resource, programme, state, ..."""
        return self.list("consignments", **filters)

    def rounds(self, **filters: Any) -> Rows:
        """Return the rounds of allocation: party, group, resource, programme, state, day, ..."""
        return self.list("rounds", **filters)

    def parties(self, **filters: Any) -> Rows:
        """Return states, organisations, facilities, teams, companies: party, group, kind, place, state, ..."""
        return self.list("parties", **filters)

    def resources(self, **filters: Any) -> Rows:
        """Return what can be needed or given: resource, kind, ..."""
        return self.list("resources", **filters)

    def groups(self, **filters: Any) -> Rows:
        """Return the groups with their members and offices: day."""
        return self.list("groups", **filters)

    def entries(self, **filters: Any) -> Rows:
        """Return the entries of the stock book: party, donor, resource, offer, account, concerns, verb, since, until, ..."""
        return self.list("book/entries", **filters)

    def figures(self, **filters: Any) -> Rows:
        """Return the figures: by (family, resource, recipient, holder, donor or group), party, group, donor, resource, as_of."""
        return self.list("figures", **filters)

    def act(self, action: str, *, reason: str = "", request: str = "", **given: Any) -> Done:
        """Do an action by its name, once, however often the line drops.

        Parameters
        ----------
        action
            Such as "need submit"; its parameters follow by name. A file is its bytes, or its path.
        reason
            Why, kept in the line of the action.
        request
            An id of your own; a new one where not said. The same id with the same parameters is done once.

        Raises
        ------
        ServerRefused
            Whatever the server refuses, in its sentence; nothing was done.
        ServerUnreachable
            No answer came. Send it again with the same request: it is done once.
        """
        group, _, verb = action.strip().partition(" ")
        body = {name: _sent(value) for name, value in given.items() if value is not None} | {"reason": reason}
        answer = self.line.ask(
            "POST", f"{ROOT}{group}/{verb.replace(' ', '-')}", body=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": request or str(uuid.uuid4())},
        )  # fmt: skip
        found = answer.json()["data"]
        return Done(found["action"], found["ref"], found["facts"], found["repeated"], found.get("key", ""))

    def bulk(self, folder: str | os.PathLike[str], *, format: str = "parquet") -> Path:
        """Fetch all public data into a folder, and hold every file against its hash.

        Raises
        ------
        FileUnreadable
            What came is not whole.
        OptionRefused
            The folder holds something already.
        """
        target = Path(folder)
        if target.exists() and any(target.iterdir()):
            raise OptionRefused(f"{target} holds something already; name an empty folder, or one that is not there")
        answer = self.line.ask(
            "GET", f"{ROOT}bulk.zip", query={"format": format}, headers={"Accept": "application/zip"}
        )
        target.mkdir(parents=True, exist_ok=True)
        unpack(answer.body, target, "bulk.zip")
        expect_sums(target)
        return target

    def check_book(self, *, keys: Sequence[str] = (), since: str = "") -> BookChecked:
        """Fetch the stock book, and verify every line, sum, root and signature here; see `client.book.check_book`."""
        return check_book(self.line, keys=keys, since=since)

    def plan(self, ref: str, proposal: int = 0) -> Plan:
        """Fetch the plan of a round and check its certificate here.

        Raises
        ------
        PlanNotProved
            The certificate does not hold.
        """
        from evenhand.plan import check, read_plan

        query = {"proposal": proposal} if proposal else {}
        answer = self.line.ask(
            "GET", f"{ROOT}rounds/{ref}/plan.zip", query=query, headers={"Accept": "application/zip"}
        )
        with tempfile.TemporaryDirectory(prefix="evenhand-plan-") as folder:
            unpack(answer.body, Path(folder), f"the plan of {ref}")
            verdict = check(folder)
            if not verdict.holds:
                raise PlanNotProved(f"the plan of {ref} does not hold as the server sent it: {verdict}")
            return read_plan(folder)


def _said(value: Any) -> str:
    """Return a value as an address says it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _sent(value: Any) -> Any:
    """Return a value as the body of an action holds it."""
    if isinstance(value, os.PathLike):
        value = Path(value).read_bytes()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | Fraction) else value
