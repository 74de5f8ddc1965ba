"""Names, titles and turns of ministries and newspapers: each row is one general rule, told by a short readout."""

from __future__ import annotations

import pytest

from evenhand.statements import read_text
from evenhand.statements.document import Document, Text
from evenhand.statements.same_name import is_variant

OPENING = (
    "Foreign Minister of Kenya Ida Otieno met in Nairobi with Deputy Minister of Foreign Affairs of Finland Aino Mäkelä-Roos, "
    "Ambassador of Norway Siri Dahl-Øvre and Mr. Jon Berg, Head of Delegation of the European Union. "
)


def read(text: str) -> Document:
    return read_text(Text("a.txt", text))


def people(text: str) -> list[tuple[str, str | None, str | None, str]]:
    meeting = read(text).meeting
    assert meeting is not None
    return [(one.name, one.office, one.party_name, one.side) for one in meeting.participants]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param("The Vice Minister said so.", "Aino Mäkelä-Roos", id="a vice minister is a deputy minister"),
        pytest.param("The Norwegian envoy said so.", "Siri Dahl-Øvre", id="an ambassador is an envoy of the state"),
        pytest.param("The EU envoy said so.", "Jon Berg", id="an envoy of a body is its highest person there"),
        pytest.param("Dahl-Ovre said so.", "Siri Dahl-Øvre", id="a surname without its accents"),
        pytest.param("Mäkele-Roos said so.", "Aino Mäkelä-Roos", id="a surname with other vowels"),
        pytest.param("In the words of Berg, the stores are empty.", "Jon Berg", id="in the words of"),
        pytest.param("Berg did not hide his anger at the delay.", "Jon Berg", id="a feeling that is not hidden"),
        pytest.param("Berg made no secret of his worries.", "Jon Berg", id="no secret of a feeling"),
        pytest.param(
            "Berg drew the minister's attention to the roads.", "Jon Berg", id="somebody's attention is drawn"
        ),
        pytest.param("Berg listed among the needs tents and soap.", "Jon Berg", id="things are listed as"),
        pytest.param(
            "It was explained to the minister by Berg that wheat is short.", "Jon Berg", id="said to one by another"
        ),
        pytest.param("Berg was quoted as saying that wheat is short.", "Jon Berg", id="quoted as saying"),
        pytest.param("Berg shared that wheat is short.", "Jon Berg", id="a light verb before that"),
        pytest.param("Berg was of the view that wheat is short.", "Jon Berg", id="of the view"),
        pytest.param("Discussions centred on the harvest.", "both", id="what talks centred on"),
        pytest.param("The stores are of the old kind.", "narrator", id="of, but no view"),
        pytest.param(
            "The harvest was raised at talks held by Berg.", "both", id="talks held by one are no words of his"
        ),
        pytest.param("The two heads of government condemn the war.", "both", id="two heads of government together"),
    ],
)
def test_a_title_a_spelling_or_a_turn_of_phrase_means_its_person(sentence: str, expected: str) -> None:
    assert read(OPENING + sentence).sentences[1].speaker == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            OPENING + "Berg said so. In his words, wheat is short.",
            ["narrator", "Jon Berg", "Jon Berg"],
            id="in his words",
        ),
        pytest.param(
            "President of Chad Ali Musa met Eva Lund, Head of the World Food Programme. Lund thanked him. Her counterpart said so.",
            ["narrator", "Eva Lund", "Ali Musa"],
            id="a counterpart is on the other side",
        ),
        pytest.param(
            "External Affairs Minister (EAM), Dr. Ravi Rao met Foreign Minister of Nepal Hari Rana. EAM said so. Rana thanked EAM.",
            ["narrator", "Ravi Rao", "Hari Rana"],
            id="an acronym of an office is whoever holds it",
        ),
        pytest.param(
            "Foreign Minister of Fiji Ali Musa called on the Defence Minister, Uz. Ida Lund. She asked Musa for tents.",
            ["narrator", "Ida Lund"],
            id="a style with a full stop ends no sentence",
        ),
        pytest.param(
            "The money came from India in May 2021. A sum of Rs. 5.5 crore was paid.",
            ["narrator", "narrator"],
            id="a currency with a full stop ends no sentence",
        ),
        pytest.param(
            "Secretary of State Hal Bex met President of Kenya Ida Otieno. The Secretary thanked President Otieno.",
            ["narrator", "Hal Bex"],
            id="the Secretary is the Secretary of State",
        ),
        pytest.param(
            "Statement by Ida Bah, Department Spokesperson\n\nI am pleased to announce 5 million dollars for Chad.\n\n"
            "Minister Abe Holm, who is in Chad, told reporters that wells are dry.\n\n"
            "The funding includes 2 million dollars for wells in the north.\n",
            ["Ida Bah", "Abe Holm", "narrator"],
            id="in a spokesperson's statement somebody else tells reporters, and facts are the narrator's",
        ),
        pytest.param(
            "President of Chad Ali Musa met Eva Lund, Head of the World Food Programme. \n\nThe guest said that wheat would come! 💪\n",
            ["narrator", "Eva Lund"],
            id="a picture behind the last mark",
        ),
    ],
)
def test_who_speaks_in_each_sentence(text: str, expected: list[str]) -> None:
    assert [one.speaker for one in read(text).sentences] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Chairman of the Kuwait Red Crescent Society Dr. Ali Al-Nayar discussed with President of the Iraqi Red Crescent Society "
            "Dr. Omar Al-Mamoori in Baghdad their joint work.",
            [
                ("Omar Al-Mamoori", "President", "Iraqi Red Crescent Society", "host"),
                ("Ali Al-Nayar", "Chairman", "Kuwait Red Crescent Society", "guest"),
            ],
            id="a society is at home in the state that it is named after",
        ),
        pytest.param(
            "The Director-General of the National Relief Agency, NRA, Mrs Ida Obi, paid a courtesy visit to Borno State Governor, Zara Bello, in Abuja.",
            [
                ("Zara Bello", "Governor", "Nigeria", "host"),
                ("Ida Obi", "Director-General of the National Relief Agency", "Nigeria", "guest"),
            ],
            id="an acronym between commas is no person",
        ),
        pytest.param(
            "The conference was held in Paris at the invitation of the Minister for Europe, Ms Anne d'Aubrac, in the presence of the "
            "Lebanese Prime Minister, Mr Nabil Saadé.",
            [
                ("Anne d'Aubrac", "Minister for Europe", "France", "host"),
                ("Nabil Saadé", "Prime Minister", "Lebanon", "guest"),
            ],
            id="a name with a particle and an apostrophe",
        ),
        pytest.param(
            "Ambassador of Korea Park Ji-hoon handed over 20 tons of rice to Malawi in Lilongwe. "
            "The ceremony was attended by Deputy Minister of Agriculture of Malawi, Hon. Chim Phiri.",
            [
                ("Chim Phiri", "Deputy Minister of Agriculture", "Malawi", "host"),
                ("Park Ji-hoon", "Ambassador", "South Korea", "guest"),
            ],
            id="who attends at home is a host",
        ),
        pytest.param(
            "Finance Minister of Fiji Tom Brandt ended a visit to Nairobi, during which he met President of Kenya Ida Otieno.",
            [("Ida Otieno", "President", "Kenya", "host"), ("Tom Brandt", "Finance Minister", "Fiji", "guest")],
            id="a meeting during a visit",
        ),
        pytest.param(
            "Vice President of Zimbabwe Comrade Tendai Moyo-Ncube\nyesterday received at his office the Ambassador of Japan, Dr. Goro Abe.\n",
            [("Tendai Moyo-Ncube", "Vice President", "Zimbabwe", "host"), ("Goro Abe", "Ambassador", "Japan", "guest")],
            id="a first line that ends with a name",
        ),
        pytest.param(
            "Chancellor Ida Holm of Germany and the President of the Republic of\nColombia, Camilo Restrepo Urrutia, met in Berlin and adopted the following statement:\n\n"
            "Germany and Colombia are friends.\n",
            [
                ("Ida Holm", "Chancellor", "Germany", "host"),
                ("Camilo Restrepo Urrutia", "President", "Colombia", "guest"),
            ],
            id="a first sentence that ends with a colon",
        ),
    ],
)
def test_who_met(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert people(text) == expected


def test_the_same_day_is_the_day_told_of_before() -> None:
    told = read(
        "12 August 2023\n\nA team was sent to Laos on August 3. On the same day, Special Envoy Min Seo met with Foreign Minister of Laos Boun Vong in Vientiane.\n"
    ).meeting
    assert told is not None
    assert (told.date, told.place) == ("2023-08-03", "Vientiane")


@pytest.mark.parametrize("place", ["St. George's", "Cox's Bazar"])
def test_an_apostrophe_belongs_to_a_place(place: str) -> None:
    told = read(f"Prime Minister of Fiji Ali Musa met Ambassador of Japan Goro Abe in {place} on Monday.").meeting
    assert told is not None
    assert told.place == place


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("Al-Nayer", "Al-Nayar", True),
        ("Petrossian", "Petrosyan", True),
        ("Øvrebo", "Øvrebø", True),
        ("Karim", "Karimi", False),
        ("Bako", "Baku", False),
        ("Perera", "Ferera", False),
        ("Haddad", "Hamdan", False),
    ],
)
def test_two_spellings_are_one_name_where_only_vowels_differ(mine: str, theirs: str, same: bool) -> None:
    assert is_variant(mine, theirs) is is_variant(theirs, mine) is same
