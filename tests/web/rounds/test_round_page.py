"""The page of one round: the right numbers for everybody, the proof as it was checked now, nothing too early."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from evenhand_cast import Cast
from evenhand_round_pages import RoundsNow

from evenhand.actions.parties import change_party
from evenhand.actions.rounds.objecting import answer_objection, object_to_round
from evenhand.actions.rounds.opening import cancel_round
from evenhand.lookups import version
from evenhand.rounds.models import Proposal

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
WHO = ("", "focal-tcd", "donor-ind", "task-force", "board-uga", "auditor", "operator")
ENOUGH = 8


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[-2000:]
    return str(response.content.decode())


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_everybody_reads_a_published_round(rounds: RoundsNow, reader: Reader, who: str, language: str) -> None:
    ref = rounds.at("published")
    text = text_of(reader(who), f"/{language}/rounds/{ref}")
    assert text.count("<h1") == 1
    # TCD 250 persons of 500, KEN 150 of 300: one half each, nothing left
    for number in ("250", "150", "400", "50%"):
        assert number in text
    assert f"/{language}/rounds/{ref}/TCD" in text


@pytest.mark.parametrize(("who", "status"), [("", 404), ("focal-tcd", 404), ("donor-ind", 404), ("task-force-eu", 404),
                                             ("task-force", 200), ("board-uga", 200), ("auditor", 200)])  # fmt: skip
@pytest.mark.parametrize("step", ["open", "frozen", "proposed"])
def test_before_it_is_published_only_those_who_work_on_it_see_it(
    rounds: RoundsNow, reader: Reader, who: str, status: int, step: str
) -> None:
    ref = rounds.at(step)
    client = reader(who)
    for path in (f"rounds/{ref}", f"rounds/{ref}.csv", f"rounds/{ref}/rules/compared"):
        assert client.get(f"/en/{path}").status_code == status
    plan = status if step == "proposed" else 404
    for path in (f"rounds/{ref}/TCD", f"rounds/{ref}/files/plan.csv", f"rounds/{ref}/files/plan.zip"):
        assert client.get(f"/en/{path}").status_code == plan
    inputs = 404 if step == "open" else status
    assert client.get(f"/en/rounds/{ref}/files/inputs/needs.csv").status_code == inputs


def test_the_proof_says_what_the_checker_found_now_and_not_what_the_plan_says_of_itself(
    rounds: RoundsNow, reader: Reader
) -> None:
    ref = rounds.at("published")
    assert "proved best" in text_of(reader(""), f"/en/rounds/{ref}")
    row = Proposal.objects.get()
    files = {
        name: zipfile.ZipFile(io.BytesIO(bytes(row.folder))).read(name)
        for name in zipfile.ZipFile(io.BytesIO(bytes(row.folder))).namelist()
    }
    files["plan.csv"] = files["plan.csv"].replace(b",KEN,3,", b",KEN,2,")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    Proposal.objects.filter(pk=row.pk).update(folder=out.getvalue())
    text = text_of(reader("auditor"), f"/en/rounds/{ref}")
    assert "<b>proved best</b>" not in text
    assert "cannot be opened" in text or "does not hold" in text


def test_a_round_whose_packs_differ_in_worth_is_never_called_proved(rounds: RoundsNow, reader: Reader) -> None:
    rounds.need("TCD", "1000", "measles-vaccination")
    rounds.need("KEN", "700", "measles-vaccination")
    rounds.offer("5 box")
    rounds.offer("3 tray", "vaccine-cold", donor="UNICEF")
    rounds.offer("9 vial", donor="UNICEF")
    ref = rounds.at("published", made=True, resource="measles-vaccination")
    text = text_of(reader(""), f"/en/rounds/{ref}")
    claim = json.loads(reader("").get(f"/en/rounds/{ref}/files/certificate.json").content)["claim"]
    assert claim == "bounded"
    assert "<b>proved best</b>" not in text
    assert "What was checked" in text
    assert "It is proved that no plan can lift it above" in text


def test_its_data_is_the_plan_and_every_other_table(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    client = reader("")
    rows = {
        row["recipient"]: row
        for row in csv.DictReader(io.StringIO(client.get(f"/en/rounds/{ref}.csv").content.decode("utf-8-sig")))
    }
    assert {key: float(row["received"]) for key, row in rows.items()} == {"TCD": 250.0, "KEN": 150.0}
    assert {row["limited_by"] for row in rows.values()} == {"waterline"}
    lines = json.loads(client.get(f"/en/rounds/{ref}.json?table=lines").content)
    assert str(lines).count("TCD") == 1
    for table in ("lots", "measures", "objections", "votes"):
        assert client.get(f"/en/rounds/{ref}.xlsx?table={table}").status_code == 200
    assert client.get(f"/en/rounds/{ref}.csv?table=secrets").status_code in (400, 404, 422)


def test_the_folder_taken_away_is_checked_with_bare_python(rounds: RoundsNow, reader: Reader, tmp_path: Path) -> None:
    ref = rounds.at("published")
    body = reader("").get(f"/en/rounds/{ref}/files/plan.zip").content
    zipfile.ZipFile(io.BytesIO(body)).extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "check.py", "plan/"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.startswith("holds")) == (0, True), done.stdout + done.stderr
    sheet = reader("").get(f"/en/rounds/{ref}/files/proof.xlsx")
    assert sheet.content[:2] == b"PK"
    assert sheet["Content-Disposition"].startswith("attachment")
    needs = reader("").get(f"/en/rounds/{ref}/files/inputs/needs.csv").content
    assert needs.startswith(b"recipient,")
    assert reader("").get(f"/en/rounds/{ref}/files/../settings.py").status_code == 404


def test_objections_answers_votes_and_recusals_stand_with_their_parties_and_no_user(
    rounds: RoundsNow, cast: Cast, reader: Reader
) -> None:
    ref = rounds.at("published")
    now = datetime.now(UTC)
    said = object_to_round(cast("focal-tcd", at=now), round=ref, party="TCD", text="<b>Our store</b> & burnt down").ref
    text = text_of(reader(""), f"/en/rounds/{ref}")
    assert "&lt;b&gt;Our store&lt;/b&gt; &amp; burnt down" in text
    assert "not answered yet" in text
    answer_objection(
        cast("task-force", at=now), objection=said, answer="It counts next time.", whatif="needs.TCD.held=0"
    )
    text = text_of(reader(""), f"/en/rounds/{ref}")
    assert "It counts next time." in text
    assert "needs.TCD.held=0" in text
    for name in ("focal-tcd", "task-force", "u-focal", "u-task"):
        assert name not in text


def test_a_name_is_text_and_never_markup(rounds: RoundsNow, cast: Cast, reader: Reader) -> None:
    change_party(
        cast("task-force", reason="a test", at=datetime.now(UTC)), party="TCD", name="<script>alert(1)</script>"
    )
    ref = rounds.at("published", title='"><img src=x onerror=alert(1)>')
    for path in (f"rounds/{ref}", f"rounds/{ref}/TCD", f"rounds/{ref}/rules/compared", "rounds"):
        text = text_of(reader(""), f"/en/{path}")
        assert "<script>alert" not in text
        assert "<img src=x" not in text


PAGES = ("rounds", "rounds/{}", "rounds/{}/TCD", "rounds/{}/rules/compared", "rounds/{}/files/plan.csv")


@pytest.mark.parametrize("who", ["", "task-force", "board-uga", "focal-tcd"])
def test_a_page_asks_few_questions_however_many_rows(
    rounds: RoundsNow, reader: Reader, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = rounds.at("posted")
    monkeypatch.setattr(version, "_in_transaction", lambda: False)  # so that names are kept, as in use
    monkeypatch.setattr(version, "_KEPT", {})
    client = reader(who)
    for path in (page.format(ref) for page in PAGES):
        client.get(f"/en/{path}")  # the first visit notes the session and reads the names
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/en/{path}?x=1").status_code == 200
        assert len(asked) <= ENOUGH, path + "\n" + "\n".join(one["sql"][:160] for one in asked)


@pytest.mark.parametrize("step", ["open", "frozen", "proposed", "published", "decided", "posted"])
def test_the_list_names_the_state_and_the_size(rounds: RoundsNow, reader: Reader, step: str) -> None:
    ref = rounds.at(step)
    text = text_of(reader("task-force"), "/en/rounds")
    assert ref in text
    rows = list(csv.DictReader(io.StringIO(reader("task-force").get("/en/rounds.csv").content.decode("utf-8-sig"))))
    assert [(row["ref"], row["state"], row["recipients"], row["lots"], row["units"]) for row in rows] == [
        (ref, step, "2", "1", "800")
    ]
    assert reader("").get("/en/rounds?state=" + step).status_code == 200


def test_an_empty_list_says_what_would_fill_it(rounds: RoundsNow, reader: Reader) -> None:
    assert "No round has been published yet." in text_of(reader(""), "/en/rounds")
    assert reader("").get("/en/rounds?state=burnt").status_code in (400, 422)


def test_a_cancelled_round_stays_readable_for_those_who_worked_on_it(
    rounds: RoundsNow, cast: Cast, reader: Reader
) -> None:
    ref = rounds.at("published")
    cancel_round(cast("task-force", reason="a flood", at=datetime.now(UTC)), round=ref)
    assert "Cancelled" in text_of(reader(""), f"/en/rounds/{ref}")


@pytest.mark.parametrize("asked", ["0", "2", "-1", "1e3", "x" * 500, "१"])
def test_a_plan_that_is_not_there_is_refused_plainly(rounds: RoundsNow, reader: Reader, asked: str) -> None:
    ref = rounds.at("published")
    status = reader("").get(f"/en/rounds/{ref}", {"proposal": asked}).status_code
    assert status == 200 if asked == "0" else status in (400, 404, 422)
