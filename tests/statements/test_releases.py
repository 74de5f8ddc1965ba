"""Releases as governments issue them: who issues and takes part, what is announced, given and needed, and what is none of it."""

from __future__ import annotations

import pytest

from evenhand.statements import Claim, Document, read_text
from evenhand.statements.cleaning import find_body
from evenhand.statements.document import Text
from evenhand.statements.issuing import issuing_state


def read(text: str) -> Document:
    return read_text(Text("a.txt", text))


def people(text: str) -> set[tuple[str, str | None, str | None, str]]:
    return {(one.name, one.office, one.party, one.side) for one in read(text).meeting.participants}


def claims(text: str) -> tuple[Claim, ...]:
    return read(text).claims


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("REPUBLIC OF SOUTH AFRICA\n\nThe minister has met the envoy of the fund in Pretoria.", "ZAF"),
        ("See http://www.dfat.gov.au/\n\nThe minister has met the envoy of the fund in Suva.", "AUS"),
        ("The minister has met the envoy of the fund in Suva.\n\nwww.state.gov/releases", "USA"),
        ("BRIEFING ROOM   STATEMENTS AND RELEASES\n\nThe adviser has met the envoy of the fund in Suva.", "USA"),
        ("www.dfat.gov.au www.state.gov\n\nThe minister has met the envoy of the fund in Suva.", ""),
        ("www.relief.org\n\nThe minister has met the envoy of the fund in Suva.", ""),
    ],
)
def test_letterheads_and_addresses_say_whose_release_it_is(text: str, state: str) -> None:
    assert issuing_state(find_body(text)) == state


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Today the Island Leaders – Prime Minister Ada Obi of Tonga, President Ken Ito of Palau – convened to reaffirm their ties.",
            {("Ada Obi", "Prime Minister", "TON", "host"), ("Ken Ito", "President", "PLW", "guest")},
        ),
        (
            (
                "Readout of Minister Ken Ito's Call with Kenyan Foreign Minister Ada Obi\n\n"
                "BRIEFING ROOM   STATEMENTS AND RELEASES\n\n"
                "Secretary of State Ken Ito called Dr. Ada Obi today to congratulate her on her appointment."
            ),
            {("Ken Ito", "Secretary of State", "USA", "guest"), ("Ada Obi", "Foreign Minister", "KEN", "host")},
        ),
        (
            (
                "http://www.dfat.gov.au/\n\nMEDIA RELEASE MINISTER FOR FOREIGN AFFAIRS KEN ITO\n\n"
                "I had the pleasure today of meeting in Perth with the Minister for Health of Fiji, Dr Ada Obi."
            ),
            {
                ("KEN ITO", "Minister for Foreign Affairs", "AUS", "host"),
                ("Ada Obi", "Minister for Health", "FJI", "guest"),
            },
        ),
        (
            "The Deputy Minister of International Relations and Cooperation of Ghana, Ms Ada Obi, and State Secretary Jan Aho of Finland co-chaired political consultations in Accra.",
            {
                ("Ada Obi", "Deputy Minister of International Relations and Cooperation", "GHA", "host"),
                ("Jan Aho", "State Secretary", "FIN", "guest"),
            },
        ),
        (
            "President of Chad Ali Musa met in N'Djamena with Head of the Libyan National Safety Authority, Gen. Ada Obi.",
            {
                ("Ali Musa", "President", "TCD", "host"),
                ("Ada Obi", "Head of the National Safety Authority", "LBY", "guest"),
            },
        ),
    ],
)
def test_who_takes_part_in_what_a_release_tells(text: str, found: set[tuple[str, str, str, str]]) -> None:
    assert people(text) == found


def test_calling_somebody_a_hero_is_no_telephone_call() -> None:
    assert read("Prime Minister of Fiji Jan Aho called Ms. Ada Obi a hero today.").meeting.kind != "phone call"


def test_a_commissioner_who_told_a_news_conference_issues_the_text() -> None:
    meeting = read(
        "17 January 2024\n\nThe rice was rotten, Commissioner for Disaster Affairs Reverend Ada Obi has said in Malawi.\n\n"
        "Obi told a news conference in Lilongwe on Tuesday that samples were taken."
    ).meeting
    (host,) = meeting.participants
    assert (meeting.date, meeting.place, host.name, host.office, host.party) == (
        "2024-01-16",
        "Lilongwe",
        "Ada Obi",
        "Commissioner for Disaster Affairs",
        "MWI",
    )


def test_a_delivery_at_an_airport_is_dated_by_a_dateline_with_the_date_first() -> None:
    document = read(
        "20 August 2024, Beirut, Lebanon – The Red Fund yesterday delivered 32 tons of medicines to the ministry at Beirut airport.\n\n"
        '"We thank it," said Dr Ada Obi, Minister of Public Health, who received the shipment.'
    )
    assert (document.published, document.meeting.date, document.meeting.place) == (
        "2024-08-20",
        "2024-08-19",
        "Beirut airport",
    )
    assert document.text.text[document.sentences[0].start :].startswith("The Red Fund")


def test_who_asks_at_a_press_conference_is_labelled_by_his_paper() -> None:
    document = read(
        "Foreign Ministry Spokesperson Li Wen's Regular Press Conference on June 27, 2022\n\n"
        "Reuters: It is reported that the supplies have arrived in Kabul. Could you share more details?\n\nLi Wen: We will stay in touch with all the sides.\n\n"
        "Daily Post: What is your comment on the aid?\n\nLi Wen: I have no information to offer at this stage."
    )
    assert [one.speaker for one in document.sentences] == ["Reuters", "Reuters", "Li Wen", "Daily Post", "Li Wen"]
    assert [one.acts for one in document.sentences] == [
        ("inform",),
        ("request",),
        ("commit",),
        ("request",),
        ("inform",),
    ]
    assert (document.meeting.date, [one.name for one in document.meeting.participants]) == ("2022-06-27", ["Li Wen"])


def test_facts_in_a_spokespersons_statement_are_not_his_own() -> None:
    document = read(
        "Statement by Spokesperson Ada Obi on Aid for Chad\n\nNorway is announcing $5 million in food aid for Chad. "
        "This brings total help for Chad to $9 million, and we are proud of it. We stand with the people of Chad. We will not forget them."
    )
    assert [one.speaker for one in document.sentences] == ["Norway", "narrator", "Ada Obi", "Ada Obi"]


Said = tuple[str, str, str | None, tuple[str, ...], str, float | None, str | None]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "France announced a donation of 20 ambulances to Chad.",
            ("a donation of 20 ambulances to Chad", "promised", "FRA", ("TCD",), "ambulances", 20, "ambulance"),
        ),
        (
            "Japan gave a grant of $5 million in medical equipment to Chad.",
            ("Japan gave a grant of $5 million in medical equipment to Chad", "given", "JPN", ("TCD",), "medical equipment", 5000000, "USD"),
        ),
        (
            "Norway is providing the people of Chad one million additional vaccine doses.",
            ("Norway is providing the people of Chad one million additional vaccine doses", "given", "NOR", ("TCD",), "vaccine doses", 1000000, "dose"),
        ),
        (
            "Norway is the single largest donor of food aid to Chad.",
            ("Norway is the single largest donor of food aid to Chad", "given", "NOR", ("TCD",), "food aid", None, None),
        ),
        (
            "Norway is committed to supporting the people of Chad.",
            ("Norway is committed to supporting the people of Chad", "promised", "NOR", ("TCD",), "support", None, None),
        ),
        (
            "Norway will work with partners and help provide shelter to refugees in Chad.",
            ("Norway will work with partners and help provide shelter to refugees in Chad", "promised", "NOR", ("TCD",), "shelter", None, None),
        ),
        (
            "Norway gave $3 million in response to the flood in Chad.",
            ("Norway gave $3 million in response to the flood in Chad", "given", "NOR", ("TCD",), "money", 3000000, "USD"),
        ),
        (
            "Norway supported UNHCR's response to the flood in Chad.",
            ("Norway supported UNHCR's response to the flood in Chad", "given", "NOR", ("UNHCR",), "support", None, None),
        ),
        (
            "UNICEF Kenya sent 300 tents to Chad.",
            ("UNICEF Kenya sent 300 tents to Chad", "given", "UNICEF Kenya", ("TCD",), "tents", 300, "tent"),
        ),
        (
            "Village Action Abroad (VAA) sent 300 tents to Chad.",
            ("Village Action Abroad (VAA) sent 300 tents to Chad", "given", "Village Action Abroad", ("TCD",), "tents", 300, "tent"),
        ),
        (
            "The school received 300 books, as a gift from the Japan Foundation.",
            ("The school received 300 books, as a gift from the Japan Foundation", "given", "Japan Foundation", (), "books", 300, "book"),
        ),
        (
            "The clinics of Chad are short of oxygen and beds.",
            ("The clinics of Chad are short of oxygen and beds", "needed", None, ("TCD",), "oxygen, beds", None, None),
        ),
        (
            "Fiji did not accept the 900 tonnes of rice which a Lusaka trader had offered to Chad.",
            ("the 900 tonnes of rice which a Lusaka trader had offered to Chad", "promised", None, ("TCD",), "rice", 900, "tonne"),
        ),
    ],
)  # fmt: skip
def test_what_releases_announce_is_read_with_its_parts(sentence: str, found: Said) -> None:
    (one,) = claims(sentence)
    words = sentence[one.start : one.end]
    assert (words, one.kind, one.giver, one.receiver, one.resource, one.quantity, one.unit) == found


def test_one_thing_without_a_number_counts_in_a_list() -> None:
    found = claims("Norway sent 40 engineers and a field hospital to Kabul.")
    assert [(one.resource, one.quantity, one.receiver, one.place) for one in found] == [
        ("engineers", 40, ("AFG",), "Kabul"),
        ("field hospital", None, ("AFG",), "Kabul"),
    ]


def test_a_gift_and_the_support_behind_it_are_two_claims() -> None:
    sentence = "Norway gave $3 million to UNHCR and supported Chad's response to the flood."
    assert [sentence[one.start : one.end] for one in claims(sentence)] == [
        "Norway gave $3 million to UNHCR",
        "supported Chad's response to the flood",
    ]


def test_the_dollars_of_the_one_giver_told_of_are_his_own() -> None:
    found = claims("Australia gave $3 million to Fiji. The Red Fund will receive $2 million for Fiji.")
    assert [one.unit for one in found] == ["AUD", "AUD"]


@pytest.mark.parametrize(
    "sentence",
    [
        "No request for assistance was tabled by either side.",
        "Norway will send observers to the election in Chad.",
        "Norway deployed troops against the rebels in Chad.",
        "Norway can send 20 boats to Chad.",
        "The agency released two alerts on Chad.",
        "People were seeking refugee status and the readiness of Chad to accept returnees.",
        "The minister announced a new law on land.",
        "The minister praised the efforts made in serving relations between the two friendly countries.",
        "Relief activities for the villages will aim to implement water programs.",
        "Norway is a provider of oil to Chad.",
        "The meeting ran short of time.",
    ],
)
def test_what_a_release_tells_beside_aid_is_no_claim(sentence: str) -> None:
    assert claims(sentence) == ()
