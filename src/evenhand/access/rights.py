"""Rights: which roles may do or see what, declared once, asked as predicates, denied where nothing is declared.

Asked by `evenhand.actions` (one right an action, under its name) and by `evenhand.lookups` ("see ..."). The test matrix
is generated from this table: every right × every role × own, other and group party.
"""

from __future__ import annotations

import rules

from evenhand.access.roles import ROLE_NAMES
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import NotAllowed

RIGHTS: dict[str, tuple[str, ...]] = {
    # the installation and its lists
    "user add": ("operator",),
    "user grant": ("operator",),
    "user revoke": ("operator",),
    "user switch off": ("operator",),
    "user switch on": ("operator",),
    "user password": ("operator",),
    "user second step": ("operator",),
    "party register": ("operator", "secretariat"),
    "party change": ("operator", "secretariat"),
    "party retire": ("operator", "secretariat"),
    "place register": ("operator", "secretariat"),
    "resource register": ("operator", "secretariat"),
    "group register": ("operator",),
    "group join": ("operator", "secretariat"),
    "group leave": ("operator", "secretariat"),
    "group office": ("operator", "secretariat"),
    "programme start": ("secretariat", "donor"),
    "seed plant": ("operator",),
    "translation add": ("operator", "secretariat", "focal-point"),
    "translation remove": ("operator", "secretariat", "focal-point"),
    # keys of programs: everybody's own; an operator's revoking reaches everybody's
    "key make": ROLE_NAMES,
    "key revoke": ROLE_NAMES,
    "key revoke others": ("operator",),
    # needs
    "need draft": ("focal-point",),
    "need submit": ("focal-point",),
    "need approve": ("secretariat",),
    "need renew": ("focal-point",),
    "need correct": ("focal-point",),
    "need withdraw": ("focal-point",),
    # offers
    "offer make": ("donor",),
    "offer firm": ("donor",),
    "offer change": ("donor",),
    "offer withdraw": ("donor",),
    "evidence attach": ("focal-point", "donor", "secretariat"),
    # what was said; put in by whoever has a part in it, decided by a secretariat
    "document read": ("secretariat", "focal-point", "donor"),
    "statement enter": ("secretariat",),
    "statement accept": ("secretariat",),
    "statement correct": ("secretariat",),
    "statement reject": ("secretariat",),
    "statement merge": ("secretariat",),
    "statement split": ("secretariat",),
    "statement thread": ("secretariat",),
    "statement link": ("secretariat",),
    "statement unlink": ("secretariat",),
    "statement answer": ("focal-point", "donor"),
    "meeting confirm": ("secretariat",),
    "meeting correct": ("secretariat",),
    "meeting merge": ("secretariat",),
    "meeting split": ("secretariat",),
    "meeting reject": ("secretariat",),
    "official merge": ("secretariat",),
    "official split": ("secretariat",),
    # rounds
    "round open": ("secretariat",),
    "round freeze": ("secretariat",),
    "round propose": ("secretariat",),
    "round override": ("board",),
    "round publish": ("secretariat",),
    "round object": ("focal-point",),
    "round answer": ("secretariat",),
    "round recuse": ("board", "focal-point"),
    "round decide": ("board",),
    "round post": ("secretariat",),
    "round cancel": ("secretariat",),
    # what travels and what becomes of it
    "consignment plan": ("secretariat", "donor", "focal-point"),
    "consignment dispatch": ("secretariat", "donor", "focal-point"),
    "consignment receive": ("focal-point",),
    "consignment return": ("secretariat", "donor", "focal-point"),
    "consignment cancel": ("secretariat", "donor", "focal-point"),
    "stock distribute": ("focal-point",),
    "stock expire": ("focal-point", "donor"),
    "stock return": ("focal-point",),
    "stock lose": ("focal-point",),
    "stock reverse": ("secretariat", "focal-point", "donor"),
    "stock rebuild": ("operator",),
    "money pay": ("donor",),
    "money spend": ("focal-point",),
    # bulk; each row also asks for the right of the single action that it is, so that a focal point imports its own needs
    "import records": ("operator", "secretariat", "focal-point", "donor"),
    "import entries": ("secretariat",),
    "import archive": ("operator",),
    "checkpoint make": ("secretariat", "operator"),
    "checkpoint countersign": ("secretariat", "operator"),
    # the people register: its actions are no part of the catalogue, and no program has a key to it
    "people open": ("focal-point", "secretariat"),
    "people close": ("focal-point", "secretariat"),
    "people share": ("board",),
    "people register": ("registrar",),
    "people correct": ("registrar",),
    "people follow": ("registrar",),
    "people merge": ("registrar",),
    "people consent": ("registrar", "case-worker"),
    "people erase": ("registrar",),
    "people entitle": ("focal-point", "secretariat"),
    "people distribute": ("registrar",),
    "people give": ("registrar",),
    "people rekey": ("operator",),
    # medical evacuation: whoever follows the case sends; a hospital offers places, and its case workers alone read and take in
    "people evacuate": ("case-worker",),
    "people host": ("focal-point", "case-worker"),
    "people receive": ("case-worker",),
    "see people": ("registrar", "case-worker"),
    "see share plans": ("registrar", "auditor"),
    # reading beyond what is public
    "see drafts": ("focal-point", "auditor"),
    "see submitted": ("focal-point", "secretariat", "auditor"),
    "see offer conditions": ("donor", "donor-reader", "secretariat", "auditor"),
    "see proposals": ("secretariat", "board", "auditor"),
    "see evidence": ("focal-point", "donor", "donor-reader", "secretariat", "board", "auditor"),
    "see proposed statements": ("secretariat", "auditor"),
    "see papers": ("focal-point", "donor", "donor-reader", "secretariat", "auditor"),
    "see audit lines": ("auditor",),
    "see users": ("operator", "auditor"),
    "see keys": ("operator", "auditor"),
    "export everything": ("operator", "auditor"),
}
"""Right → the roles that have it, each within what the role is bound to."""


def _holds(role: str) -> rules.Predicate:
    @rules.predicate(f"holds {role}")  # type: ignore[untyped-decorator]  # rules carries no types
    def predicate(viewer: Viewer, target: Target) -> bool:
        return viewer.holds(role, target)

    return predicate


_HOLDS = {role: _holds(role) for role in ROLE_NAMES}
_RULES = rules.RuleSet()
for _right, _roles in RIGHTS.items():
    _predicate = rules.always_deny
    for _role in _roles:
        _predicate = _predicate | _HOLDS[_role]
    _RULES.add_rule(_right, _predicate)


def may(viewer: Viewer, right: str, target: Target) -> bool:
    """Say whether a viewer has a right over a target; a right that nobody declared is nobody's."""
    return _RULES.rule_exists(right) and bool(_RULES.test_rule(right, viewer, target))


def require(viewer: Viewer, right: str, target: Target) -> None:
    """Refuse unless the viewer has the right.

    Raises
    ------
    NotAllowed
        With the roles that would do, and for whom.
    """
    if may(viewer, right, target):
        return
    who = viewer.name or "the public"
    roles = " or ".join(RIGHTS.get(right, ())) or "nobody"
    over = f" for {target.parties[0]}" if target.parties else f" in {target.groups[0]}" if target.groups else ""
    raise NotAllowed(f"{who} may not '{right}'{over}; that takes the role {roles}{over}")


def shared_list(viewer: Viewer) -> Target:
    """Return what a right over a list that all groups share is asked about: any group the viewer is secretariat of."""
    return Target(groups=tuple(sorted(viewer.groups("secretariat"))))
