"""`evenhand report`: one self-contained page."""

from __future__ import annotations

import json
import re


def test_the_page_is_written_and_needs_nothing_from_outside(run, planned) -> None:
    outcome = run("report", "plan", "--output", "report.html", "--explain", "TCD")
    assert outcome.exit_code == 0
    assert outcome.out.startswith("The report is in report.html (")
    page = (planned / "report.html").read_text(encoding="utf-8")
    assert len(page) < 300_000
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "Chad" in page


def test_json_says_where_and_how_large(run, planned) -> None:
    result = json.loads(run("report", "plan", "--json").out)["result"]
    assert result == {"file": "report.html", "bytes": (planned / "report.html").stat().st_size}


def test_a_folder_that_is_no_plan_gets_a_sentence(run, room) -> None:
    outcome = run("report", "plan")
    assert outcome.exit_code == 2
    assert not (room / "report.html").exists()
