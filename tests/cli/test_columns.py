"""`evenhand columns`: what each table holds, taken from the declarations."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from evenhand.cli.columns import READ, WRITTEN


@pytest.mark.parametrize("table", [*READ, *WRITTEN])
def test_every_declared_column_is_listed_with_its_meaning(
    run, golden: Callable[[str, object], None], table: str
) -> None:
    outcome = run("columns", table)
    assert outcome.exit_code == 0
    for column in (READ | WRITTEN)[table].columns:
        assert column.name in outcome.out
        assert column.meaning in outcome.out
    golden(f"columns_{table}", outcome)


def test_columns_as_json_are_one_object_each(run) -> None:
    body = json.loads(run("columns", "groups", "--json").out)
    assert body["ok"] is True
    assert body["result"]["table"] == "groups"
    assert body["result"]["columns"][0] == {
        "column": "recipient",
        "needed": "yes",
        "holds": "key",
        "unit": "",
        "default": "",
        "meaning": "the recipient's key, as in needs",
    }
