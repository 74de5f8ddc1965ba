"""Who takes part in the demo: users in their roles, invented donors, a district and its village clinic.

The names say the role. No user has a password: at the shell everybody may act as all of them (`--as focal-tcd`), and on the
pages one steps in through an open door (`DOORS`), where the setting `open_doors` allows it.
"""

from __future__ import annotations

from typing import Any

from evenhand.actions.demo.telling import Telling, read_rows
from evenhand.actions.groups import join_group, register_group
from evenhand.actions.parties import change_party, register_party
from evenhand.actions.resources import register_resource
from evenhand.actions.users import add_user, grant_role

GROUP = "NAM"
TASK_FORCE = "demo-task-force"
BOARD = {"board-uga": "UGA", "board-aze": "AZE", "board-idn": "IDN"}
"""User → the member it speaks for: the chair, the chair before, and one that will recuse itself."""

DOORS = (
    "focal-tcd", "nurse-moissala", "donor-demo-relief", "donor-demo-medical", TASK_FORCE, *BOARD, "demo-auditor", "operator",
)  # fmt: skip
"""The users as whom one may step in on the pages, in the order of the story."""

RELIEF, MEDICAL = "DEMO-RELIEF", "DEMO-MEDICAL"
INVENTED_DONORS = {
    RELIEF: "Demo Relief Fund (invented)",
    MEDICAL: "Demo Medical Federation (invented)",
}
DISTRICT, CLINIC = "TCD-MANDOUL", "TCD-MOISSALA"
BELOW = (
    (DISTRICT, "Mandoul health district (demo)", "organisation", "TCD"),
    (CLINIC, "Moissala village clinic (demo)", "facility", DISTRICT),
)
GROUPS = {
    "AU": "African Union",
    "CARICOM": "Caribbean Community",
    "LAC": "Latin America and the Caribbean",
    "northern-africa": "Northern Africa",
    "PALOP": "Portuguese-speaking African countries",
    "pacific-islands": "Pacific Islands",
    "south-eastern-asia": "South-eastern Asia",
    "southern-asia": "Southern Asia",
}
LISTED = "examples/united_against_covid/groups.csv, members of the Movement in 2021; not the day on which it joined"
VACCINES = (
    ("demo-vaccine", "COVID-19 vaccine as announced, in packs of 100 (demo)", "cold-chain"),
    ("demo-vaccine-ultra-cold", "Pfizer-BioNTech vaccine as announced, in packs of 100 (demo)", "ultra-cold"),
)


def let_everybody_in(telling: Telling) -> None:
    """Add the users and grant them their roles, register who else takes part, and say what members can handle."""
    members = [row["party"] for row in read_rows("members")]
    donors = sorted({row["donor"] for row in read_rows("gifts")})
    with telling.on(-100):
        _add(telling, TASK_FORCE, ("secretariat", "", GROUP))
        _add(telling, "demo-auditor", ("auditor", "", ""))
        for name, party in BOARD.items():
            _add(telling, name, ("board", party, GROUP))
        for party in members:
            _add(telling, f"focal-{party.lower()}", ("focal-point", party, ""))
        _register(telling)
        for party in (*donors, *INVENTED_DONORS):
            _add(telling, f"donor-{party.lower()}", ("donor", party, ""))
        _add(telling, "nurse-moissala", ("focal-point", CLINIC, ""))
    with telling.on(-99):
        for row in read_rows("members"):
            telling.act(
                TASK_FORCE, change_party, f"handles-{row['party']}", party=row["party"], handles=row["handles"],
                because="public records of what was delivered and given; see the demo's SOURCES.md",
            )  # fmt: skip


def _register(telling: Telling) -> None:
    for key, name in INVENTED_DONORS.items():
        telling.act(
            "", register_party, f"party-{key}", key=key, name=name, kind="organisation",
            codes=f"short-name:{name.removesuffix(' (invented)')}",
        )  # fmt: skip
    for key, name, kind, parent in BELOW:
        telling.act("", register_party, f"party-{key}", key=key, name=name, kind=kind, parent=parent)
    for place, (key, name, requires) in enumerate(VACCINES, 1):
        telling.act(
            "", register_resource, f"vaccine-{place}", key=key, name=name, kind="goods", base_unit="dose", packs="pack=100",
            family="covid-vaccine", per_person="2", requires=requires,
            note="two doses a person whatever the product, so that the plan can be proved best",
        )  # fmt: skip
    for key, name in GROUPS.items():
        telling.act("", register_group, f"group-{key}", key=key, name=name, kind="earmark of the demo", source=LISTED)
    for row in read_rows("groups"):
        telling.act(
            "", join_group, f"join-{row['group']}-{row['party']}", group=row["group"], party=row["party"],
            since="2021", source=LISTED,
        )  # fmt: skip


def _add(telling: Telling, name: str, role: tuple[str, str, str]) -> None:
    granted: dict[str, Any] = dict(zip(("role", "party", "group"), role, strict=True))
    telling.act("", add_user, f"user-{name}", name=name)
    telling.act("", grant_role, f"role-{name}", user=name, **granted)
