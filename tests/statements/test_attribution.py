"""Who speaks: the grammar of reported speech, one short readout a row."""

from __future__ import annotations

import pytest

from evenhand.statements import read_text
from evenhand.statements.document import Text

OPENING = "President of Chad Ali Musa received Eva Lund, Executive Director of the World Food Programme. "
"""What every row begins with: the host, the guest."""


def speaker(sentence: str) -> str:
    return read_text(Text("a.txt", OPENING + sentence)).sentences[1].speaker


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("President Ali Musa said that the harvest was poor.", "Ali Musa"),
        ("The head of state thanked her for the visit.", "Ali Musa"),
        ("The Chadian leader noted that the road is open.", "Ali Musa"),
        ("The Executive Director praised the farmers of Chad.", "Eva Lund"),
        ("The guest expressed her gratitude for the welcome.", "Eva Lund"),
        ("Lund, for her part, underlined that the lorries are ready.", "Eva Lund"),
        ("In this regard, the President of Chad stressed the need for water.", "Ali Musa"),
        ("Noting that the rains had failed, Eva Lund called for more wheat.", "Eva Lund"),
        ("The lorries are ready, Lund said.", "Eva Lund"),
        ('"The lorries are ready," said Lund.', "Eva Lund"),
        ("The lorries, the guest added, are ready.", "Eva Lund"),
        ("According to Eva Lund, the lorries are ready.", "Eva Lund"),
        ("The sides noted that trade has grown.", "both"),
        ("They discussed the harvest.", "both"),
        ("The two presidents agreed to open an office.", "both"),
        ("Views were exchanged on the harvest.", "both"),
        ("It was noted at the meeting that the road is open.", "both"),
        ("It was noted by the President that the road is open.", "Ali Musa"),
        ("UNICEF stated that the schools are open.", "UNICEF"),
        ("The road to the east has been closed since June.", "narrator"),
        ("Local media say the road is closed.", "narrator"),
        ("The spokesman said that President Ali Musa thanked the guest.", "Ali Musa"),
        ("Ali Musa, who is here for the first time, said the road is open.", "Ali Musa"),
    ],
)
def test_a_sentence_is_given_to_the_person_whose_words_it_reports(sentence: str, expected: str) -> None:
    assert speaker(sentence) == expected


def test_a_pronoun_means_whoever_spoke_last() -> None:
    text = OPENING + "The guest said the lorries are ready. She added that the road is open."
    assert [one.speaker for one in read_text(Text("a.txt", text)).sentences[1:]] == ["Eva Lund", "Eva Lund"]


def test_a_quotation_of_several_sentences_belongs_to_the_speaker_named_behind_it() -> None:
    text = OPENING + '\n\n"The harvest was poor. We need wheat. I know it," said Lund.'
    assert [one.speaker for one in read_text(Text("a.txt", text)).sentences[1:]] == ["Eva Lund"] * 3


def test_a_quotation_whose_marks_are_broken_still_has_its_speaker() -> None:
    text = OPENING + '\n\n"We need wheat. I know it, Lund added.'
    assert [one.speaker for one in read_text(Text("a.txt", text)).sentences[1:]] == ["Eva Lund"] * 2


def test_the_reason_names_the_title_and_the_line() -> None:
    reason = read_text(Text("a.txt", OPENING + "The head of state smiled and said yes to it.")).sentences
    assert "head of state" in read_text(Text("a.txt", OPENING + "The head of state said yes.")).sentences[1].reason
    assert (
        "the host, Ali Musa, line 1"
        in read_text(Text("a.txt", OPENING + "The head of state said yes.")).sentences[1].reason
    )
    assert len(reason) == 2


def test_a_surname_that_fits_two_people_is_left_open_and_said_so() -> None:
    text = "Minister of Health of Chad Ali Musa met Minister of Trade of Mali Omar Musa. Musa said the road is open."
    document = read_text(Text("a.txt", text))
    assert any('"Musa" fits two people' in note for note in document.notes)
    assert document.sentences[1].confidence < 0.5
    assert "Ali Musa or Omar Musa" in document.sentences[1].reason


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("President Ali Musa said that the harvest was poor.", ("inform",)),
        ("The guest thanked the President for the land.", ("thank",)),
        ("The guest praised the farmers and called for more wheat.", ("praise", "request")),
        ("The guest pledged to send rice.", ("commit",)),
        ("The President condemned the attack.", ("criticise",)),
        ("The President recalled the flood of 2010.", ("recall",)),
        ("The sides agreed to meet again.", ("agree",)),
        ("The guest expressed hope for rain.", ("other",)),
    ],
)
def test_an_act_is_what_is_done_with_the_words(sentence: str, acts: tuple[str, ...]) -> None:
    assert read_text(Text("a.txt", OPENING + sentence)).sentences[1].acts == acts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            (
                "Ali Musa met in Rome with Eva Lund.\n\nPresident of Chad Ali Musa: We have sent the seed.\n\n"
                "Head of the World Food Programme Eva Lund: It has come.\n"
            ),
            ["narrator", "Ali Musa", "Eva Lund"],
        ),
        (
            (
                "Joint Statement\n\n1. We, the Foreign Ministers of the states of the river, met in Rome.\n\n"
                "2. We reaffirmed our friendship with the people of the river.\n"
            ),
            ["both", "both"],
        ),
        (
            "One of the farmers, Ida Bah, pleaded for seed at the market.\n\nMs. Bah said that the rain was late.",
            ["Ida Bah", "Ida Bah"],
        ),
        (
            "A spokeswoman for the Chad customs, Ida Bah, said no order had come.",
            ["Ida Bah"],
        ),
        (
            (
                "President of Chad Ali Musa received Eva Lund, Head of the World Food Programme. "
                "Lund spoke. His Excellency underlined that the road is open."
            ),
            ["narrator", "narrator", "Ali Musa"],
        ),
    ],
)
def test_labels_first_persons_bare_names_and_styles_say_who_speaks(text: str, expected: list[str]) -> None:
    assert [one.speaker for one in read_text(Text("a.txt", text)).sentences] == expected


def test_a_label_is_no_part_of_the_sentence_behind_it() -> None:
    text = "Ali Musa met Eva Lund in Rome.\n\nPresident of Chad Ali Musa: The seed has come.\n\nEva Lund: The rain is late.\n"
    document = read_text(Text("a.txt", text))
    assert [text[one.start : one.end] for one in document.sentences][1:] == ["The seed has come.", "The rain is late."]


def test_a_person_called_on_is_visited_and_not_asked() -> None:
    text = "Head of the World Food Programme Eva Lund called on Minister of Health of Chad Ali Musa at his office."
    document = read_text(Text("a.txt", text))
    assert (document.sentences[0].speaker, document.meeting.kind) == ("narrator", "met")
    assert {one.name: one.side for one in document.meeting.participants} == {"Eva Lund": "guest", "Ali Musa": "host"}
