"""The pages of the book: every entry with a proof that holds by arithmetic done here, twins equal to the page."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
from typing import Any

import pytest
from django.test import Client

from evenhand.actions.checkpoints import make_checkpoint
from evenhand.actions.offers import make_offer

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def offered(cast: Any, signing: Any) -> list[str]:
    """Seven offers in the book, five of them under a checkpoint."""
    made = []
    for number in range(7):
        if number == 5:
            make_checkpoint(cast("task-force"))
        made.append(
            make_offer(
                cast("donor-ind"),
                donor="IND",
                resource="mask-surgical",
                quantity=f"{number + 1} box",
                firmness="pledge",
            ).ref
        )
    return made


def test_the_proof_on_an_entrys_page_leads_to_the_signed_root(client: Client, offered: list[str]) -> None:
    for seq in range(1, 6):
        text = client.get(f"/en/book/entries/{seq}").content.decode()
        line = re.search(r"<pre[^>]*>(1,[^<]*)</pre>", html.unescape(text))
        assert line is not None
        leaf = hashlib.sha256(b"\0" + line[1].encode()).hexdigest()
        assert leaf in text
        rows = list(csv.DictReader(io.StringIO(client.get(f"/en/book/entries/{seq}.csv").content.decode())))
        found = leaf
        for row in rows:
            pair = (row["beside"], found) if row["side"] == "left" else (found, row["beside"])
            found = hashlib.sha256(b"\1" + b"".join(map(bytes.fromhex, pair))).hexdigest()
            assert found == row["makes"]
        note = client.get("/checkpoint").content.decode().splitlines()
        import base64

        assert base64.b64decode(note[2]).hex() == found
        proof = client.get(f"/en/book/entries/{seq}/proof.txt").content.decode()
        assert proof.startswith(f"c2sp.org/tlog-proof@v1\nindex {seq - 1}\n")
        assert note[2] in proof


def test_an_entry_younger_than_the_checkpoint_says_when_its_proof_comes(client: Client, offered: list[str]) -> None:
    assert "younger than the newest checkpoint" in client.get("/en/book/entries/7").content.decode()
    assert client.get("/en/book/entries/7/proof.txt").status_code == 409


@pytest.mark.parametrize("seq", ["8", "0", "99999999999999999999999"])
def test_an_entry_that_does_not_exist_is_not_found(client: Client, offered: list[str], seq: str) -> None:
    assert client.get(f"/en/book/entries/{seq}").status_code == 404


def test_the_newest_entries_come_first_and_the_data_holds_all(client: Client, offered: list[str]) -> None:
    text = client.get("/en/book/entries").content.decode()
    numbers = [int(one) for one in re.findall(r'href="/en/book/entries/(\d+)"', text)]
    assert numbers == sorted(numbers, reverse=True)
    assert set(numbers) == set(range(1, 8))
    rows = list(csv.DictReader(io.StringIO(client.get("/en/book/entries.csv").content.decode())))
    assert [int(row["seq"]) for row in rows] == list(range(7, 0, -1))
    chosen = client.get(f"/en/book/entries.json?offer={offered[2]}").json()
    assert str(chosen).count(offered[2]) >= 1
    assert client.get("/en/book/entries?verb=nonsense").status_code == 400


def test_two_checkpoints_prove_that_the_book_only_grew(client: Client, offered: list[str], cast: Any) -> None:
    make_checkpoint(cast("task-force"))
    text = client.get("/en/book/consistency?old=5&new=7").content.decode()
    assert "The proof" in text
    assert client.get("/en/book/consistency?old=7&new=5").status_code >= 400
    assert client.get("/en/book/checkpoints/5").status_code == 200
    assert client.get("/en/book/checkpoints/6").status_code == 404


def test_the_verifier_is_handed_out_as_it_is(client: Client, db: None) -> None:
    from importlib.resources import files

    given = client.get("/en/book/verifier.py")
    assert given.content == (files("evenhand.ledger") / "verifier.py").read_bytes()


def test_pages_of_the_book_ask_few_questions(
    client: Client, offered: list[str], django_assert_max_num_queries: Any
) -> None:
    for address in ("/en/book", "/en/book/entries", "/en/book/entries/3", "/en/book/checkpoints"):
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200
