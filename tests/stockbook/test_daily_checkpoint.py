"""Each day the book is written to, it is signed: after the commit, and never at the cost of what was done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from database_harness import FreshDatabase
from evenhand_cast import NOW, make_cast
from evenhand_stock import held, make_gift

from evenhand.actions.money import pay_money
from evenhand.ledger.checkpoint import SigningKey
from evenhand.stockbook.checkpoints import make_checkpoint
from evenhand.stockbook.models import Checkpoint


def test_an_action_that_posts_makes_the_days_checkpoint_after_its_commit(
    fresh_database: FreshDatabase, signing: SigningKey
) -> None:
    with fresh_database.here():
        cast = make_cast()
        gift = make_gift("UNICEF", "USD", 500_000, meant_for="TCD")

        def pay(after: timedelta) -> list[int]:
            acting = cast("donor-unicef", at=NOW + after)
            pay_money(acting, offer=gift, to="TCD", quantity="1 USD")
            return list(Checkpoint.objects.order_by("size").values_list("size", flat=True))

        assert pay(timedelta()) == [2]
        assert pay(timedelta(hours=23)) == [2]
        assert pay(timedelta(hours=24)) == [2, 4]
        assert set(Checkpoint.objects.values_list("why", flat=True)) == {"daily"}


def test_a_refused_signature_never_undoes_what_was_done(
    fresh_database: FreshDatabase, signing: SigningKey, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with fresh_database.here():
        cast = make_cast()
        gift = make_gift("UNICEF", "USD", 500_000, meant_for="TCD")
        settings.EVENHAND.signing_key_file.write_text("no key at all", encoding="ascii")
        done = pay_money(cast("donor-unicef"), offer=gift, to="TCD", quantity="1 USD")
        assert (done.repeated, held("paid", gift, "TCD")) == (False, 100)
        assert not Checkpoint.objects.exists()
    assert "no checkpoint was signed" in caplog.text
    assert "no key at all" not in caplog.text


def test_nothing_is_signed_outside_a_transaction(fresh_database: FreshDatabase, signing: SigningKey) -> None:
    with fresh_database.here(), pytest.raises(RuntimeError, match="outside a transaction"):
        make_checkpoint("test", NOW)
