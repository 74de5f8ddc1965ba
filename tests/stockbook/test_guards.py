"""What raw SQL tries and the database refuses: the laws of the stock book hold against every writer, not only Evenhand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from evenhand_cast import NOW, Cast
from evenhand_stock import entries_written, everything_held, make_gift

from evenhand.errors import ActionRefused, RepeatDiffers, StockShort
from evenhand.ledger.checkpoint import SigningKey
from evenhand.ledger.entries import AccountKey
from evenhand.ledger.merkle import Frontier, leaf_hash
from evenhand.ledger.stages import MOVES
from evenhand.stockbook.checkpoints import make_checkpoint, read_head
from evenhand.stockbook.leaves import read_lines
from evenhand.stockbook.models import Account, Entry
from evenhand.stockbook.posting import Posting, post

pytestmark = pytest.mark.django_db
COLUMNS = (
    "seq", "entry", "action", "by", "verb", "from_account", "to_account", "resource", "quantity", "typed", "unit",
    "value", "currency", "valued_on", "happened", "recorded", "concerns", "reverses", "leaf",
)  # fmt: skip


@pytest.fixture
def gift(cast: Cast) -> str:
    """Three entries: 4,000 offered, 1,500 to Chad, 500 to Kenya."""
    return make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 1500, "KEN": 500})


def insert(gift: str, how: str = "INSERT", **changed: Any) -> None:
    """Write an entry past Evenhand: the next one in sequence, allocating 100 more to Chad, or whatever was changed."""
    row: dict[str, Any] = {
        "seq": entries_written() + 1, "entry": "raw:1", "action": "raw", "by": "u-nobody", "verb": "allocate",
        "from_account": f"offered/{gift}", "to_account": f"allocated/{gift}/TCD", "resource": "vaccine-measles",
        "quantity": 100, "typed": "100", "unit": "dose", "value": "", "currency": "", "valued_on": "",
        "happened": "2026-03-02", "recorded": "2026-03-02T10:00:00.000000Z", "concerns": gift, "reverses": "",
        "leaf": b"l" * 32,
    } | changed  # fmt: skip
    columns = ", ".join(f'"{column}"' for column in COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(COLUMNS))
        cursor.execute(f"{how} INTO stockbook_entry ({columns}) VALUES ({marks})", [row[column] for column in COLUMNS])
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def run(statement: str, *given: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given or None)


def test_a_sound_entry_past_evenhand_moves_its_units(gift: str) -> None:
    insert(gift)  # the tests below show what the guards refuse; this one, that they refuse nothing else
    assert everything_held()[f"allocated/{gift}/TCD"] == 1600


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 9}, {"seq": 3}, {"seq": 0}, {"seq": -1},
        {"quantity": 0}, {"quantity": -100}, {"quantity": 2001},
        {"to_account": "offered/{gift}"},
        {"verb": "receive"}, {"verb": "steal"}, {"verb": "reverse"},
        {"reverses": "gift"}, {"verb": "reverse", "reverses": "no-such-entry"},
        {"resource": "USD"}, {"resource": "no-such-resource"},
        {"from_account": "offered/OF-NONE"}, {"to_account": "allocated/{gift}/NOBODY"},
        {"from_account": "offered/{other}"}, {"to_account": "allocated/{other}/TCD"},
        {"entry": "{taken}"},
    ],
    ids=str,
)  # fmt: skip
def test_an_unlawful_entry_is_refused(gift: str, change: dict[str, Any]) -> None:
    other = make_gift("UNICEF", "vaccine-measles", 1000, allocated={"TCD": 10})
    taken = Entry.objects.get(seq=1).entry
    fitted = {
        name: value.format(gift=gift, other=other, taken=taken) if isinstance(value, str) else value
        for name, value in change.items()
    }
    before = everything_held(), entries_written()
    with pytest.raises(DatabaseError):
        insert(gift, **fitted)
    assert (everything_held(), entries_written()) == before


def test_a_reversal_is_the_entry_it_names_the_other_way_round_and_once(gift: str) -> None:
    name = Entry.objects.get(seq=2).entry
    back = {
        "verb": "reverse", "from_account": f"allocated/{gift}/TCD", "to_account": f"offered/{gift}",
        "quantity": 1500, "reverses": name,
    }  # fmt: skip
    for wrong in ({"quantity": 1499}, {"from_account": f"allocated/{gift}/KEN"}, {"verb": "allocate"}):
        with pytest.raises(DatabaseError):
            insert(gift, **back | wrong)
    insert(gift, **back, entry="raw:1")
    with pytest.raises(DatabaseError):
        insert(gift, **back, entry="raw:2")
    again = {"from_account": f"offered/{gift}", "to_account": f"allocated/{gift}/TCD", "reverses": "raw:1"}
    with pytest.raises(DatabaseError):
        insert(gift, **back | again, entry="raw:3")


REFUSED = {
    "an entry updated": "UPDATE stockbook_entry SET quantity = 1 WHERE seq = 2",
    "an entry renumbered": "UPDATE stockbook_entry SET seq = 99 WHERE seq = 3",
    "a leaf updated": "UPDATE stockbook_entry SET leaf = NULL WHERE seq = 2",
    "an entry deleted": "DELETE FROM stockbook_entry WHERE seq = 3",
    "every entry deleted": "DELETE FROM stockbook_entry",
    "an account deleted": "DELETE FROM stockbook_account",
    "an account given to somebody else": "UPDATE stockbook_account SET holder = 'KEN' WHERE stage = 'allocated'",
    "an account of another resource": "UPDATE stockbook_account SET resource_id = 'USD'",
    "a balance below zero": "UPDATE stockbook_account SET balance = -1 WHERE stage = 'offered'",
    "a checkpoint deleted": "DELETE FROM stockbook_checkpoint",
    "a checkpoint with another root": "UPDATE stockbook_checkpoint SET root = note",
    "a checkpoint of another size": "UPDATE stockbook_checkpoint SET size = 2",
    "a tree that shrinks": "UPDATE stockbook_head SET size = 2",
    "a tree that is gone": "DELETE FROM stockbook_head",
    "an account that begins with something": (
        "INSERT INTO stockbook_account (key, stage, offer_id, holder, resource_id, balance) "
        "SELECT 'received/x/TCD', 'received', offer_id, 'TCD', resource_id, 5 FROM stockbook_account LIMIT 1"
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_written_stays(gift: str, signing: SigningKey, what: str) -> None:
    make_checkpoint("test", NOW)
    before = everything_held(), entries_written(), list(read_lines())
    with pytest.raises(DatabaseError):
        run(REFUSED[what])
    assert (everything_held(), entries_written(), list(read_lines())) == before


@pytest.mark.parametrize("table", ["entry", "account", "checkpoint", "head"])
def test_no_table_of_the_book_is_truncated(gift: str, signing: SigningKey, table: str) -> None:
    make_checkpoint("test", NOW)
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE; DELETE without a condition stands among the others")
    run("SET CONSTRAINTS ALL IMMEDIATE")  # work left for the commit would forbid it before the guard does
    with pytest.raises(DatabaseError, match=r"never (changed or )?deleted"):
        run(f"TRUNCATE stockbook_{table} CASCADE")


@pytest.mark.parametrize("triggers", ["ON", "OFF"])
@pytest.mark.parametrize("what", ["entry", "reversal", "account", "checkpoint", "head"])
def test_nothing_is_replaced(gift: str, signing: SigningKey, what: str, triggers: str) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE; its ON CONFLICT is an UPDATE")
    make_checkpoint("test", NOW)
    back = {
        "verb": "reverse", "from_account": f"allocated/{gift}/TCD", "to_account": f"offered/{gift}",
        "quantity": 1500, "reverses": Entry.objects.get(seq=2).entry,
    }  # fmt: skip
    insert(gift, **back)
    before = everything_held(), entries_written(), list(read_lines())
    replace: dict[str, Callable[[], None]] = {
        "entry": lambda: insert(gift, "INSERT OR REPLACE", seq=2),
        "reversal": lambda: insert(gift, "INSERT OR REPLACE", **back, entry="raw:2"),
        "account": lambda: run(
            "INSERT OR REPLACE INTO stockbook_account (key, stage, offer_id, holder, resource_id, balance) "
            "SELECT key, stage, offer_id, holder, resource_id, 0 FROM stockbook_account WHERE stage = 'allocated'"
        ),
        "checkpoint": lambda: run(
            "INSERT OR REPLACE INTO stockbook_checkpoint (size, root, peaks, note, why, made_at) "
            "SELECT size, note, peaks, note, why, made_at FROM stockbook_checkpoint"
        ),
        "head": lambda: run("INSERT OR REPLACE INTO stockbook_head (id, size, peaks) VALUES (1, 0, '')"),
    }
    connection.connection.execute(f"PRAGMA recursive_triggers = {triggers}")  # off in any connection but Evenhand's own
    try:
        with pytest.raises(DatabaseError):
            replace[what]()
    finally:
        connection.connection.execute("PRAGMA recursive_triggers = ON")
    assert (everything_held(), entries_written(), list(read_lines())) == before


def test_the_databases_table_of_moves_is_the_declared_one(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb, source_stage, target_stage FROM stockbook_move")
        kept = set(cursor.fetchall())
    assert kept == {(move.verb, source, move.target) for move in MOVES for source in move.sources}


# --- post, before the database has to ---------------------------------------------------------------------------------


def posting(gift: str, **changed: Any) -> Posting:
    given: dict[str, Any] = {
        "entry": "p:1", "verb": "allocate", "source": AccountKey("offered", gift),
        "target": AccountKey("allocated", gift, "TCD"), "resource": "vaccine-measles", "quantity": 100,
        "happened": date(2026, 3, 2), "typed": "100", "unit": "dose", "concerns": gift,
    }  # fmt: skip
    return Posting(**given | changed)


def write(*postings: Posting) -> list[Any]:
    with transaction.atomic():
        return post(postings, action="a-1", by="u-1", recorded=NOW)


def test_what_post_writes_is_one_line_one_leaf_and_the_head(gift: str) -> None:
    write(*(posting(gift, entry=f"p:{number}") for number in range(7)))
    lines = list(read_lines())
    assert [leaf for _, leaf in lines] == [leaf_hash(line) for line, _ in lines]
    assert read_head() == Frontier().extend(leaf for _, leaf in lines)


def test_an_entry_sent_twice_is_written_once(gift: str) -> None:
    assert len(write(posting(gift), posting(gift))) == 1
    assert write(posting(gift)) == []
    assert everything_held()[f"allocated/{gift}/TCD"] == 1600


@pytest.mark.parametrize("change", [{"quantity": 99}, {"target": "KEN"}, {"verb": "withdraw"}], ids=str)
def test_an_id_stands_for_one_thing(gift: str, change: dict[str, Any]) -> None:
    write(posting(gift))
    if "target" in change:
        change = {"target": AccountKey("allocated", gift, change["target"])}
    if "verb" in change:
        change = {"verb": "withdraw", "target": AccountKey("withdrawn", gift)}
    with pytest.raises(RepeatDiffers):
        write(posting(gift, **change))
    with pytest.raises(RepeatDiffers, match="given twice"):
        write(posting(gift, entry="p:9"), posting(gift, entry="p:9", **change))


def test_the_entry_that_falls_short_is_named_and_nothing_is_written(gift: str) -> None:
    before = everything_held()
    with pytest.raises(StockShort, match="holds 900 base units; 1,000 cannot"):
        write(posting(gift, quantity=1100), posting(gift, entry="p:2", quantity=1000))
    assert everything_held() == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"quantity": 0}, "must move at least 1"),
        ({"quantity": 10**15 + 1}, "at most"),
        ({"verb": "receive"}, "no move 'receive' leads from offered to allocated"),
        ({"concerns": "a sentence"}, "concerns of an entry is 'a sentence'"),
        ({"typed": "1,5"}, "typed of an entry is '1,5'"),
        ({"unit": "boîte"}, "unit of an entry is"),
        ({"entry": "a\nb"}, "entry of an entry is"),
        ({"entry": ""}, "is empty or too long"),
        ({"entry": "x" * 65}, "is empty or too long"),
        ({"typed": "1" * 41}, "is empty or too long"),
        ({"currency": "EURO"}, "is empty or too long"),
        ({"target": AccountKey("allocated", "OF-1", "Tchad été")}, "target of an entry is"),
    ],
)
def test_what_no_line_may_hold_is_refused_in_words(gift: str, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ActionRefused, match=sentence):
        write(posting(gift, **change))


def test_a_clock_set_back_does_not_make_the_book_go_back(gift: str) -> None:
    with transaction.atomic():
        post([posting(gift)], action="a-1", by="u-1", recorded=NOW - timedelta(days=400))
    times = list(Entry.objects.order_by("seq").values_list("recorded", flat=True))
    assert times == sorted(times)


def write_checked(*postings: Posting) -> None:
    """Write, and have the database look at once whether what is named exists; otherwise it looks at the commit."""
    with transaction.atomic():
        write(*postings)
        connection.check_constraints()


def test_an_unknown_offer_or_resource_is_refused_by_the_database(gift: str) -> None:
    source, target = AccountKey("outside", "OF-NONE"), AccountKey("offered", "OF-NONE")
    with pytest.raises(IntegrityError):
        write_checked(posting("OF-NONE", verb="offer", source=source, target=target))
    with pytest.raises(IntegrityError):
        write_checked(posting(gift, resource="mask-surgical"))
    assert Account.objects.count() == 4
