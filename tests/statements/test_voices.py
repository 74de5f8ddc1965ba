"""Who speaks where several speak together, where words are quoted over paragraphs, and who met whom: one general rule a row."""

from __future__ import annotations

import pytest

from evenhand.statements import read_text
from evenhand.statements.document import Document, Text

MET = "Foreign Minister of Kenya Ida Otieno met in Nairobi with Foreign Minister of Finland Aino Laine. "


def read(text: str) -> Document:
    return read_text(Text("a.txt", text))


def people(text: str) -> list[tuple[str, str | None, str | None, str]]:
    meeting = read(text).meeting
    assert meeting is not None
    return [(one.name, one.office, one.party_name, one.side) for one in meeting.participants]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param("The foreign ministers welcomed the signing of the accord.", "both", id="an office in the plural"),
        pytest.param('The foreign ministers also "looked forward to" the fair.', "both", id="the verb is quoted"),
        pytest.param("Partners pledged support for the wells.", "both", id="partners at a meeting"),
        pytest.param("The statement stressed the need for wells.", "both", id="a statement that nobody issued alone"),
        pytest.param(
            '"Both ministers welcomed the accord and noted the progress," said the Ministry of Foreign Affairs.',
            "both",
            id="a ministry quotes both",
        ),
        pytest.param(
            "The accord helps both, said the Ministry of Trade (MOT) in a note on Saturday.",
            "Ministry of Trade",
            id="a body with its acronym at the end",
        ),
        pytest.param(
            "According to the government of Upper Nile, the wells are dry.",
            "government of Upper Nile",
            id="according to a body that no list knows",
        ),
        pytest.param('"The wells are dry," Otieno\'s letter says.', "Ida Otieno", id="whose letter it is"),
        pytest.param(
            "Otieno flew over the valley, which borders Uganda, and announced a new dam.",
            "Ida Otieno",
            id="a second verb behind an aside",
        ),
        pytest.param("The accord was discussed in May 2011 during a visit.", "narrator", id="talks of years ago"),
        pytest.param("The accord was discussed at length.", "both", id="talks of this meeting"),
        pytest.param(
            "The government of Finland has decided to provide 40 tents to Kenya.", "narrator", id="a deed of a state"
        ),
        pytest.param("The government of Finland hopes that the wells hold.", "Finland", id="a state that hopes"),
        pytest.param(
            "UNICEF (the fund), the World Food Programme and UNHCR said that the wells are dry.",
            "both",
            id="several bodies",
        ),
        pytest.param("The agencies said that food is short.", "both", id="bodies told of before"),
        pytest.param("Food is short, three UN agencies warned.", "both", id="bodies that are counted"),
        pytest.param(
            "Earlier, Otieno was received by the mayor, with whom she discussed the wells.",
            "narrator",
            id="talks in a relative clause",
        ),
    ],
)
def test_several_voices_one_voice_or_none(sentence: str, expected: str) -> None:
    assert read(MET + sentence).sentences[1].speaker == expected


def test_a_pronoun_means_who_holds_the_office_that_acted() -> None:
    text = (
        "Prime Minister of Samoa Ida Bah received the High Commissioner of Fiji, Aino Laine, and the Minister of Works, Olo Vaai. "
        'The High Commissioner handed over a letter. "Fiji will send boats," she said.'
    )
    assert read(text).sentences[2].speaker == "Aino Laine"


def test_a_newspaper_named_after_a_state_is_not_the_state() -> None:
    text = "The Ministry of Works said in a statement that the bridge is open, according to the Samoa Observer."
    assert read(text).sentences[0].speaker == "Ministry of Works"


def test_partners_who_have_not_met_are_nobody() -> None:
    assert read("Partners pledged support for the wells.").sentences[0].speaker == "narrator"


def test_the_second_of_two_names_of_a_body_is_the_one_that_speaks() -> None:
    said = read("The United Nations Food and Agriculture Organization, FAO, said it approved food aid for Chad.")
    assert said.sentences[0].speaker == "Food and Agriculture Organization"


def test_a_quotation_over_two_paragraphs_belongs_to_whom_its_end_names() -> None:
    text = (
        '"The wells are dry," said Ida Otieno, head of the Relief Fund.\n\n'
        '"We see sharp needs in the north and the roads are closed.\n\n'
        'We have begun to send water, but much more is needed," said Aino Laine, director of the Water Fund.\n'
    )
    assert [one.speaker for one in read(text).sentences] == ["Ida Otieno", "Aino Laine", "Aino Laine"]


def test_a_quotation_that_goes_on_without_an_opening_mark_stays_with_its_speaker() -> None:
    text = (
        '"The wells are dry and the roads are closed," said Ida Otieno, head of the Relief Fund.\n\n'
        'With new pumps we are making the water safer for the town. We hope that it will last."\n\n'
        "The town has 400 pumps.\n"
    )
    assert [one.speaker for one in read(text).sentences] == ["Ida Otieno", "Ida Otieno", "Ida Otieno", "narrator"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Chad's Foreign Minister Ambassador Ida Bah met with Kenya's Ambassador Ben Otieno.",
            [("Ida Bah", "Foreign Minister", "Chad", "host"), ("Ben Otieno", "Ambassador", "Kenya", "guest")],
            id="an ambassador's rank as a courtesy",
        ),
        pytest.param(
            "Chad's Minister of Foreign Affairs, Ambassador Ida Bah, met with Kenya's Ambassador Ben Otieno.",
            [
                ("Ida Bah", "Minister of Foreign Affairs", "Chad", "host"),
                ("Ben Otieno", "Ambassador", "Kenya", "guest"),
            ],
            id="the same behind a comma",
        ),
        pytest.param(
            "Chad's Foreign Minister Ida Bah met with partners. The delegation members included Eva Lund (EU Ambassador) and Jon Berg (World Bank Senior Health Specialist).",
            [
                ("Ida Bah", "Foreign Minister", "Chad", "host"),
                ("Eva Lund", "Ambassador", "EU", "guest"),
                ("Jon Berg", "Senior Health Specialist", "World Bank", "guest"),
            ],
            id="offices in brackets",
        ),
        pytest.param(
            "Ben Otieno, Kenya's Special Envoy for Peace, visited Chad, where he met with Chadian Foreign Minister Ida Bah, Director General of the Ministry of Foreign Affairs Ali Musa, and Deputy Chairman of the National Security Council Omar Deby.",
            [
                ("Ida Bah", "Foreign Minister", "Chad", "host"),
                ("Ali Musa", "Director General of the Ministry of Foreign Affairs", "Chad", "host"),
                ("Omar Deby", "Deputy Chairman of the National Security Council", "Chad", "host"),
                ("Ben Otieno", "Special Envoy for Peace", "Kenya", "guest"),
            ],
            id="a list on one side, at home",
        ),
        pytest.param(
            "Kenyan Foreign Minister Ben Otieno had an audience with King Mswati III of Eswatini at the palace.",
            [("Mswati III", "King", "Eswatini", "host"), ("Ben Otieno", "Foreign Minister", "Kenya", "guest")],
            id="who has an audience is a guest",
        ),
    ],
)
def test_who_took_part_and_on_which_side(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert people(text) == expected


def test_a_town_can_be_a_first_name_behind_an_office() -> None:
    text = "Kenyan Foreign Minister Ben Otieno, Kenyan Defence Minister Aden Duale and Ethiopian Ambassador Bacha Debele met in Nairobi."
    assert ("Aden Duale", "Defence Minister", "Kenya", "host") in people(text)


def test_the_government_is_the_texts_own_state() -> None:
    said = read("The Government of Malawi has received 40 boats. The Government wishes to thank India.").sentences
    assert said[1].speaker == "Malawi"


def test_a_headline_can_say_whose_president_somebody_is() -> None:
    text = "Readout of the Adviser's Meeting with President Ali Musa of Chad\n\nUnited States Adviser Ida Bah hosted President Ali Musa for a meeting at the White House on 4 May 2022 to discuss the drought.\n"
    assert ("Ali Musa", "President", "Chad", "guest") in people(text)


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        pytest.param(
            "Chad's Minister Ida Bah met with Kenya's Ambassador Ben Otieno for a farewell audience.",
            "received",
            None,
            id="for an audience",
        ),
        pytest.param(
            "Chad's Minister Ida Bah met with Kenya's Ambassador Ben Otieno for a courtesy visit.",
            "received",
            None,
            id="for a courtesy visit",
        ),
        pytest.param(
            "Chad's Minister Ida Bah hosted Kenya's Ambassador Ben Otieno for talks.",
            "received",
            None,
            id="hosted somebody",
        ),
        pytest.param(
            "Chad's Minister Ida Bah met Kenya's Minister Ben Otieno during her trip to Nairobi.",
            "met",
            "Nairobi",
            id="a trip to a town",
        ),
        pytest.param(
            "A consignment of rice was handed over at a ceremony at the port of Lindi. Speaking at the event, Ambassador of Chad Ida Bah thanked Kenya.",
            "other",
            "Lindi",
            id="a port, and a ceremony that stays one",
        ),
        pytest.param(
            "In Tashkent there took place an opening ceremony of the office. It was attended by Ambassador of Chad Ida Bah.",
            "other",
            "Tashkent",
            id="a ceremony that is attended",
        ),
    ],
)
def test_kind_and_place(text: str, kind: str, place: str | None) -> None:
    meeting = read(text).meeting
    assert meeting is not None
    assert (meeting.kind, meeting.place) == (kind, place)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The envoys of the Republic met.Welcoming them, Ida Bah left. News.Az reports it.", 3),
        ("The wells are dry. ※ According to Chad, there is no rain.", 2),
        ("The site www.unit.Org is down today.", 1),
    ],
)
def test_sentences_end_without_a_space_and_before_a_sign_of_a_note(text: str, expected: int) -> None:
    assert len(read(text).sentences) == expected
