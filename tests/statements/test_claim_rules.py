"""The rules that find claims, each in a few small sentences; none of them is from an annotated text."""

from __future__ import annotations

import pytest

from evenhand.statements import Claim, read_text
from evenhand.statements.document import Text
from evenhand.statements.gazetteer import place_states
from evenhand.statements.quantities import find_amounts


def claims(text: str) -> tuple[Claim, ...]:
    return read_text(Text("a.txt", text)).claims


def said(text: str) -> list[str]:
    return [text[one.start : one.end] for one in claims(text)]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            "Rwanda has received 400,000 doses of vaccine from Spain.",
            "Rwanda has received 400,000 doses of vaccine from Spain",
        ),
        ("Two planes with 40 tons of aid landed in Tripoli.", "Two planes with 40 tons of aid landed in Tripoli"),
        ("A navy plane arrived in Suva with relief supplies.", "A navy plane arrived in Suva with relief supplies"),
        ("The pledge was 300 houses for Haiti.", "300 houses for Haiti"),
        ("Tents and blankets are needed in Aleppo.", "Tents and blankets are needed in Aleppo"),
        (
            "More than 2 million people in Tigray are in need of food aid.",
            "More than 2 million people in Tigray are in need of food aid",
        ),
        ("Ireland will give 5 tents, subject to approval.", "Ireland will give 5 tents"),
        ("Ireland sent 5 tents to Chad, and the rivers went on rising.", "Ireland sent 5 tents to Chad"),
        (
            "The 20 trucks which Italy had offered to Chad have not arrived.",
            "The 20 trucks which Italy had offered to Chad",
        ),
        ("In 2021, Norway gave 5 million kroner to Mali.", "In 2021, Norway gave 5 million kroner to Mali"),
        (
            "In the same context, Norway handed over 300 tents to Mali.",
            "Norway handed over 300 tents to Mali",
        ),
        (
            "18 family tents had been handed over to Chad by Japan.",
            "18 family tents had been handed over to Chad by Japan",
        ),
        (
            "Supplies, including tents and soap, were sent to Chad by Japan.",
            "Supplies, including tents and soap, were sent to Chad by Japan",
        ),
        (
            "Some 20 tons of aid donated by Japan were flown to Chad.",
            "Some 20 tons of aid donated by Japan were flown to Chad",
        ),
        (
            "Japan is making 10 million euros available to Chad.",
            "Japan is making 10 million euros available to Chad",
        ),
        ("We have asked Germany for 20 generators.", "Germany for 20 generators"),
        ("Oxygen is what our hospitals lack most.", "Oxygen is what our hospitals lack most"),
        (
            "The mayor said food boxes and filters are still lacking in Aleppo.",
            "food boxes and filters are still lacking in Aleppo",
        ),
        ("The pupils in Aleppo have need of desks.", "The pupils in Aleppo have need of desks"),
        ("WFP moved 120 tons of relief items to Chad.", "WFP moved 120 tons of relief items to Chad"),
        ("The minister thanked Japan for the doctors.", "Japan for the doctors"),
        (
            "Peru put 10 million dollars towards food vouchers for Haiti.",
            "Peru put 10 million dollars towards food vouchers for Haiti",
        ),
        (
            "Total Danish assistance for Chad comes to 20 million euros.",
            "Total Danish assistance for Chad comes to 20 million euros",
        ),
    ],
)
def test_a_claim_covers_its_clause_and_no_more(sentence: str, words: str) -> None:
    assert said(sentence) == [words]


@pytest.mark.parametrize(
    ("sentence", "giver", "receiver"),
    [
        ("The Chadian ministry received 20 ambulances from Japan.", "JPN", ("TCD",)),
        ("A plane left Norway with tents for Ukraine.", "NOR", ("UKR",)),
        ("An Egyptian plane with 20 tons of aid has arrived in Beirut.", "EGY", ("LBN",)),
        ("The tents were given to Chad by the regional agency, UNICEF.", "UNICEF", ("TCD",)),
        ("Tokyo has sent 20 tents to Chad.", "JPN", ("TCD",)),
        ("Medical teams from Jordan treated 3,000 patients in Khan Younis.", "JOR", ("PSE",)),
        ("The Government and people of Japan sent 20 tents to Chad.", "JPN", ("TCD",)),
        ("Kenya has sheltered 300 Somali refugees.", "KEN", ("KEN",)),
        ("Donors have given 20 tents to Chad.", None, ("TCD",)),
        ("Norway gave 300 tents to families in Port Sudan.", "NOR", ("SDN",)),
        ("In Aleppo, where the ground shook, Norway has handed out 300 tents.", "NOR", ("SYR",)),
        ("UNICEF gave 20 tents to Benin, Ghana and Togo.", "UNICEF", ("BEN", "GHA", "TGO")),
        ("Norway supports 150,000 people in the Zinder region.", "NOR", ("NER",)),
        ("Uzbekistan sent 200 tonnes of flour to Mazar-e-Sharif.", "UZB", ("AFG",)),
        ("The Philippines is grateful to Australia for the two helicopters.", "AUS", ("PHL",)),
        ("Northern Lights Aid donated 500 blankets to Moldova.", "Northern Lights Aid", ("MDA",)),
        ("Qatar Humanitarian Action sent 20 tents to Chad.", "Qatar Humanitarian Action", ("TCD",)),
        ("The EU pledged 20 million euros for the Sahel.", "EU", ()),
        ("The EU had come to Nigeria's rescue with emergency assistance.", "EU", ("NGA",)),
        ("Denmark came to the aid of Bangladesh with tents.", "DNK", ("BGD",)),
        ("Germany gave the hospitals of Lebanon the fuel.", "DEU", ("LBN",)),
        ("Ireland pledged 20 million euros to support Lebanon.", "IRL", ("LBN",)),
        ("Mongolians collected blankets and gloves for Japan.", "MNG", ("JPN",)),
    ],
)
def test_giver_and_receiver_are_read_from_their_place(
    sentence: str, giver: str | None, receiver: tuple[str, ...]
) -> None:
    (one,) = claims(sentence)
    assert (one.giver, one.receiver) == (giver, receiver)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Canada will provide 22 million dollars to Ethiopia, of which 8 million dollars would go to UNICEF.",
            [("CAN", ("ETH",)), ("CAN", ("UNICEF",))],
        ),
        ("Italy has sent 20 tents to Chad and gave $2 million to Mali.", [("ITA", ("TCD",)), ("ITA", ("MLI",))]),
        (
            "Sweden helps Mali, Chad and Niger. Sweden has given 5 million euros to the three countries.",
            [("SWE", ("MLI", "TCD", "NER")), ("SWE", ("MLI", "TCD", "NER"))],
        ),
        (
            "UNICEF will receive $5 million from Norway, Caritas $2 million and Oxfam $1 million.",
            [("NOR", ("UNICEF",)), ("NOR", ("Caritas",)), ("NOR", ("Oxfam",))],
        ),
        (
            "Kuwait will give school bags to pupils in Mosul and four beds to Basra hospital.",
            [("KWT", ("IRQ",)), ("KWT", ("IRQ",))],
        ),
        (
            "The funding includes $53 million from Italy for UNHCR and $33 million from Spain for UNICEF.",
            [
                ("ITA", ("UNHCR",)),
                ("ESP", ("UNICEF",)),
            ],
        ),
        ("Japan has sent aid to Chad. The shipment includes medicines and beds.", [("JPN", ("TCD",))] * 2),
        ("Qatar announced 40 ambulances and $2 million in cash for Chad.", [("QAT", ("TCD",)), ("QAT", ("TCD",))]),
        ("Japan has sent aid to Chad. These include 20 tents and 30 stoves.", [("JPN", ("TCD",))] * 3),
        (
            "Norway has given $12 million to Ukraine, bringing its total support to $30 million.",
            [("NOR", ("UKR",))] * 2,
        ),
    ],
)
def test_what_follows_shares_giver_or_receiver(text: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(one.giver, one.receiver) for one in claims(text)] == found


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister extended gratitude and conveyed his condolences to the government of Chad.",
        "China firmly supports Pakistan in safeguarding its sovereignty.",
        "He thanked Qatar for its support for Kenya's candidature to the Security Council.",
        "The ministers discussed the delivery of humanitarian aid and a pledging conference.",
        "The two sides underscored the need for an immediate ceasefire and a safe passage.",
        "The EU pays its respects to the 61 aid workers who have lost their lives.",
        "The plan for Bangladesh is only 17 per cent funded.",
        "Russian companies have invested more than $1.6 billion in the economy.",
        "Trade between the two countries reached $2 billion last year.",
        "The reporter asked whether money had been released for Goma.",
        "He was at home when he presented the donation.",
        "The answer to the call of duty was heard in the well-established cooperation.",
        "The equipment will meet an urgent need for clean water.",
        "The police moved 20 boxes of files to Chad.",
        "The ministry moved its embassy to Paris.",
        "The army of Chad moved 300 families to a camp.",
        "The police of Chad collected data for a report.",
        "The minister of Ghana raised the issue with Togo.",
        "Rebels came to the aid of the president.",
        "Ida Bah of Chad came to the meeting with aid workers.",
        "Peace is what our people need most.",
        "The minister said that clarity is still lacking in Chad.",
        "The minister thanked Japan for the school visit.",
        "Kenya plans to bring schools within reach of a road.",
        "The minister of France, Ida Bah, said she will open a school in Beirut.",
        "The shipment included oil from Iraq.",
        "The trade of Italy with Chad includes $5 million for oil and $3 million for fish.",
        "The two leaders agreed to increase trade to $5 billion by 2030.",
        "The Foreign Minister presented a book to his counterpart as a gift.",
        "The governor opened a new school in the district.",
        "The court ordered the company to pay $2 million to the state.",
        "Parliament approved the budget of 30 billion manats.",
        "She urged the parties to provide safe access for aid workers.",
        "The ship carrying 20,000 tonnes of nitrate exploded.",
    ],
)
def test_what_only_sounds_like_aid_is_no_claim(sentence: str) -> None:
    assert claims(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Finland is going to send 20 ambulances to Ukraine.", "promised"),
        ("He gave instructions that a grant of $15 million be paid to Mali.", "promised"),
        ("Qatar signed an agreement to build 20 schools in Chad.", "promised"),
        ("The minister stressed the need for the agency to send 20 tents to Chad.", "needed"),
        ("The agency is helping and is calling for $171 million for Chad.", "needed"),
        ("The delivery of 400 tonnes of rice by Japan to Mali was hailed.", "given"),
        ("The money will be used to give 300 families in Mali shelter.", "promised"),
    ],
)
def test_the_words_around_a_deed_say_whether_it_is_done(sentence: str, kind: str) -> None:
    assert kind in {one.kind for one in claims(sentence)}


@pytest.mark.parametrize(
    ("words", "amounts"),
    [
        ("between 8 and 10 million dollars", [(8_000_000, "USD")]),
        ("between NOK 18 and 20 million", [(18_000_000, "NOK")]),
        ("8 to 10 million euros", [(8_000_000, "EUR")]),
        ("between 60 and 80 heaters", [(60, "")]),
        ("one thousand and five hundred tents", [(1500, "")]),
        ("5 million pula and 40 million Rwandan francs", [(5_000_000, "BWP"), (40_000_000, "RWF")]),
        ("17 per cent of 20 tents", [(20, "")]),
        ("2 million dollars and 3 million euros", [(2_000_000, "USD"), (3_000_000, "EUR")]),
    ],
)
def test_ranges_shares_and_rare_money_are_read(words: str, amounts: list[tuple[int, str]]) -> None:
    assert [(one.value, one.currency) for one in find_amounts(words, 0, len(words))] == amounts


def test_a_unit_of_two_words_stays_whole() -> None:
    (one,) = claims("Japan sent 60 thousand bed nets to Chad.")
    assert (one.quantity, one.unit) == (60_000, "bed net")


def test_a_town_or_province_of_two_states_names_neither() -> None:
    states = place_states()
    assert (states["Sindh"], states["Latakia"], "Granada" in states) == ("PAK", "SYR", False)


@pytest.mark.parametrize(
    ("sentence", "resource", "quantity", "unit", "place"),
    [
        ("A batch of 10,000 tents will be airlifted by China to Sindh.", "tents", 10000, "tent", "Sindh"),
        ("India would gift 1.5 lakh doses of Covishield vaccine to Chad.", "vaccine", 150000, "dose", None),
        ("The UN gave cash to families in Mali.", "cash", None, None, None),
        ("Ireland pledged 20 million euros to support Lebanon.", "support", 20000000, "EUR", None),
        ("Germany will train nurses for Haiti.", "training", None, None, None),
        ("Japan sent 55 linesmen to Fiji.", "linesmen", 55, "person", None),
        ("WHO sent test kits to the Basra lab.", "test kits", None, None, "Basra"),
        ("Nigeria released N3 billion to Borno.", "money", 3000000000, "NGN", "Borno"),
        ("Spain sent relief supplies to Bakassi camp.", "relief supplies", None, None, "Bakassi camp"),
    ],
)
def test_thing_amount_and_place_are_cut_from_the_words(
    sentence: str, resource: str, quantity: int | None, unit: str | None, place: str | None
) -> None:
    (one,) = claims(sentence)
    assert (one.resource, one.quantity, one.unit, one.place) == (resource, quantity, unit, place)
