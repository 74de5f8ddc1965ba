"""Addresses of rounds: the list, a round, its files, the rules side by side, another plan, why somebody gets what it gets."""

from __future__ import annotations

from evenhand.web.frame.addresses import page
from evenhand.web.rounds.downloads import download
from evenhand.web.rounds.listing import rounds
from evenhand.web.rounds.one import one_round
from evenhand.web.rounds.overriding import override
from evenhand.web.rounds.rules import compare_rules
from evenhand.web.rounds.why import explain_another, why

urlpatterns = [
    *page("rounds", rounds, "rounds"),
    *page("rounds/<ref>/files/<path:name>", download, "round-file", data=False),
    *page("rounds/<ref>/rules/compared", compare_rules, "round-rules"),
    *page("rounds/<ref>/override/plan", override, "round-override", data=False),
    *page("rounds/<ref>/explain/another", explain_another, "round-explain", data=False),
    *page("rounds/<ref>/<key>", why, "why"),
    *page("rounds/<ref>", one_round, "round"),
]
