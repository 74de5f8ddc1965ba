"""How two records are compared, declared once as data: columns, the levels of likeness of each, and their words.

A level's condition is SQL that DuckDB and Spark read alike: equality, `levenshtein`, `length`, `substr`. What the
engines compute differently (Jaro-Winkler, hashes, regular expressions) is kept out, so that one saved model says the
same of a pair everywhere. Called by `training` (Splink's settings are made from here), `reasons` and `entry`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """Declare one degree of likeness.

    Attributes
    ----------
    words
        What a person is told: "given name sounds alike".
    condition
        SQL over the columns with `_l` and `_r` behind them; "" for everything else.
    start
        How many of the pairs that are one person show it, before anything was learned from the data.
    frequent
        Whether a rare value counts for more than a common one (exact levels).
    chance
        How many of the pairs that are two people show it, before anything was learned from the data.
    """

    words: str
    condition: str
    start: float
    frequent: bool = False
    chance: float = 0.003


@dataclass(frozen=True, slots=True)
class Compared:
    """Declare how one column is compared: what must be known of both, and levels from the most alike to the least."""

    column: str
    label: str
    needs: tuple[str, ...]
    levels: tuple[Level, ...]
    unknown: str = ""

    @property
    def null(self) -> str:
        """Return the condition under which nothing can be said."""
        missing = " OR ".join(f"{self.column}_{side} IS NULL" for side in "lr")
        return f"{missing} OR ({self.unknown})" if self.unknown else missing


def ends_agree(column: str) -> str:
    """Return the condition that the first or the last letters agree; asked first, because it costs a tenth of a distance."""
    left, right = f"{column}_l", f"{column}_r"
    return f"(substr({left}, 1, 1) = substr({right}, 1, 1) OR right({left}, 1) = right({right}, 1))"


def near(column: str, percent: int) -> str:
    """Return the condition that at most so many letters in a hundred differ, and not both the first and the last."""
    left, right = f"{column}_l", f"{column}_r"
    most = f"{percent} * greatest(length({left}), length({right}))"
    return f"{ends_agree(column)} AND levenshtein({left}, {right}) * 100 <= {most}"


def within(column: str, most: int) -> str:
    """Return the condition that at most so many characters differ, and not both the first and the last."""
    return f"{ends_agree(column)} AND levenshtein({column}_l, {column}_r) <= {most}"


def begins(column: str) -> str:
    """Return the condition that one begins with the other: an initial, a short form, a second name left out."""
    left, right = f"{column}_l", f"{column}_r"
    return f"substr({left}, 1, length({right})) = {right} OR substr({right}, 1, length({left})) = {left}"


SWAPPED = (
    "given_sound_l = family_sound_r AND family_sound_l = given_sound_r AND given_sound_l <> given_sound_r"
    " AND given_l IS NOT NULL AND given_r IS NOT NULL"
)
"""The clerk wrote the family name first; compared by sound, once, in the given name, and unknown for the family name."""


def _name(column: str, label: str, *, swaps: bool = False) -> Compared:
    swapped = (
        (Level("given and family name are exchanged", SWAPPED, 0.01, chance=1e-5),)
        if swaps and column == "given"
        else ()
    )
    return Compared(
        column,
        label,
        (column,),
        (
            Level(f"{label} agrees exactly", f"{column}_l = {column}_r", 0.75, frequent=True),
            *swapped,
            Level(f"{label} sounds alike", f"{column}_sound_l = {column}_sound_r", 0.05),
            Level(f"{label} differs by a letter or two", near(column, 25), 0.08),
            Level(f"{label} begins alike", begins(column), 0.03),
            Level(f"{label} is somewhat alike", near(column, 45), 0.03),
            Level(f"{label} differs", "", 0.05),
        ),
        SWAPPED if swaps and column == "family" else "",
    )


def _text(column: str, label: str, exact: float = 0.7) -> Compared:
    return Compared(
        column,
        label,
        (column,),
        (
            Level(f"{label} agrees exactly", f"{column}_l = {column}_r", exact, frequent=True),
            Level(f"{label} differs by a few letters", near(column, 20), 0.1),
            Level(f"{label} is somewhat alike", near(column, 40), 0.05),
            Level(f"{label} differs", "", 0.15),
        ),
    )


def _code(column: str, label: str) -> Compared:
    return Compared(
        column,
        label,
        (column,),
        (
            Level(f"{label} agrees exactly", f"{column}_l = {column}_r", 0.8, frequent=True),
            Level(f"{label} differs by one character", within(column, 1), 0.08),
            Level(
                f"{label} differs by two characters",
                within(column, 2),
                0.04,
            ),
            Level(f"{label} differs", "", 0.1),
        ),
    )


def _plain(column: str, label: str, exact: float, chance: float) -> Compared:
    return Compared(
        column,
        label,
        (column,),
        (
            Level(f"{label} agrees", f"{column}_l = {column}_r", exact, frequent=column != "sex", chance=chance),
            Level(f"{label} differs", "", 1 - exact),
        ),
    )


def _part(first: int, many: int, *, mirrored: int = 0) -> str:
    return f"substr(birth_l, {first}, {many}) = substr(birth_r, {mirrored or first}, {many})"


AGREE = (
    "(" + " + ".join(f"CASE WHEN {part} THEN 1 ELSE 0 END" for part in (_part(1, 4), _part(5, 2), _part(7, 2))) + ")"
)
"""How many of year, month and day agree: two digits that differ leave one of them whole, one digit leaves two."""
BIRTH = Compared(
    "birth",
    "birth",
    ("birth",),
    (
        Level("birth agrees exactly", "birth_l = birth_r", 0.75, frequent=True),
        Level(
            "year of birth agrees, one record gives no more",
            f"{_part(1, 4)} AND (substr(birth_l, 7, 2) = '00' OR substr(birth_r, 7, 2) = '00')",
            0.05,
        ),
        Level(
            "day and month of birth are exchanged",
            f"{_part(1, 4)} AND {_part(5, 2, mirrored=7)} AND {_part(7, 2, mirrored=5)}",
            0.01,
        ),
        Level("birth differs by one digit", f"{AGREE} >= 2 AND levenshtein(birth_l, birth_r) <= 1", 0.07),
        Level(
            "two of day, month and year of birth agree",
            f"{AGREE} >= 2",
            0.04,
        ),
        Level("birth differs by two digits", f"{AGREE} >= 1 AND levenshtein(birth_l, birth_r) <= 2", 0.02),
        Level("year of birth agrees", _part(1, 4), 0.02),
        Level("birth differs", "", 0.04),
    ),
)
EMAIL = Compared(
    "email",
    "e-mail",
    ("email",),
    (
        Level("e-mail agrees exactly", "email_l = email_r", 0.7, frequent=True),
        Level("e-mail agrees before the @", "email_user_l = email_user_r", 0.08),
        Level("e-mail differs by a few letters before the @", near("email_user", 25), 0.12),
        Level("e-mail differs", "", 0.1),
    ),
)


OWN = frozenset({"given", "birth", "sex", "email", "document"})
"""What a person does not share with the relatives of the same house; the rest (family name, father, place, telephone)
agrees for every brother and sister too, so it finds pairs and can never alone make two records one person."""


def own_columns(columns: Iterable[str]) -> frozenset[str]:
    """Return which of these columns tell a person from relatives; none where neither given name nor birth is held.

    Examples
    --------
    >>> sorted(own_columns(["given", "family", "sex"])), sorted(own_columns(["family", "sex"]))
    (['given', 'sex'], [])
    """
    own = OWN & set(columns)
    return own if own & {"given", "birth"} else frozenset()


def compare(columns: Iterable[str]) -> tuple[Compared, ...]:
    """Return how tables with these prepared columns are compared, in a fixed order.

    Examples
    --------
    >>> [one.column for one in compare(["birth", "given", "given_sound", "sex"])]
    ['given', 'birth', 'sex']
    """
    known = set(columns)
    swaps = {"given", "family"} <= known
    every = (
        _name("given", "given name", swaps=swaps),
        _name("family", "family name", swaps=swaps),
        BIRTH,
        _plain("sex", "sex", 0.97, 0.5),
        _name("father", "father's name"),
        _name("mother", "mother's name"),
        _text("place", "place"),
        _text("address", "address", 0.6),
        _code("postcode", "postcode"),
        _plain("region", "region", 0.9, 0.2),
        _code("phone", "telephone number"),
        EMAIL,
        _code("document", "document"),
        _plain("household", "household", 0.8, 0.002),
    )
    return tuple(one for one in every if one.column in known)
