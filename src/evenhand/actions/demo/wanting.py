"""What members need in the demo: vaccination for a fifth of their people, from public figures, and invented further needs."""

from __future__ import annotations

from evenhand.actions.demo.people import TASK_FORCE
from evenhand.actions.demo.telling import Telling, read_rows
from evenhand.actions.needs import approve_need, correct_need, draft_need, submit_need, withdraw_need

FAMILY = "covid-vaccine"
WHY = (
    "Vaccination for 20 % of the people, the first aim of COVAX; public figures of 31 May 2021, restated for the demo. The "
    "member itself entered nothing"
)
INVENTED = "Invented for the demo: "


def say_what_is_needed(telling: Telling) -> None:
    """Draft, submit and approve the needs; some stay with their member or with the task force."""
    vaccination = read_rows("members")
    until = telling.day(200)
    refs: dict[str, str] = {}
    with telling.on(-98):
        for row in vaccination:
            who = f"focal-{row['party'].lower()}"
            refs[row["party"]] = telling.act(
                who, draft_need, f"need-{row['party']}-covid", party=row["party"], resource=FAMILY,
                quantity=row["people"], held=row["held"], tiers=row["health_workers"], per_week=row["per_week"],
                why=WHY, valid_until=until, priority="urgent",
            ).ref  # fmt: skip
            telling.act(who, submit_need, f"submit-{row['party']}-covid", need=refs[row["party"]])
    with telling.on(-96):
        for party, ref in refs.items():
            telling.act(TASK_FORCE, approve_need, f"approve-{party}-covid", need=ref)
    _say_wishes(telling)
    _change_minds(telling)


def _say_wishes(telling: Telling) -> None:
    wishes = read_rows("wishes")
    until = telling.day(180)
    with telling.on(-95):
        for row in wishes:
            who, name = f"focal-{row['party'].lower()}", f"{row['party']}-{row['resource']}"[:23]
            ref = telling.act(
                who, draft_need, f"need-{name}", party=row["party"], resource=row["resource"], quantity=row["quantity"],
                why=INVENTED + row["why"], priority=row["priority"], valid_until=until,
            ).ref  # fmt: skip
            if row["state"] != "draft":
                telling.act(who, submit_need, f"submit-{name}", need=ref)
            if row["state"] == "approved":
                telling.act(TASK_FORCE, approve_need, f"approve-{name}", need=ref)


def _change_minds(telling: Telling) -> None:
    """Have one member correct a need and another withdraw one, so that both can be seen."""
    with telling.on(-94):
        wrong = telling.act(
            "focal-gmb", draft_need, "need-GMB-ors", party="GMB", resource="ors", quantity="2000 carton",
            why=INVENTED + "rehydration salts for the rainy season", valid_until=telling.day(180),
        ).ref  # fmt: skip
        telling.act("focal-gmb", submit_need, "submit-GMB-ors", need=wrong)
        telling.act(TASK_FORCE, approve_need, "approve-GMB-ors", need=wrong)
        gone = telling.act(
            "focal-jam", draft_need, "need-JAM-tents", party="JAM", resource="tent-family", quantity="400",
            why=INVENTED + "tents kept ready for the hurricane season", valid_until=telling.day(180),
        ).ref  # fmt: skip
        telling.act("focal-jam", submit_need, "submit-JAM-tents", need=gone)
        telling.act(TASK_FORCE, approve_need, "approve-JAM-tents", need=gone)
    with telling.on(-93):
        right = telling.act(
            "focal-gmb", correct_need, "correct-GMB-ors", need=wrong, quantity="200 carton",
            because="a zero too many: 200 cartons, not 2,000",
        ).ref  # fmt: skip
        telling.act(TASK_FORCE, approve_need, "approve-GMB-ors-2", need=right)
        telling.act("focal-jam", withdraw_need, "withdraw-JAM-tents", need=gone, because="bought with own money")
