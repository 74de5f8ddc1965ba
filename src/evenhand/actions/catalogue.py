"""Every action there is, under its name. The commands, the API and the pages are made from this list.

Add a module of actions to `MODULES`, and all its actions are here.
"""

from __future__ import annotations

from types import MappingProxyType

from evenhand.actions import (
    checkpoints,
    consignments,
    evidence,
    groups,
    keys,
    money,
    needs,
    offers,
    parties,
    places,
    programmes,
    receipts,
    resources,
    reversals,
    seeds,
    stock,
    translations,
    turning_back,
    users,
)
from evenhand.actions.action import Action
from evenhand.actions.bulk import archives, importing
from evenhand.actions.rounds import deciding, freezing, objecting, opening, overriding, posting, proposing
from evenhand.actions.said import documents, meetings, replying, reviewing, splitting, threads

MODULES = (
    needs,
    evidence,
    groups,
    offers,
    parties,
    places,
    programmes,
    resources,
    seeds,
    translations,
    users,
    keys,
    checkpoints,
    consignments,
    money,
    receipts,
    turning_back,
    reversals,
    stock,
    opening,
    freezing,
    proposing,
    overriding,
    objecting,
    deciding,
    posting,
    documents,
    reviewing,
    threads,
    replying,
    meetings,
    splitting,
    importing,
    archives,
)

ACTIONS = MappingProxyType(
    {one.name: one for module in MODULES for one in vars(module).values() if isinstance(one, Action)}
)
"""Name of the action ("need submit") → the action."""
