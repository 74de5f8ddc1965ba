"""What was learned of how records of one person agree: made once, kept as JSON, the same on every engine.

The settings inside are Splink's own, so Splink on DuckDB or Spark takes them as they are; the file adds a format
version, the recipes of the keys and which table it was learned from. Holds no row and no name of any person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite, log2
from pathlib import Path
from typing import Any

from evenhand.errors import FileUnreadable

FORMAT = 1
THRESHOLD = 0.5
"""The one threshold, for every table: records are put together where one person is likelier than two."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Hold one learned level: its condition, how often it is seen of one person and of two, and how far rarity counts."""

    condition: str
    words: str
    null: bool
    m: float
    u: float
    frequent: bool
    rarity: float

    @property
    def weight(self) -> float:
        """Return the bits that this level speaks for one person; below 0 where it speaks against."""
        return 0.0 if self.null else log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Model:
    """Hold a learned model.

    Attributes
    ----------
    settings
        Splink's settings with every probability.
    recipes
        The keys that bring records together, in the order of the columns `key_00`, `key_01`, ...
    learned_from
        How many records it was learned from.
    threshold
        The chance from which on records are put together; `THRESHOLD` unless a person chose another.
    """

    settings: dict[str, Any]
    recipes: tuple[tuple[str, ...], ...]
    learned_from: int
    threshold: float = THRESHOLD

    @property
    def prior(self) -> float:
        """Return the bits for two records taken at random to be one person: far below 0."""
        chance = float(self.settings["probability_two_random_records_match"])
        return log2(chance / (1 - chance))

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that are compared."""
        return tuple(one["output_column_name"] for one in self.settings["comparisons"])

    def levels(self) -> dict[str, tuple[Weighed, ...]]:
        """Return the learned levels of each column, in the order in which they are tried."""
        return {
            one["output_column_name"]: tuple(
                Weighed(
                    level["sql_condition"],
                    level["label_for_charts"],
                    bool(level.get("is_null_level")),
                    float(level.get("m_probability") or 1),
                    float(level.get("u_probability") or 1),
                    bool(level.get("tf_adjustment_column")),
                    float(level.get("tf_adjustment_weight") or 0),
                )
                for level in one["comparison_levels"]
            )
            for one in self.settings["comparisons"]
        }

    def as_json(self) -> str:
        """Return the model as JSON text; the same model gives the same bytes."""
        body = {
            "format": FORMAT,
            "threshold": self.threshold,
            "learned_from": self.learned_from,
            "recipes": [list(recipe) for recipe in self.recipes],
            "settings": self.settings,
        }
        return json.dumps(body, indent=1, ensure_ascii=False) + "\n"

    def write(self, path: Path) -> None:
        """Write the model to a file."""
        path.write_text(self.as_json(), encoding="utf-8")


def read_model(path: Path) -> Model:
    """Read a model that `Model.write` wrote.

    Raises
    ------
    FileUnreadable
        The file is missing, is no JSON, is no model, or has a format of another version.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise FileUnreadable(f"{path} is no model: it is not text") from None
    return model_from_json(text, str(path))


def model_from_json(text: str, name: str) -> Model:
    """Return the model that `Model.as_json` wrote.

    Parameters
    ----------
    name
        What held the text, for sentences.

    Raises
    ------
    FileUnreadable
        As for `read_model`.
    """
    try:
        body = json.loads(text)
    except ValueError:
        raise FileUnreadable(f"{name} is no model: it is not JSON") from None
    try:
        if body["format"] != FORMAT:
            raise FileUnreadable(
                f"{name} has format {body['format']}; this version reads {FORMAT}. Train the model again"
            )
        recipes = tuple(tuple(map(str, recipe)) for recipe in body["recipes"])
        model = Model(dict(body["settings"]), recipes, int(body["learned_from"]), float(body["threshold"]))
        if model.levels() and isfinite(model.prior):
            return model
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError):
        pass
    raise FileUnreadable(f"{name} is no model of persons: something is missing in it. Train the model again")
