"""The demo's rounds: one decided and posted, with an objection and a recusal; one left open for whoever tries it."""

from __future__ import annotations

from evenhand.actions.demo.people import GROUP, TASK_FORCE
from evenhand.actions.demo.telling import Telling
from evenhand.actions.rounds.deciding import decide_round, recuse_from_round
from evenhand.actions.rounds.freezing import freeze_round
from evenhand.actions.rounds.objecting import answer_objection, object_to_round
from evenhand.actions.rounds.opening import open_round
from evenhand.actions.rounds.posting import post_round
from evenhand.actions.rounds.proposing import propose_round, publish_round

TITLE = "Demo: COVID-19 vaccination, a round that never took place"
OPEN_TITLE = "Demo: surgical masks, open for you to go on with"


def decide_vaccines(telling: Telling, offers: dict[str, str]) -> str:
    """Share out the announced vaccine: open, freeze, propose, publish, object, answer, recuse, decide, post."""
    with telling.on(-90):
        ref = telling.act(
            TASK_FORCE, open_round, "round-covid-open", title=TITLE, group=GROUP, resource="covid-vaccine",
            objections_until=telling.day(-82),
        ).ref  # fmt: skip
        telling.act(TASK_FORCE, freeze_round, "round-covid-freeze", round=ref)
    with telling.on(-88):
        telling.act(TASK_FORCE, propose_round, "round-covid-propose", round=ref)
        telling.act(TASK_FORCE, publish_round, "round-covid-publish", round=ref)
    with telling.on(-85):
        objection = telling.act(
            "focal-lbn", object_to_round, "round-covid-object", round=ref, party="LBN",
            text="Not one of the 36 gifts is open to Lebanon, which stands at 28.6 % of its target. The gift for seven named "
            "states of our region could have named us too. (Invented for the demo.)",
        ).ref  # fmt: skip
    with telling.on(-83):
        direct = offers["USA-DIRECT-1"]
        telling.act(
            TASK_FORCE, answer_objection, "round-covid-answer", objection=objection,
            answer="The plan cannot go against what a donor has earmarked. What one more name in that earmark would have "
            "changed is shown below; the donor has been asked. (Invented for the demo.)",
            whatif=f"lots.{direct}.for=EGY;HTI;IND;IRQ;JOR;LBN;PSE;YEM",
        )  # fmt: skip
        telling.act(
            "board-idn", recuse_from_round, "round-covid-recuse", round=ref, party="IDN",
            because="two of the gifts are meant for Indonesia alone",
        )  # fmt: skip
    with telling.on(-80):
        telling.act("board-uga", decide_round, "round-covid-decide-1", round=ref)
        telling.act("board-aze", decide_round, "round-covid-decide-2", round=ref)
    with telling.on(-79):
        telling.act(TASK_FORCE, post_round, "round-covid-post", round=ref)
    return ref


def open_masks(telling: Telling) -> str:
    """Open a second round and leave it there."""
    with telling.on(-1):
        return telling.act(
            TASK_FORCE, open_round, "round-masks-open", title=OPEN_TITLE, group=GROUP, resource="mask-surgical",
            rule="equal-coverage",
        ).ref  # fmt: skip
