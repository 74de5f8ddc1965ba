"""What one person alone may read is packed for the way, and its length tells nothing for certain."""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.test import Client

SIGN_IN = "/en/account/sign-in"


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"), [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)]
)
def test_a_form_is_packed_in_the_shortest_form_that_the_reader_takes(
    db: None, accepted: str, coding: str, unpack: object
) -> None:
    plain = Client().get(SIGN_IN)
    packed = Client().get(SIGN_IN, headers={"accept-encoding": accepted})
    assert packed["Content-Encoding"] == coding
    assert len(packed.content) < len(plain.content) / 2
    assert b"<h1>" in unpack(packed.content)  # type: ignore[operator]
    assert "Accept-Encoding" in packed["Vary"]


def test_whoever_takes_nothing_packed_gets_it_plain(db: None) -> None:
    answer = Client().get(SIGN_IN)
    assert not answer.has_header("Content-Encoding")
    assert b"<h1>" in answer.content


def test_what_is_packed_already_is_left_alone(db: None) -> None:
    answer = Client().get("/en/help", headers={"accept-encoding": "br"})
    assert b"<h1>" in brotli.decompress(answer.content)
    assert not answer.has_header("X-Blur")


def test_the_length_of_two_equal_answers_differs(db: None) -> None:
    lengths = {
        len(answer.content) + len(answer["X-Blur"])
        for answer in (Client().get(SIGN_IN, headers={"accept-encoding": "br"}) for _ in range(8))
    }
    assert len(lengths) > 1
