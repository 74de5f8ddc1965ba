"""Thousands of questions that nobody would ask: the server never fails, and every answer is one that is described.

In this process, over WSGI, from a fixed seed; as the public and with keys of several roles.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from evenhand_seen import World
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from evenhand.api import door
from evenhand.api.addresses import API
from evenhand.api.described import document
from evenhand.api.limits import Limits

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Ask = Callable[..., Any]
SEED = 20260302
CASES = 5_000
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
WHO = ("", "focal-tcd", "task-force", "auditor", "operator")
LEFT_OUT = ("/api/v1/bulk.zip", "/api/v1/seed/plant")
"""Seconds each; they have tests of their own."""


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """As Django's own client does: the connection is in the test's transaction, and no request ends it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("who", WHO)
def test_nothing_that_is_asked_makes_the_server_fail(
    world: World, ask: Ask, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = Limits(holds=10**9, per_second=10**9)
    monkeypatch.setattr(door, "ADDRESSES", wide)
    monkeypatch.setattr(door, "KEYS", wide)
    whole = copy.deepcopy(document(API))
    for methods in whole["paths"].values():
        for described in methods.values():
            described.pop("security", None)  # else it makes keys up, and learns no more than that they are refused
    schema = schemathesis.openapi.from_dict(whole)
    schema.app = get_wsgi_application()
    headers = (ask(who).headers if who else {}) | {"Accept-Encoding": "identity"}
    operations = [one.ok() for one in schema.get_all_operations()]
    operations = [one for one in operations if one.path not in LEFT_OUT]
    each = CASES // (len(WHO) * len(operations)) + 1
    asked = 0
    for operation in operations:

        @seeded(SEED)
        @settings(
            max_examples=each,
            database=None,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask_it(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask_it()
    assert asked >= CASES // len(WHO) * 0.9
