"""A thousand planted names, in a real installation: none stands in clear in any file of it, backup, export, log or refusal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from database_harness import FreshDatabase

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]

SCRIPT = """
import sys
from evenhand_cast import NOW
from evenhand_register import MEMBERS, make_register, open_table, put_in_stock
from evenhand.actions.people import households as acts
from evenhand.errors import EvenhandError
from evenhand.lookups.people.households import find_households, read_household

register = make_register()
put_in_stock(register.cast, 100_000)
table = open_table(register)
registrar = register.cast.viewers["registrar-tcd"]
for number in range(250):
    def name(one):
        return f"Canary{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]}{'uvwxyzabcd'[number // 100]}{'pqrs'[one]}"
    done = register.household(
        {**MEMBERS[0], "given_name": name(0)}, {**MEMBERS[1], "family_name": name(1)}, household={"address": name(2)}
    )
    person = done.facts["persons"][0]
    acts.correct_record(register(), record=person, fields={"given_name": name(3)})
    read_household(registrar, done.ref, "food")
    find_households(registrar, register.registration, name=f"{name(3)} Mahamat Saleh")
    for wrong in ({"given_name": name(0) + "1"}, {"family_name": name(1) + "\\u0430"}, {"sex": "x", "given_name": name(2)}):
        try:
            register.household({**MEMBERS[0], **wrong})
        except EvenhandError as error:
            print(error, file=sys.stderr)
    if number % 10 == 0:
        table.scan(table.card(done.ref), f"s-{number}")
        acts.erase_record(register(), record=done.ref)
try:
    acts.correct_record(register(), record=person, fields={"given_name": "Canary\\ud800"})
except EvenhandError as error:
    print(error, file=sys.stderr)
print("registered", number + 1)
"""


def test_no_planted_name_stands_in_clear_anywhere(fresh_databases: FreshDatabase, tmp_path: Path) -> None:
    folders = [str(Path(__file__).resolve().parents[1] / "cast")]
    script = f"import sys; sys.path += {folders!r}\n{SCRIPT}"
    process = fresh_databases.start(script)
    said, complaint = process.communicate(timeout=280)
    assert process.returncode == 0, complaint[-3000:]
    assert "registered 250" in said
    for command in (["backup", str(tmp_path / "all.backup")], ["export", str(tmp_path / "export"), "--as", "auditor"]):
        done = subprocess.run(
            [sys.executable, "-m", "evenhand", *command],
            env=fresh_databases.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said, complaint = said + done.stdout, complaint + done.stderr
    (tmp_path / "output").write_text(said + complaint)
    looked = 0
    for file in (*fresh_databases.folder.rglob("*"), *tmp_path.rglob("*")):
        if file.is_file():
            held, looked = file.read_bytes(), looked + 1
            for spelled in ("Canary", "canary", "CANARY"):
                for code in ("utf-8", "utf-16-le", "utf-16-be"):
                    assert spelled.encode(code) not in held, f"{file} holds a name in clear"
    assert looked > 10
    assert any(one.name.startswith("people") for one in fresh_databases.folder.iterdir())


ERASING = """
from pathlib import Path
from django.conf import settings
from evenhand_register import make_register
from evenhand.actions.people.households import erase_record
from evenhand.people.models import Person

register = make_register()
done = register.household()
boxes = [box.encode() for one in Person.objects.all() for box in one.boxes.values()]
files = [settings.EVENHAND.people_file, Path(f"{settings.EVENHAND.people_file}-wal")]
held = b"".join(file.read_bytes() for file in files)
assert all(box in held for box in boxes)
erase_record(register(), record=done.ref)
held = b"".join(file.read_bytes() for file in files)
print("left", sum(box in held for box in boxes), "of", len(boxes))
"""


def test_what_was_erased_is_in_no_file_any_more_not_even_sealed(fresh_databases: FreshDatabase) -> None:
    folders = [str(Path(__file__).resolve().parents[1] / "cast")]
    assert "left 0 of 12" in fresh_databases.run(f"import sys; sys.path += {folders!r}\n{ERASING}")
