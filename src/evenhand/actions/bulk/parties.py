"""Parties by the hundred thousand: the rules of `party register`, column by column.

Used by `importing`. A party may stand under another of the same file, whatever their order.
"""

from __future__ import annotations

from functools import partial

import polars as pl
from django.db.models import Q

from evenhand.access.rights import shared_list
from evenhand.actions.bulk.known import Known, in_chunks
from evenhand.actions.bulk.listed import compare, one_line, refuse_lookalikes
from evenhand.actions.bulk.problems import Problems, among
from evenhand.actions.bulk.weighing import Outcome, Weighing
from evenhand.actions.bulk.writing import insert
from evenhand.actions.typed import CODE, read_names
from evenhand.errors import ActionRefused
from evenhand.records.models import Code
from evenhand.records.tree import DEEPEST

RIGHT = "party register"


def weigh_parties(weighing: Weighing) -> Outcome:
    """Return what rows of parties would do."""
    known, problems, frame = weighing.known, weighing.problems, weighing.frame
    notes: list[str] = []
    key, parent = frame["key"], weighing.column("parent")
    new = ~key.is_in(known.parties["key"].implode()).fill_null(value=False)
    in_file = among(parent, key.filter(new))
    if (parent.is_null() | in_file).any():
        weighing.ask(shared_list(weighing.doing.viewer), (RIGHT,))
    weighing.require_over(parent.set(in_file, None), (RIGHT,))
    rows = pl.DataFrame(
        [
            key,
            one_line(frame["name"], 200, problems, notes),
            frame["kind"],
            parent.alias("parent_id"),
            weighing.column("place").alias("place_id"),
            _handles(weighing.column("handles"), problems).fill_null(""),
            *_degrees(weighing),
        ]
    )
    given = ["key", *(name for name in rows.columns if name.removesuffix("_id") in frame.columns and name != "key")]
    already = compare("party", rows.select(given), known.parties, problems)
    retired = known.parties.filter(pl.col("retired_on").is_not_null())
    problems.add_all(
        key.is_in(retired["key"].implode()),
        "key",
        lambda i: f"{key[i]} was retired; register a new party under another key",
    )
    fresh = key.set(already, None) if already.any() else key
    others = {group.lower(): f"the group {group}" for group in known.groups.to_list()}
    refuse_lookalikes("party", fresh, known.parties["key"], others, problems)
    _check_places(rows["place_id"].alias("place"), known, problems)
    _check_tree(weighing, key, parent, already, retired["key"])
    codes = _read_codes("party", key, weighing.column("codes"), problems)

    def write() -> None:
        insert("records_party", rows, {"retired_on": None}, but=already)
        insert("records_code", codes)

    return Outcome(added=rows.height - int(already.sum()), same=int(already.sum()), write=write, notes=notes)


def _handles(handles: pl.Series, problems: Problems) -> pl.Series:
    """Return capabilities in the one way of writing them; distinct texts are read once each."""
    distinct = handles.drop_nulls().unique().to_list()
    if not distinct:
        return handles
    read: dict[str, str] = {}
    for text in distinct:
        try:
            read[text] = ";".join(read_names("handles", text))
        except ActionRefused as refused:
            problems.add_all(handles == text, "handles", partial(_say, refused.sentence))
            read[text] = ""
    return handles.replace(read)


def _say(sentence: str, _index: int) -> str:
    return sentence


def _degrees(weighing: Weighing) -> list[pl.Series]:
    north, east = (weighing.column(name, pl.Float64).cast(pl.Float64) for name in ("latitude", "longitude"))
    weighing.problems.add_all(
        north.is_null() != east.is_null(), "latitude", lambda _: "give both latitude and longitude, or neither"
    )
    return [north, east]


def _check_places(places: pl.Series, known: Known, problems: Problems) -> None:
    if places.null_count() < len(places):
        problems.expect_known(places, known.places["key"], "place")


def _check_tree(weighing: Weighing, key: pl.Series, parent: pl.Series, already: pl.Series, retired: pl.Series) -> None:
    """Report parents that do not exist, circles, and parties that stand where none of their kind may."""
    problems, known, kind = weighing.problems, weighing.known, weighing.frame["kind"]
    named = parent.drop_nulls().unique()
    everybody = pl.concat([known.parties["key"], key.filter(key.is_in(named.implode()).fill_null(value=False))])
    problems.expect_known(parent.alias("parent"), everybody, "party")
    alone = kind.is_in(["facility", "team"]) & parent.is_null() & ~already
    problems.add_all(
        alone, "parent", lambda i: f"a {kind[i]} stands under the state or organisation it belongs to; name its parent"
    )
    problems.add_all(
        (kind == "state") & parent.is_not_null() & ~already, "parent",
        lambda i: f"a state stands under nobody; register {key[i]} without a parent, or as another kind",
    )  # fmt: skip
    problems.add_all(
        parent.is_in(retired.implode()) & ~already,
        "parent",
        lambda i: f"{parent[i]} was retired; nothing new stands under it",
    )
    _check_depth(weighing, key, parent)


def _check_depth(weighing: Weighing, key: pl.Series, parent: pl.Series) -> None:
    """Climb from every row through the file's own parents, one step for all rows at a time."""
    parents = weighing.known.parents
    named = parent.drop_nulls().unique()
    climbed = key.is_in(named.implode()).fill_null(value=False) & ~key.is_in(list(parents)).fill_null(value=False)
    links = pl.DataFrame({"edge": key, "next": parent}).filter(climbed).unique("edge", keep="first")
    edge, steps = parent, pl.Series("steps", [0]).new_from_index(0, len(key))
    for _ in range(DEEPEST + 1):
        inside = edge.is_in(links["edge"].implode()).fill_null(value=False)
        if not inside.any():
            break
        steps = steps + inside.cast(pl.Int64)
        above = pl.DataFrame({"edge": edge}).join(links, on="edge", how="left", maintain_order="left")["next"]
        edge = above.zip_with(inside, edge)
    else:
        inside = edge.is_in(links["edge"].implode()).fill_null(value=False)
        weighing.problems.add_all(
            inside,
            "parent",
            lambda i: f"{key[i]} stands below itself, or more than {DEEPEST} deep; name another parent",
        )
        return
    roots = edge.drop_nulls().unique().to_list()
    depth = {root: len(weighing.known.target(root).parties) for root in roots if root in parents}
    if depth and max(depth.values()) + int(steps.max() or 0) >= DEEPEST:  # type: ignore[arg-type]  # Int64
        deep = steps + edge.replace_strict(depth, default=0, return_dtype=pl.Int64).fill_null(0)
        weighing.problems.add_all(
            deep >= DEEPEST,
            "parent",
            lambda i: f"{key[i]} would stand deeper than {DEEPEST - 1}; choose a parent higher up",
        )


def _read_codes(of: str, keys: pl.Series, codes: pl.Series, problems: Problems) -> pl.DataFrame:
    """Return the rows of codes that are new; one that names something else already is reported."""
    made: dict[tuple[str, str], str] = {}
    where: dict[tuple[str, str], int] = {}
    for index in codes.is_not_null().arg_true().to_list():
        for part in filter(None, (part.strip() for part in codes[index].split(";"))):
            scheme, _, code = (half.strip() for half in part.partition(":"))
            if not CODE.fullmatch(scheme) or not 0 < len(code) <= 80 or not code.isprintable():
                problems.add(index, "codes", f"'{part[:60]}' is not a code; write scheme:code, such as fts:2915")
            elif made.setdefault((scheme, code), keys[index]) != keys[index]:
                problems.add(
                    index, "codes", f"the code {part} names the {of} {made[scheme, code]} already; only one can have it"
                )
            else:
                where[scheme, code] = index
    known: dict[tuple[str, str], str] = {}
    for chunk in in_chunks(made, 200):
        wanted = Q()
        for scheme, code in chunk:
            wanted |= Q(scheme=scheme, code=code)
        known |= {
            (scheme, code): key
            for scheme, code, key in Code.objects.filter(wanted, of=of).values_list("scheme", "code", "key")
        }
    for pair, key in known.items():
        if made[pair] != key:
            problems.add(
                where[pair], "codes", f"the code {':'.join(pair)} names the {of} {key} already; only one can have it"
            )
    rows = [(of, key, *pair) for pair, key in made.items() if pair not in known]
    return pl.DataFrame(
        rows, schema={"of": pl.String, "key": pl.String, "scheme": pl.String, "code": pl.String}, orient="row"
    )
