"""`evenhand explain`: why this number, in sentences."""

from __future__ import annotations

import json


def test_a_recipient_is_explained_in_titled_sentences(run, planned, golden) -> None:
    outcome = run("explain", "plan", "TCD")
    assert outcome.exit_code == 0
    assert "Chad" in outcome.out
    golden("explain_one", outcome)


def test_several_recipients_are_explained_one_after_the_other(run, planned, golden) -> None:
    golden("explain_several", run("explain", "plan", "LSO", "IDN", "MDV"))


def test_json_holds_the_parts(run, planned) -> None:
    body = json.loads(run("explain", "plan", "TCD", "--json").out)
    (explanation,) = body["result"]["explanations"]
    assert (explanation["recipient"], explanation["name"]) == ("TCD", "Chad")
    assert all(part["title"] and part["text"] for part in explanation["parts"])


def test_an_unknown_recipient_gets_the_nearest_name(run, planned) -> None:
    outcome = run("explain", "plan", "TDC")
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert "no recipient 'TDC'; did you mean 'TCD'?" in outcome.err
