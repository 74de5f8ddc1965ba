"""Who gives what to whom, by grammar: voices, objects, agents, nouns and money, each in one fresh sentence."""

from __future__ import annotations

import pytest

from evenhand.statements import Claim, read_text
from evenhand.statements.document import Text
from evenhand.statements.national_money import money_of
from evenhand.statements.quantities import find_amounts


def claims(sentence: str) -> tuple[Claim, ...]:
    """Return the claims of a sentence that stands before another one, as in a text."""
    return read_text(Text("a.txt", f"{sentence} The rivers rose.")).claims


@pytest.mark.parametrize(
    ("sentence", "kind", "giver", "receiver"),
    [
        ("Denmark seconded 12 experts to Mozambique.", "given", "DNK", ("MOZ",)),
        ("France resumed its budget support to Mali.", "given", "FRA", ("MLI",)),
        ("Belgium cancelled the debt of Mozambique.", "given", "BEL", ("MOZ",)),
        ("Kuwait has written off 50 million dollars of Sudan's debt.", "given", "KWT", ("SDN",)),
        ("Rwanda was granted 10 million dollars by Norway.", "given", "NOR", ("RWA",)),
        ("Peru has been supplied with 30 buses by Spain.", "given", "ESP", ("PER",)),
        ("Vietnam has presented Cambodia with 20 ambulances.", "given", "VNM", ("KHM",)),
        ("Egypt trained 150 Libyan nurses.", "given", "EGY", ("LBY",)),
        ("Poland treated 600 wounded Ukrainians in its hospitals.", "given", "POL", ("UKR",)),
        ("Spain evacuated 120 patients from Gaza.", "given", "ESP", ("PSE",)),
        ("Israel offered to treat the injured from Armenia.", "promised", "ISR", ("ARM",)),
        ("Switzerland's relief flight took 18 tonnes of medicines to Beirut.", "given", "CHE", ("LBN",)),
        ("A second Danish plane with vaccines is on its way to Kenya.", "given", "DNK", ("KEN",)),
        ("The tents were donated by the people of Norway to Chad.", "given", "NOR", ("TCD",)),
        ("Its OPEC partner Venezuela has given Cuba 30 tankers.", "given", "VEN", ("CUB",)),
        ("Ms. Obi told reporters that Norway would be sending 20 tents to Chad.", "promised", "NOR", ("TCD",)),
        ("Italy is placing two of its ships at the disposal of Malta.", "given", "ITA", ("MLT",)),
        ("Portugal will make tents and blankets available to Morocco.", "promised", "PRT", ("MAR",)),
        ("Madagascar has requested assistance from Norway.", "needed", "NOR", ("MDG",)),
        ("There is a severe shortage of drinking water in Dominica.", "needed", None, ("DMA",)),
        ("There is an urgent need for blankets to be sent to Malawi.", "needed", None, ("MWI",)),
        ("Malawi still needs some 250,000 tons of maize.", "needed", None, ("MWI",)),
        ("The ambassador reiterated Denmark's continued support to Mali.", "promised", "DNK", ("MLI",)),
        ("India has announced a contribution to support schools in Bhutan.", "promised", "IND", ("BTN",)),
        ("With Swiss help, 30 wells have been drilled in Niger.", "given", "CHE", ("NER",)),
        ("The envoy gave, on behalf of the Japanese people, three buses to Chad.", "given", "JPN", ("TCD",)),
        ("Ms. Obi welcomed the arrival of 40 tonnes of Egyptian goods in Gaza.", "given", "EGY", ("PSE",)),
        ("The school in Herat was rebuilt under Korean aid.", "given", "KOR", ("AFG",)),
        ("The minister is grateful to Norway for the boats given to Fiji.", "given", "NOR", ("FJI",)),
        ("Somalia urged the banks to forgive its debts.", "needed", None, ("SOM",)),
        ("The Fund for Peace signed a loan agreement worth 2 million dollars with Chad.", "promised", None, ("TCD",)),
    ],
)
def test_the_role_of_a_party_follows_from_voice_and_preposition(
    sentence: str, kind: str, giver: str | None, receiver: tuple[str, ...]
) -> None:
    (found,) = claims(sentence)
    assert (found.kind, found.receiver) == (kind, receiver)
    assert giver is None or found.giver == giver


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Norway sent 20 tents to Chad after a storm tore roofs off.", "Norway sent 20 tents to Chad"),
        ("Norway sent 20 tents to Chad - the first of many.", "Norway sent 20 tents to Chad"),
        ("The envoy assured Mr. Bah it will send 20 tents to Chad.", "it will send 20 tents to Chad"),
        ("Taking this into account, Norway sent 20 tents to Chad.", "Norway sent 20 tents to Chad"),
    ],
)
def test_a_claim_ends_where_another_clause_begins(sentence: str, words: str) -> None:
    (found,) = claims(sentence)
    assert sentence[found.start : found.end] == words


@pytest.mark.parametrize(
    ("sentence", "things"),
    [
        ("Greece sent firefighters and three helicopters to Cyprus.", [None, 3]),
        ("Norway handed over six tankers and animal feed to Ethiopia.", [6, None]),
        ("Norway, which has given 20 tents to Chad, will send 30 beds to Mali.", [20, 30]),
        ("Morocco sent 40 stoves and two water bombers to Portugal.", [40, 2]),
    ],
)
def test_each_thing_of_a_list_is_a_claim_counted_or_not(sentence: str, things: list[int | None]) -> None:
    assert [one.quantity for one in claims(sentence)] == things


@pytest.mark.parametrize(
    ("sentence", "quantity", "unit"),
    [
        ("A 40-tonne consignment of rice was flown to Nairobi by Denmark.", 40, "tonne"),
        ("The Netherlands flew two water purification plants to Chad.", 2, "plant"),
        ("Kenya has appealed to 24 countries for aid to help 2 million herders.", 2_000_000, "herder"),
        ("Two planes brought 60 tonnes of Danish aid to Chad.", 60, "tonne"),
        ("Two thirds of the 60 tonnes promised by Denmark have arrived in Chad.", 60, "tonne"),
        ("Britain gave 8 mln sterling to Chad.", 8_000_000, "GBP"),
        ("Sri Lanka has spent 23 million rupees on aid for its own people.", 23_000_000, "LKR"),
        ("Japan gave Japanese Yen 800 million (approximately Rs. 1,360 million) to Nepal.", 800_000_000, "JPY"),
    ],
)
def test_the_gift_is_counted_in_its_own_measure(sentence: str, quantity: int, unit: str) -> None:
    (found,) = claims(sentence)
    assert (found.quantity, found.unit) == (quantity, unit)


@pytest.mark.parametrize(
    ("words", "value", "currency"),
    [
        ("US$ 1 Million", 1_000_000, "USD"),
        ("a USD 100,000 contribution", 100_000, "USD"),
        ("INR 5 crores", 50_000_000, "INR"),
        ("2.5-million-euro", 2_500_000, "EUR"),
        ("two and a half million euros", 2_500_000, "EUR"),
        ("a million and a half dollars", 1_500_000, "USD"),
        ("3,5 million euros", 3_500_000, "EUR"),
        ("5 mil. euros", 5_000_000, "EUR"),
        ("120 mln dlrs", 120_000_000, "USD"),
        ("Naira 3 billion", 3_000_000_000, "NGN"),
    ],
)
def test_a_sum_is_read_however_it_is_written(words: str, value: int, currency: str) -> None:
    (found,) = find_amounts(words, 0, len(words))
    assert (found.value, found.currency) == (value, currency)


@pytest.mark.parametrize(
    ("word", "giver", "others", "code"),
    [
        ("rupees", "NPL", (), "NPR"),
        ("rupees", "World Food Programme", ("LKA",), "LKR"),
        ("K", None, ("MWI",), "MWK"),
        ("pounds", "GBR", ("SDN",), "GBP"),
        ("pounds", "EGY", ("SDN",), "EGP"),
        ("pounds", None, ("SDN",), None),
        ("euros", "FRA", (), None),
    ],
)
def test_a_bare_name_of_money_is_that_of_the_states_told_of(
    word: str, giver: str | None, others: tuple[str, ...], code: str | None
) -> None:
    assert money_of(word, giver, others) == code


@pytest.mark.parametrize(
    "sentence",
    [
        "Talks on the regional fund will continue in Oslo.",
        "Canada will maintain its support for the peace process in Colombia.",
        "Norway took the cup to Oslo in May.",
        "Parliament voted on the 20 million dollar budget.",
        "The club paid for the training of its players.",
        "The company restructured its debt in London.",
        "Japan signed a trade agreement with Peru worth 2 billion dollars.",
        "The ministers reaffirmed their support for the two-state solution.",
        "The envoy was given a letter.",
        "The grant will allow Norway to deliver tents.",
        "The bank deposited 3 million dollars with the treasury.",
        "The chief assigned 20 officers to patrol the border.",
    ],
)
def test_the_same_words_about_something_else_are_no_claim(sentence: str) -> None:
    assert claims(sentence) == ()
