"""A process dies at any point of any action: then the action is wholly there or not there at all.

Every statement of every action that posts, before and after (on PostgreSQL also sent and not yet answered), the commit
among them, and points inside SQLite's own machine. The state afterwards must be, row by row, that before the action or that
after it; after it wherever it was acknowledged; and the same request sent again must end in the same state.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from inspect import isfunction
from math import ceil
from types import CodeType
from typing import Any

import pytest
from book_scene import LESS, STEPS, Scene
from dying import points_of, run_until
from ground import Ground
from invariants import check_book

from evenhand.actions.catalogue import ACTIONS

pytestmark = pytest.mark.slow
TOTAL = {"sqlite": (5_000, 100_000), "postgresql": (2_000, 50_000)}
INTO_AN_EMPTY_BOOK = {"import archive"}
"""Needs a database without records, so it has tests of its own (tests/actions/bulk/test_archives.py)."""

WITH_THREADS = {"import entries", "import records"}
"""They use Polars, which does not live on in a fork."""

POSTING = {"post", "restore_entries"}
AGAIN_EVERY = {"sqlite": 10, "postgresql": 25}
"""After every so many deaths, the request is sent again."""


@pytest.mark.parametrize("name", STEPS)
def test_a_death_leaves_all_of_an_action_or_nothing(
    name: str, scene: Scene, ground: Ground, how_many: Callable[..., int]
) -> None:
    usual, long = TOTAL[ground.vendor]
    weights = {step: LESS.get(step, 1.0) for step in STEPS}
    wanted = ceil(how_many(usual, long=long) * weights[name] / sum(weights.values()))
    if name in WITH_THREADS:
        given = json.dumps({"name": name, "wanted": wanted, "ground": ground.described(), "refs": scene.refs})
        script = "import sys\nsys.path[:0] = sys.argv[2].split(':')\nfrom test_death_anywhere import alone\nalone(sys.argv[1])"
        process = ground.fresh.start(script, given, ":".join(sys.path))
        said, complaint = process.communicate(timeout=1_000)
        assert process.returncode == 0, complaint
        deaths = int(said)
    else:
        deaths = die_often(name, scene, ground, wanted)
    assert deaths >= wanted


def die_often(name: str, scene: Scene, ground: Ground, wanted: int) -> int:
    """Let so many processes die in an action, with other quantities whenever its points are used up; return how many did."""
    deaths = turn = 0
    while deaths < wanted:
        deaths += _deaths_in_one_turn(
            ground, lambda turn=turn: STEPS[name](scene, f"turn-{turn}", turn), wanted - deaths
        )
        turn += 1
    return deaths


def alone(given: str) -> None:
    """Do the same in a new process, which never used Polars: its threads do not live on in a fork, and others wait for them."""
    from evenhand_cast import find_cast

    said = json.loads(given)
    ground = Ground.read(said["ground"])
    with ground.here():
        scene = Scene(find_cast(), said["refs"])
    deaths = die_often(said["name"], scene, ground, said["wanted"])
    ground.let_go()
    print(deaths)


def _deaths_in_one_turn(ground: Ground, do: Callable[[], Any], wanted: int) -> int:
    before = ground.state()
    whole = run_until(ground, None, do)
    after = ground.state()
    assert before != after
    with ground.here():
        check_book([whole.acknowledged])
    ground.put_back()
    deaths = 0
    for point in points_of(ground.vendor, whole, wanted):
        death = run_until(ground, point, do)
        assert death.died == (not death.acknowledged)
        state = ground.state()
        assert state in ((before, after) if death.died else (after,)), f"half of it is there after {point}"
        deaths += death.died
        if deaths % AGAIN_EVERY[ground.vendor] == 0:
            assert run_until(ground, None, do).acknowledged == whole.acknowledged
            state = ground.state()
            assert state == after, f"sent again after {point}, it did something else"
        if state != before:
            ground.put_back()
    return deaths


def test_every_action_that_posts_is_among_them() -> None:
    posting = {name for name, one in ACTIONS.items() if _posts(one.body)}
    assert posting >= {"offer make", "round post", "stock reverse"}, "the search itself finds nothing any more"
    assert posting - INTO_AN_EMPTY_BOOK <= STEPS.keys(), (
        "an action posts that nobody lets die; add it to book_scene.STEPS"
    )


def _posts(body: Any) -> bool:
    """Say whether a function, or one of `evenhand.actions` that it reaches by name, posts entries."""
    waiting, seen = [body], set()
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        names = set(_names(function.__code__))
        if names & POSTING:
            return True
        reached = [function.__globals__.get(name) for name in names]
        waiting += [one for one in reached if isfunction(one) and one.__module__.startswith("evenhand.actions.")]
    return False


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
