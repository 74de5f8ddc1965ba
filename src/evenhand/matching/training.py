"""Learn from a table itself how records of one person agree: nobody labels anything, and the same table learns the same.

How often two different people agree by chance (u) is counted on pairs taken by seed; how often one person's records agree
(m) comes from expectation maximisation, first once for each strict key on the columns outside that key, then on all
candidates together (Fellegi and Sunter 1969; Winkler 1988; the implementation is Splink's). Small tables show some
levels of likeness rarely or never, so what was learned is mixed with `START` pairs of the start values, and u is cleared
of the pairs of one person that a table full of duplicates has among its random pairs.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import polars as pl

from evenhand.matching.blocking import add_keys, list_recipes, name_of
from evenhand.matching.comparisons import Compared, compare
from evenhand.matching.engines import TABLE, DuckEngine
from evenhand.matching.level_sql import both_sides, columns_used, level_of_each
from evenhand.matching.model import Model
from evenhand.matching.preparing import Prepared

SEED = 2020
MOST_PAIRS = 1_000_000
"""Random pairs on which agreement by chance is counted, and pairs of a strict key that one maximisation looks at."""

STRICT = (
    ("given_sound", "family_sound"),
    ("birth", "given_sound"),
    ("birth", "family_sound"),
    ("birth", "place"),
    ("birth", "postcode"),
    ("document",),
    ("phone",),
    ("email",),
)
"""Keys under which most pairs are one person; each lets the columns outside it be learned."""
START, START_CHANCE = 20.0, 1000.0
LEAST_OF_START = 0.2
"""No level is learned to be rarer among records of one person than this part of its start value: where all pairs found
agree on a column, learning would convince itself that one person never differs in it, and find no other pair."""
RARITY_FROM = 100
"""Of a table of so many records, how common a value is counts for half: of a few records, every value is common."""
ROUNDS, ROUNDS_LARGE, LARGE = 4, 1, 200_000
LEAST_CHANCE = 0.001
"""Candidates below this are no part of what is learned of pairs of one person."""
MOST_SHARE = 0.1
"""The largest chance that two records at random are one person: of three records, two may be, and none must."""
LEAST_STRICT = 10
"""Pairs that a strict key must bring before anything is learned from it."""


def train(prepared: Prepared) -> Model:
    """Learn a model from a prepared table.

    Returns
    -------
    Model
        With `THRESHOLD`. The same table gives the same model, in whatever order its rows came.
    """
    recipes = list_recipes(prepared.frame.columns)
    comparisons = compare(prepared.frame.columns)
    settings = _settings(comparisons, recipes)
    height = prepared.frame.height
    if height < 2 or not comparisons or not recipes:
        return Model(_steadied(settings, settings, settings, 2, matches=0.0), recipes, height)
    keyed = add_keys(prepared.frame, recipes)
    engine = DuckEngine(spills=False)
    linker = engine.link(keyed, _without_chance(settings))
    linker.training.estimate_u_using_random_sampling(max_pairs=MOST_PAIRS, seed=SEED)
    known = linker.misc.save_model_to_json()
    for columns in STRICT:
        if not set(columns) <= set(keyed.columns) or _pairs(keyed, columns) < LEAST_STRICT:
            continue
        rule = " AND ".join(f"l.{column} = r.{column}" for column in columns)
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=MOST_PAIRS
            )
            known = linker.misc.save_model_to_json()
        except ValueError:
            # Splink 5.0 refuses a probability that sinks to 0, which a key under which all pairs are one person brings;
            # the rounds below learn without that key. A linker that stopped half-way is not used again.
            linker = engine.link(keyed, known)
    learned = _filled(known, settings)
    chance = deepcopy(learned)
    model = Model(_steadied(learned, chance, settings, height, matches=0.0), recipes, height)
    for _ in range(ROUNDS if height <= LARGE else ROUNDS_LARGE):
        model = _round(model, chance, settings, keyed, engine)
    return model


def _pairs(keyed: pl.DataFrame, columns: tuple[str, ...]) -> int:
    sizes = keyed.drop_nulls(list(columns)).group_by(columns).len()["len"]
    return int((sizes * (sizes - 1) // 2).sum())


def _round(
    model: Model, chance: dict[str, Any], start: dict[str, Any], keyed: pl.DataFrame, engine: DuckEngine
) -> Model:
    """Return the model with how often one person's records agree counted anew over all candidates, as it weighs them."""
    scored = engine.link(keyed, model.settings).inference.predict(
        threshold_match_probability=LEAST_CHANCE, warning_mode="never"
    )
    levels = ", ".join(f"level_{column}" for column in model.columns)
    seen = engine.take(
        f"""SELECT {levels}, sum(match_probability) AS pairs FROM
            (SELECT {level_of_each(model)}, match_probability FROM
             (SELECT match_probability, {both_sides(columns_used(model))} FROM {scored.physical_name} AS pair
              JOIN {TABLE} AS l ON l.row = pair.row_l JOIN {TABLE} AS r ON r.row = pair.row_r))
            GROUP BY {levels} ORDER BY {levels}"""  # noqa: S608 - names and conditions are this package's own
    )
    scored.drop_table_from_database_and_remove_from_cache()
    learned = deepcopy(model.settings)
    for one in learned["comparisons"]:
        by_level = dict(seen.group_by(f"level_{one['output_column_name']}").agg(pl.col("pairs").sum()).iter_rows())
        one["seen"] = sum(pairs for level, pairs in by_level.items() if level > 0)
        for place, level in enumerate(one["comparison_levels"]):
            if place and one["seen"]:
                level["m_probability"] = by_level.get(place, 0.0) / one["seen"]
    matches = float(seen["pairs"].sum())
    return replace(model, settings=_steadied(learned, chance, start, keyed.height, matches))


def _steadied(
    learned: dict[str, Any], chance: dict[str, Any], start: dict[str, Any], height: int, matches: float
) -> dict[str, Any]:
    """Return settings in which no probability rests on fewer pairs than can carry it."""
    every = height * (height - 1) / 2
    settings = deepcopy(learned)
    matches = max(matches, 1.0)
    share = min(matches / every, MOST_SHARE)
    settings["probability_two_random_records_match"] = _rounded(share)
    for one, by_chance, begun in zip(settings["comparisons"], chance["comparisons"], start["comparisons"], strict=True):
        pairs = one.pop("seen", START * 2)
        levels = [level for level in one["comparison_levels"] if not level.get("is_null_level")]
        guessed = [level["m_probability"] for level in begun["comparison_levels"] if not level.get("is_null_level")]
        guessed_chance = [
            level["u_probability"] for level in begun["comparison_levels"] if not level.get("is_null_level")
        ]
        random = [level["u_probability"] for level in by_chance["comparison_levels"] if not level.get("is_null_level")]
        m = [
            max((level["m_probability"] * pairs + first * START) / (pairs + START), first * LEAST_OF_START)
            for level, first in zip(levels, guessed, strict=True)
        ]
        looked = min(every, MOST_PAIRS)
        u = [
            (max(seen - share * mine, seen / 10) * looked + first * START_CHANCE) / (looked + START_CHANCE)
            for seen, mine, first in zip(random, m, guessed_chance, strict=True)
        ]
        for level, mine, theirs in zip(levels, m, u, strict=True):
            if "tf_adjustment_weight" in level:
                level["tf_adjustment_weight"] = _rounded(height / (height + RARITY_FROM))
            level["m_probability"] = _rounded(mine / sum(m))
            level["u_probability"] = _rounded(theirs / sum(u))
    return settings


def _rounded(number: float) -> float:
    """Return a number with ten figures: sums over many cores differ behind them from run to run."""
    return float(f"{number:.10g}")


def _settings(comparisons: tuple[Compared, ...], recipes: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    """Return Splink's settings before anything was learned."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": 1e-4,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.{name_of(place)} = r.{name_of(place)}"} for place in range(len(recipes))
        ],
        "comparisons": [_comparison(one) for one in comparisons],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "max_iterations": 30,
        "em_convergence": 0.0005,
        "linker_uid": "evenhand",
    }


def _comparison(one: Compared) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": one.null, "label_for_charts": f"{one.label} is not known of both", "is_null_level": True}
    ]
    others = sum(level.chance for level in one.levels[:-1])
    for level in one.levels:
        learned: dict[str, Any] = {
            "sql_condition": level.condition or "ELSE", "label_for_charts": level.words, "m_probability": level.start,
            "u_probability": level.chance if level.condition else 1 - others,
        }  # fmt: skip
        if level.frequent:
            learned |= {
                "tf_adjustment_column": one.column,
                "tf_adjustment_weight": 1.0,
            }  # `_steadied` says how much of it
        levels.append(learned)
    return {"output_column_name": one.column, "comparison_levels": levels}


def _without_chance(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings that say nothing of agreement by chance, so that what Splink never saw cannot look as if it had."""
    bare = deepcopy(settings)
    for one in bare["comparisons"]:
        for level in one["comparison_levels"]:
            level.pop("u_probability", None)
    return bare


def _filled(learned: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Return our own settings with what Splink learned; what it could not see keeps its start value, and almost no chance."""
    filled = deepcopy(settings)
    for one, known in zip(filled["comparisons"], learned["comparisons"], strict=True):
        for level, seen in zip(one["comparison_levels"], known["comparison_levels"], strict=True):
            if not level.get("is_null_level"):
                level["m_probability"] = float(seen.get("m_probability") or level["m_probability"])
                level["u_probability"] = float(seen.get("u_probability") or 0)
    return filled
