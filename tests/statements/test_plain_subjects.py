"""Who speaks by grammar alone: bodies that no list holds, spokesmen without a name, holders named without their office, days between."""

from __future__ import annotations

import pytest

from evenhand.statements import Document, read_text
from evenhand.statements.document import Text
from evenhand.statements.settling import visited_above


def read(text: str) -> Document:
    return read_text(Text("a.txt", text))


def speakers(text: str) -> list[str]:
    return [one.speaker for one in read(text).sentences]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Delta Looms Ltd said the cloth would be cut in May.", "Delta Looms Ltd"),
        ("The Cloth Traders have pledged to mend the roof.", "Cloth Traders"),
        ("The bridge will be closed until Sunday, police said.", "police"),
        ("The harvest was lost, the river transport committee said.", "river transport committee"),
        ("But economists said the harvest was good.", "narrator"),
        ("Bankers in Kenya said the harvest was good.", "narrator"),
        ("Farmers said the harvest was good.", "narrator"),
        ("Kenya on Tuesday urged the neighbours to open the road.", "Kenya"),
        ("The farmers' union and donor Norway last week called for more seed.", "Norway"),
        ("Fellow UNICEF member Kenya warned that the stores are empty.", "Kenya"),
        ("Kenya has agreed to lend the neighbours five boats.", "narrator"),
        ("The calls came after UNICEF said that the stores are empty.", "narrator"),
        ("The Kenyan side thanked the drivers.", "Kenya"),
    ],
)
def test_the_subject_of_the_main_verb_speaks_even_where_no_list_knows_it(sentence: str, expected: str) -> None:
    assert speakers(sentence) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "UNICEF said the stores are empty. A spokesman pointed out that rain was near. Seed is needed, it added.",
            ["UNICEF", "UNICEF", "UNICEF"],
            id="a spokesman without a name, and it",
        ),
        pytest.param(
            "Ada Obi told the council that the road is open. Mr Obi said so twice.",
            ["Ada Obi", "Ada Obi"],
            id="a surname is the full name's",
        ),
        pytest.param(
            "Ms Obi said the road is open. The words were in a letter by Ada Obi to the council.",
            ["Ada Obi", "narrator"],
            id="the full name stands later",
        ),
        pytest.param(
            "The road is open, the first minister has told the council. Ms Obi said so in a letter.",
            ["Obi", "Obi"],
            id="an office without a holder is the one person's without an office",
        ),
        pytest.param(
            "Kenya's Ambassador Ben Udo lauded the boats which, he stressed, reached the delta.",
            ["Ben Udo"],
            id="he inside a sentence is its subject",
        ),
        pytest.param(
            "The roads are open, the official Delta News Agency said. It said Minister Ada Obi made the pledge in May.",
            ["narrator", "Ada Obi"],
            id="it behind a news agency is the agency",
        ),
        pytest.param(
            "The Secretary of the Board, Mr. Ben Udo, in his opening remarks urged the guests to stay. HE the Secretary thanked them.",
            ["Ben Udo", "Ben Udo"],
            id="remarks, and a style that looks like he",
        ),
        pytest.param(
            "Mr N’Dour said the road is open.", ["N’Dour"], id="a name keeps the marks that the text writes it with"
        ),
    ],
)
def test_who_is_not_named_beside_the_verb_is_found_in_the_text(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Obi directed the authorities to open the road.",
        "Obi alleged that the road was closed.",
        "Obi pressed the governors to open the road.",
        "Obi hinted that the road would be opened.",
        "Obi delivered a message of goodwill from the king.",
        "Obi elucidated the plan for the road.",
        "Obi gave instructions that the road be opened.",
        "Obi ruled out a new road.",
    ],
)
def test_verbs_and_nouns_of_saying_are_known_by_class(sentence: str) -> None:
    assert speakers(f"Minister Ada Obi said the road is open. {sentence}")[1] == "Ada Obi"


@pytest.mark.parametrize(
    "sentence",
    ["Obi showed the boats to the guests.", "Obi on Thursday paid a sympathy visit to the school.", "Obi ordered tea."],
)
def test_deeds_stay_with_the_narrator(sentence: str) -> None:
    assert speakers(f"Minister Ada Obi said the road is open. {sentence}")[1] == "narrator"


@pytest.mark.parametrize(
    ("text", "kind", "people"),
    [
        (
            "WFP Managing director Ada Obi made the pledge during talks with President Ben Udo of Kenya yesterday.",
            "met",
            {("Ada Obi", "Managing director"), ("Ben Udo", "President")},
        ),
        (
            "This was told at a meeting held at the State House between President of Kenya Ben Udo and Mr. Lars Holm.",
            "met",
            {("Ben Udo", "President"), ("Lars Holm", None)},
        ),
        (
            "Minister of Trade of Kenya Ada Obi had a video call with Governor Lars Holm on 3 May 2021.",
            "phone call",
            {("Ada Obi", "Minister of Trade"), ("Lars Holm", "Governor")},
        ),
        (
            "An agreement was signed on 3 May 2021 by Ms.OBI Ada, Minister of Trade, Kenya and the governors.",
            "other",
            {("OBI Ada", "Minister of Trade")},
        ),
        (
            (
                "President of Kenya Ben Udo met Ms. Ada Obi, the newly appointed Head of Delegation of the European Union. "
                "The event was graced by Lars Holm, Senior Secretary to the President."
            ),
            "met",
            {
                ("Ben Udo", "President"),
                ("Ada Obi", "Head of Delegation"),
                ("Lars Holm", "Senior Secretary to the President"),
            },
        ),
    ],
)
def test_meetings_are_seen_by_any_noun_of_meeting(text: str, kind: str, people: set[tuple[str, str | None]]) -> None:
    meeting = read(text).meeting
    assert meeting.kind == kind
    assert {(one.name, one.office) for one in meeting.participants} == people


def test_whoever_welcomes_a_report_meets_nobody() -> None:
    assert read("Minister of Trade of Kenya Ada Obi welcomed the report on the road.").meeting.kind == "statement"


def test_everybody_called_on_is_a_host_and_an_envoy_is_a_guest() -> None:
    called = read(
        "Minister Ada Obi of Ghana called on President Ben Udo and Prime Minister Lars Holm in Nairobi."
    ).meeting
    assert [one.name for one in called.participants if one.side == "host"] == ["Ben Udo", "Lars Holm"]
    envoy = read("Kenya's Ambassador to Ghana Ada Obi met with President of Ghana Ben Udo today.").meeting
    assert [one.name for one in envoy.participants if one.side == "host"] == ["Ben Udo"]


def test_whoever_accompanies_the_guest_is_of_his_side() -> None:
    meeting = read(
        "President of Ghana Ben Udo met Minister of Health of Cuba Ada Obi at the Union Buildings. "
        "The Minister of Health was accompanied by Dr. Lars Holm, Vice Minister of Health."
    ).meeting
    assert meeting.place == "Union Buildings"
    assert {(one.name, one.party) for one in meeting.participants if one.side == "guest"} == {
        ("Ada Obi", "CUB"),
        ("Lars Holm", "CUB"),
    }


def test_who_was_called_on_by_whoever_he_talked_to_is_the_host() -> None:
    meeting = read(
        "Prime Minister of Ghana Ben Udo said so while talking to UN Envoy Ada Obi, who called on him."
    ).meeting
    assert [(one.name, one.side) for one in meeting.participants] == [("Ben Udo", "host"), ("Ada Obi", "guest")]


def test_a_conference_still_to_be_held_is_no_meeting() -> None:
    assert (
        read("Minister of Trade of Kenya Ada Obi will take part in the cloth conference.").meeting.kind == "statement"
    )


def test_a_reception_is_held_for_whoever_is_received() -> None:
    meeting = read("Prime Minister of Ghana Ben Udo hosted a reception in Accra for Ada Obi, Head of the Fund.").meeting
    assert (meeting.kind, meeting.place, meeting.participants[0].name) == ("received", "Accra", "Ben Udo")


def test_who_asks_without_a_name_is_the_narrator() -> None:
    text = (
        "Remarks on the road\n\nQ: It is reported that the road is closed.\n\nAda Obi: The road is open to all of us."
    )
    assert speakers(text) == ["narrator", "Ada Obi"]


def test_a_headline_says_who_is_visited() -> None:
    assert visited_above(["Visit of Minister Ada Obi to the Republic of Kenya, 3 May"])[0] == "KEN"
    assert visited_above(["Minister Ada Obi speaks to the council"]) == ("", "")


def test_lines_broken_by_their_width_are_joined_inside_a_name() -> None:
    lines = [
        "NAIROBI, May 3 - Ghana's deputy energy minister",
        "Ada Obi arrived here last night for talks about the new road to",
        "the coast and the price of cloth, which has risen since last May,",
        "officials said.",
        "    The road was closed in May after the rains had washed away two",
        "bridges and a part of the embankment near the old harbour of the",
        "delta, which had been built by the farmers of the upper villages",
        "and their neighbours from the hills.",
        "    Obi said the road would be open before the harvest is brought",
        "in and that the bridges would be higher.",
    ]
    document = read("\n".join(lines))
    assert [one.speaker for one in document.sentences] == ["narrator", "narrator", "Ada Obi"]
