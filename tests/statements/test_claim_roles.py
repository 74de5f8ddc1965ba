"""Who gives and who gets it where the words around them mislead, and where one deed ends and the next begins: one fresh sentence each."""

from __future__ import annotations

import pytest

from evenhand.statements import Claim, read_text
from evenhand.statements.document import Text


def claims(sentence: str, above: str = "") -> tuple[Claim, ...]:
    """Return the claims of a sentence that stands before another one, under a headline where one is given."""
    return read_text(Text("a.txt", f"{above}\n\n{sentence} The rivers rose.".lstrip())).claims


@pytest.mark.parametrize(
    ("sentence", "giver", "receiver"),
    [
        ("Norwegian citizens from every county made generous donations to Tonga.", "NOR", ("TON",)),
        ("The Danish people sent 40 boats to Fiji.", "DNK", ("FJI",)),
        ("Denmark gave vaccines to African countries and the African Union.", "DNK", ("African Union",)),
        ("Denmark gave vaccines to more than 100 countries.", "DNK", ()),
        ("Denmark gave vaccines to the African side.", "DNK", ()),
        ("Civil groups in Norway also donated blankets to many countries.", None, ()),
        ("A consignment of 500 tonnes of rice, a gift from the people of Vietnam, was handed over to Cuba.", "VNM", ("CUB",)),
        ("50,000 dollars of aid will be made available to Malawi to feed people displaced from Mozambique.", None, ("MWI",)),
        ("Greece is pledged to supply 900 tonnes of wheat to Chad.", "GRC", ("TCD",)),
        ("The remaining $2 million will support relief work being carried out by United Nations agencies.", None, ()),
        ("As Fiji is facing a cyclone, Norway will do its utmost to help.", "NOR", ("FJI",)),
        ("Egypt has been providing, in the camps of Dadaab, a monthly basket of rice to Kenya.", "EGY", ("KEN",)),
        ("Foreign governments gave tents to Peru.", None, ("PER",)),
        ("Sweden has voiced and provided valuable support to Chad.", "SWE", ("TCD",)),
    ],
)  # fmt: skip
def test_subjects_give_and_those_who_are_only_counted_get_nothing_by_name(
    sentence: str, giver: str | None, receiver: tuple[str, ...]
) -> None:
    (found,) = claims(sentence)
    assert (found.giver, found.receiver) == (giver, receiver)


def test_the_headline_names_who_gets_it_where_the_sentence_does_not() -> None:
    sentence = "The Danish government has decided to provide emergency food worth 2 million kroner."
    (found,) = claims(sentence, "Danish Government Sends Food to Malawi")
    assert (found.giver, found.receiver, found.unit) == ("DNK", ("MWI",), "DKK")


@pytest.mark.parametrize(
    ("sentence", "resource", "quantity", "unit"),
    [
        ("Egypt had sent three lorries loaded with 70 tonnes of flour to Chad.", "flour", 70, "tonne"),
        ("Norway gave 30 tonnes of temporary shelters, worth approximately USD 500,000, to Fiji.", "temporary shelters", 30, "tonne"),
        ("Norway will ship 900 tonnes of wheat to Chad at a cost to its budget of 3 million kroner.", "wheat", 900, "tonne"),
        ("A team of Swiss surgeons has arrived in Lima.", "surgeons", None, None),
        ("The team of nine arrived in Lima this morning bringing greetings from home.", "team", 9, "person"),
        ("The bank approved $13 million to assist farmers in Peru.", "money", 13_000_000, "USD"),
        ("France will give €100 million to support Lebanon.", "support", 100_000_000, "EUR"),
        ("Norway will support and assist Chad.", "support, assistance", None, None),
        ("Swiss funding to fight cholera in Haiti is more than $30 million this year.", "funding", 30_000_000, "USD"),
        ("We are authorizing up to $5 million in seed for Malawi.", "seed", 5_000_000, "USD"),
        ("Parliament voted to donate corn under Section 30 of the law to Chad.", "corn", None, None),
        ("Partners from 50 countries took part in providing medical assistance to Chad.", "medical assistance", None, None),
    ],
)  # fmt: skip
def test_the_load_counts_and_not_what_carries_or_costs_it(
    sentence: str, resource: str, quantity: int | None, unit: str | None
) -> None:
    (found,) = claims(sentence)
    assert (found.resource, found.quantity, found.unit) == (resource, quantity, unit)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            "Norway donated $3 million to the WHO, sent 12 nurses to Chad and held more than 30 seminars for doctors.",
            ["Norway donated $3 million to the WHO", "sent 12 nurses to Chad"],
        ),
        (
            "Peru will receive $160,000 for wells, and $25,000 will go to Bolivia.",
            ["Peru will receive $160,000 for wells", "$25,000 will go to Bolivia"],
        ),
        (
            "Norway allocated 1 million kroner (about 90,000 dollars) and 206 tents to Chad.",
            ["1 million kroner (about 90,000 dollars)", "206 tents"],
        ),
        (
            "In addition, at the request of the government of Fiji, Norway will send 30 boats to Suva.",
            ["Norway will send 30 boats to Suva"],
        ),
        ("Norway gave tents to Chad within its capacity.", ["Norway gave tents to Chad"]),
        ("The hospital in Gori was a gift of Estonia.", ["The hospital in Gori was a gift of Estonia"]),
        ("Norway thanked foreign governments for earlier assistance.", ["foreign governments for earlier assistance"]),
        (
            "Of this assistance, $3 million will be provided to Chad.",
            ["Of this assistance, $3 million will be provided to Chad"],
        ),
    ],
)
def test_each_deed_of_a_sentence_is_a_claim_without_what_tells_why(sentence: str, words: list[str]) -> None:
    told = f"{sentence} The rivers rose."
    assert [told[one.start : one.end] for one in claims(sentence)] == words


@pytest.mark.parametrize(
    "sentence",
    [
        "Norway exported fish worth 2 billion dollars, including 30 million tins.",
        "Has Norway provided any assistance to Peru?",
        "There is speculation that the ministry would offer Peru subsidized oil.",
        "The newly announced aid came late.",
    ],
)
def test_trade_questions_and_rumours_are_no_claim(sentence: str) -> None:
    assert claims(sentence) == ()
