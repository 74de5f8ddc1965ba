"""Rounds with no transaction around the test: what is worked out before the lock, and several processes at once."""

from __future__ import annotations

import pytest
from database_harness import FreshDatabase
from evenhand_cast import make_cast
from evenhand_rounds import Rounds, balances

pytestmark = pytest.mark.slow

VOTER = """
import sys
from evenhand.access.models import User
from evenhand.access.viewers import viewer_of
from evenhand.actions.action import Acting
from evenhand.actions.catalogue import ACTIONS
from evenhand.errors import ActionRefused
from evenhand_cast import NOW, TODAY

action, name, ref = sys.argv[1:]
acting = Acting(viewer_of(User.objects.get(name=name), on=TODAY), at=NOW)
sys.stdin.readline()
try:
    ACTIONS[action](acting, round=ref)
    print("done")
except ActionRefused as refusal:
    print(refusal)
"""


def at_once(database: FreshDatabase, action: str, who: list[str], ref: str) -> list[str]:
    """Let several people do the same in processes of their own, at the same moment; return what each was told."""
    import evenhand_cast

    folder = evenhand_cast.__file__.rpartition("/")[0]
    script = f"import sys; sys.path.insert(0, {folder!r})\n" + VOTER
    processes = [database.start(script, action, name, ref) for name in who]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    told = [process.communicate(timeout=120) for process in processes]
    assert not any(complaint for _, complaint in told), told
    return sorted(said.strip() for said, _ in told)


def test_a_round_goes_its_whole_way_with_no_lock_held_between(fresh_database: FreshDatabase) -> None:
    from evenhand.actions.rounds.objecting import answer_objection, object_to_round
    from evenhand.actions.rounds.overriding import override_round

    with fresh_database.here():
        rounds = Rounds(make_cast())
        _, _, offer = rounds.usual()
        ref = rounds.at("published", made=True)
        asked = object_to_round(rounds.cast("focal-ken"), round=ref, party="KEN", text="We have more people.").ref
        answered = answer_objection(
            rounds.cast("task-force"), objection=asked, answer="As you see.", whatif="needs.KEN.target=500"
        )
        assert "Kenya" in answered.facts["difference"]
        table = f"lot,recipient,packs\n{offer},TCD,8\n".encode()
        override_round(rounds.cast("board-ken", reason="an order"), round=ref, lines=table)


def test_of_four_who_post_one_round_at_once_one_posts_it(fresh_database: FreshDatabase) -> None:
    with fresh_database.here():
        rounds = Rounds(make_cast())
        ref = rounds.at("decided")
    told = at_once(fresh_database, "round post", ["task-force", "task-force-2"] * 2, ref)
    assert told[-1] == "done"
    assert told[:-1] == [f"{ref} is posted; only a round that is decided can be posted"] * 3
    with fresh_database.here():
        assert sorted(balances("allocated").values()) == [300, 500]


def test_three_who_vote_at_once_decide_once(fresh_database: FreshDatabase) -> None:
    with fresh_database.here():
        ref = Rounds(make_cast()).at("published")
    told = at_once(fresh_database, "round decide", ["board-aze", "board-uga", "board-ken"], ref)
    late = f"{ref} is decided; only a round that is published can be decided on"
    assert told == [late, "done", "done"]
