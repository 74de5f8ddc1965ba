"""The laws of the stock book, kept by the database against every writer.

Nothing is updated or deleted; the sequence is dense; an entry joins two accounts of one offer and one resource by a move
that exists; a reversal is the entry it names, the other way round; no account but `outside` goes below zero, after any
entry; balances follow. On SQLite row by row; on PostgreSQL once a statement, because a transaction that updates one row
ten thousand times leaves ten thousand dead versions of it behind.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MOVES = (
    ("offer", "outside", "offered"), ("commit", "outside", "committed"), ("withdraw", "offered", "withdrawn"),
    ("withdraw", "committed", "withdrawn"), ("allocate", "offered", "allocated"),
    ("allocate", "committed", "allocated"), ("dispatch", "allocated", "in-transit"),
    ("dispatch", "offered", "in-transit"), ("dispatch", "received", "in-transit"),
    ("receive", "in-transit", "received"), ("damage", "in-transit", "damaged"), ("damage", "received", "damaged"),
    ("miss", "in-transit", "missing"), ("miss", "received", "missing"), ("distribute", "received", "used"),
    ("expire", "offered", "expired"), ("expire", "allocated", "expired"), ("expire", "in-transit", "expired"),
    ("expire", "received", "expired"), ("return", "in-transit", "returned"), ("return", "received", "returned"),
    ("return", "paid", "returned"), ("pay", "committed", "paid"), ("pay", "allocated", "paid"),
    ("spend", "paid", "spent"),
)  # fmt: skip

FORBID = {
    "stockbook_entry": "entries are never changed or deleted; post a reversing entry",
    "stockbook_checkpoint": "checkpoints are never deleted",
    "stockbook_account": "accounts are never deleted",
    "stockbook_head": "the head of the tree is never deleted",
}

SQLITE = [
    """CREATE TRIGGER stockbook_entry_no_update BEFORE UPDATE ON stockbook_entry BEGIN
       SELECT RAISE(ABORT, 'entries are never changed or deleted; post a reversing entry'); END""",
    *(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{text}'); END"
        for table, text in FORBID.items()
    ),
    """CREATE TRIGGER stockbook_checkpoint_no_update BEFORE UPDATE ON stockbook_checkpoint
       WHEN NEW.size <> OLD.size OR NEW.root <> OLD.root OR NEW.made_at <> OLD.made_at BEGIN
       SELECT RAISE(ABORT, 'a checkpoint only gathers signatures'); END""",
    # INSERT OR REPLACE takes the old row away without a word: where recursive_triggers is off, as in any connection that
    # is not Evenhand's own, no trigger on DELETE hears of it.
    *(
        f"""CREATE TRIGGER {table}_once BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) BEGIN
            SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}.{key}'); END"""  # noqa: S608 -- names of our own
        for table, key in (("stockbook_account", "key"), ("stockbook_checkpoint", "size"), ("stockbook_head", "id"))
    ),
    """CREATE TRIGGER stockbook_head_grows BEFORE UPDATE ON stockbook_head WHEN NEW.size < OLD.size BEGIN
       SELECT RAISE(ABORT, 'the tree only grows'); END""",
    """CREATE TRIGGER stockbook_account_new BEFORE INSERT ON stockbook_account WHEN NEW.balance <> 0 BEGIN
       SELECT RAISE(ABORT, 'an account begins at zero'); END""",
    """CREATE TRIGGER stockbook_account_fixed BEFORE UPDATE ON stockbook_account
       WHEN NEW.key <> OLD.key OR NEW.stage <> OLD.stage OR NEW.offer_id <> OLD.offer_id
         OR NEW.holder <> OLD.holder OR NEW.resource_id <> OLD.resource_id BEGIN
       SELECT RAISE(ABORT, 'only the balance of an account changes'); END""",
    """CREATE TRIGGER stockbook_entry_before BEFORE INSERT ON stockbook_entry BEGIN
       SELECT RAISE(ABORT, 'the entry is out of sequence')
        WHERE NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM stockbook_entry);
       SELECT RAISE(ABORT, 'the entry id is taken')
        WHERE EXISTS (SELECT 1 FROM stockbook_entry WHERE entry = NEW.entry);
       SELECT RAISE(ABORT, 'the accounts are not of one offer and one resource, or the move does not exist')
        WHERE NOT EXISTS (
          SELECT 1 FROM stockbook_account s JOIN stockbook_account t ON t.key = NEW.to_account
           WHERE s.key = NEW.from_account AND s.offer_id = t.offer_id
             AND s.resource_id = NEW.resource AND t.resource_id = NEW.resource
             AND (NEW.verb = 'reverse' OR EXISTS (
               SELECT 1 FROM stockbook_move m
                WHERE m.verb = NEW.verb AND m.source_stage = s.stage AND m.target_stage = t.stage)));
       SELECT RAISE(ABORT, 'a reversal must be the entry it names, the other way round')
        WHERE (NEW.verb = 'reverse') <> (NEW.reverses <> '')
           OR (NEW.reverses <> '' AND NOT EXISTS (
             SELECT 1 FROM stockbook_entry e
              WHERE e.entry = NEW.reverses AND e.verb <> 'reverse' AND e.from_account = NEW.to_account
                AND e.to_account = NEW.from_account AND e.quantity = NEW.quantity));
       SELECT RAISE(ABORT, 'the entry is reversed already')
        WHERE NEW.reverses <> '' AND EXISTS (
          SELECT 1 FROM stockbook_entry e WHERE e.reverses = NEW.reverses AND NOT (e.reverses = ''));
       END""",
    """CREATE TRIGGER stockbook_entry_after AFTER INSERT ON stockbook_entry BEGIN
       UPDATE stockbook_account SET balance = balance - NEW.quantity WHERE key = NEW.from_account;
       UPDATE stockbook_account SET balance = balance + NEW.quantity WHERE key = NEW.to_account; END""",
]

POSTGRESQL = [
    """CREATE FUNCTION stockbook_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER stockbook_entry_no_update BEFORE UPDATE ON stockbook_entry FOR EACH STATEMENT
       EXECUTE FUNCTION stockbook_forbid('entries are never changed or deleted; post a reversing entry')""",
    *(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION stockbook_forbid('{text}')"
        for table, text in FORBID.items()
    ),
    """CREATE TRIGGER stockbook_checkpoint_no_update BEFORE UPDATE ON stockbook_checkpoint FOR EACH ROW
       WHEN (NEW.size <> OLD.size OR NEW.root <> OLD.root OR NEW.made_at <> OLD.made_at)
       EXECUTE FUNCTION stockbook_forbid('a checkpoint only gathers signatures')""",
    """CREATE TRIGGER stockbook_head_grows BEFORE UPDATE ON stockbook_head FOR EACH ROW WHEN (NEW.size < OLD.size)
       EXECUTE FUNCTION stockbook_forbid('the tree only grows')""",
    """CREATE TRIGGER stockbook_account_new BEFORE INSERT ON stockbook_account FOR EACH ROW
       WHEN (NEW.balance <> 0) EXECUTE FUNCTION stockbook_forbid('an account begins at zero')""",
    """CREATE TRIGGER stockbook_account_fixed BEFORE UPDATE ON stockbook_account FOR EACH ROW
       WHEN ((NEW.key, NEW.stage, NEW.offer_id, NEW.holder, NEW.resource_id)
          <> (OLD.key, OLD.stage, OLD.offer_id, OLD.holder, OLD.resource_id))
       EXECUTE FUNCTION stockbook_forbid('only the balance of an account changes')""",
    """CREATE FUNCTION stockbook_entries_in() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE
         first bigint; last bigint; many bigint; before bigint; short text;
       BEGIN
         SELECT min(seq), max(seq), count(*) INTO first, last, many FROM arrived;
         IF many = 0 THEN RETURN NULL; END IF;
         SELECT COALESCE(max(seq), 0) INTO before FROM stockbook_entry WHERE seq < first;
         IF first <> before + 1 OR last - first + 1 <> many
            OR EXISTS (SELECT 1 FROM stockbook_entry WHERE seq > last) THEN
           RAISE EXCEPTION 'the entry is out of sequence' USING ERRCODE = 'integrity_constraint_violation';
         END IF;
         IF EXISTS (
           SELECT 1 FROM arrived n
             LEFT JOIN stockbook_account s ON s.key = n.from_account
             LEFT JOIN stockbook_account t ON t.key = n.to_account
            WHERE s.key IS NULL OR t.key IS NULL OR s.offer_id <> t.offer_id
               OR s.resource_id <> n.resource OR t.resource_id <> n.resource
               OR (n.verb <> 'reverse' AND NOT EXISTS (
                 SELECT 1 FROM stockbook_move m
                  WHERE m.verb = n.verb AND m.source_stage = s.stage AND m.target_stage = t.stage))) THEN
           RAISE EXCEPTION 'the accounts are not of one offer and one resource, or the move does not exist'
             USING ERRCODE = 'integrity_constraint_violation';
         END IF;
         IF EXISTS (
           SELECT 1 FROM arrived n
            WHERE (n.verb = 'reverse') <> (n.reverses <> '')
               OR (n.reverses <> '' AND NOT EXISTS (
                 SELECT 1 FROM stockbook_entry e
                  WHERE e.entry = n.reverses AND e.seq < n.seq AND e.verb <> 'reverse'
                    AND e.from_account = n.to_account AND e.to_account = n.from_account
                    AND e.quantity = n.quantity))) THEN
           RAISE EXCEPTION 'a reversal must be the entry it names, the other way round'
             USING ERRCODE = 'integrity_constraint_violation';
         END IF;
         WITH moved AS (
           SELECT from_account AS key, -quantity AS change, seq FROM arrived
           UNION ALL SELECT to_account, quantity, seq FROM arrived
         ), running AS (
           SELECT key, change, sum(change) OVER (PARTITION BY key ORDER BY seq) AS so_far FROM moved
         ), lowest AS (
           SELECT key, min(so_far) AS low FROM running GROUP BY key
         )
         SELECT a.key INTO short FROM lowest JOIN stockbook_account a ON a.key = lowest.key
          WHERE a.stage <> 'outside' AND a.balance + lowest.low < 0 LIMIT 1;
         IF short IS NOT NULL THEN
           RAISE EXCEPTION 'account % would go below zero', short
             USING ERRCODE = 'check_violation', CONSTRAINT = 'account_not_below_zero';
         END IF;
         UPDATE stockbook_account a SET balance = a.balance + total.change
           FROM (SELECT key, sum(change) AS change FROM (
                   SELECT from_account AS key, -quantity AS change FROM arrived
                   UNION ALL SELECT to_account, quantity FROM arrived) AS moved GROUP BY key) AS total
          WHERE a.key = total.key;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER stockbook_entries_in AFTER INSERT ON stockbook_entry
       REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION stockbook_entries_in()""",
]


def keep_the_laws(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table of moves, the one row of the head, and the triggers."""
    editor.execute(
        "CREATE TABLE stockbook_move (verb varchar(12) NOT NULL, source_stage varchar(12) NOT NULL, "
        "target_stage varchar(12) NOT NULL, PRIMARY KEY (verb, source_stage, target_stage))"
    )
    for move in MOVES:
        editor.execute("INSERT INTO stockbook_move (verb, source_stage, target_stage) VALUES (%s, %s, %s)", move)
    apps.get_model("stockbook", "Head").objects.create(id=1, size=0, peaks=b"")
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement, None)


class Migration(migrations.Migration):
    """Put the guards in place."""

    dependencies: ClassVar = [("stockbook", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(keep_the_laws, elidable=False)]
