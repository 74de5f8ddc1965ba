"""Transcripts and signed releases: who asks, who answers, whose "I" it is, and who is the host of what is stated."""

from __future__ import annotations

import pytest

from evenhand.statements import read_text
from evenhand.statements.cleaning import make_plain
from evenhand.statements.document import Document, Text
from evenhand.statements.holders import find_holder

ASKED = "\n\nQ: What has Ghana sent to the flooded towns? You said on Monday that it would send boats.\nA: Ghana has sent 40 boats.\nIt will send more.\n"


def read(text: str) -> Document:
    return read_text(Text("a.txt", text))


def speakers(text: str) -> list[str]:
    return [one.speaker for one in read(text).sentences]


@pytest.mark.parametrize(
    "headline",
    [
        "Foreign Ministry Spokesperson Ama Darko's Regular Press Conference on 4 May 2021",
        "Press briefing by Foreign Ministry Spokesperson Ama Darko, 4 May 2021",
        "Foreign Ministry Spokesperson Ama Darko holds a press conference on 4 May 2021",
        "Interview with Foreign Ministry Spokesperson Ama Darko, 4 May 2021",
    ],
)
def test_whom_the_headline_names_answers_and_is_the_host(headline: str) -> None:
    document = read(headline + ASKED)
    assert [one.speaker for one in document.sentences] == ["narrator", "Ama Darko", "Ama Darko", "Ama Darko"]
    assert document.meeting is not None
    assert [(one.name, one.side) for one in document.meeting.participants] == [("Ama Darko", "host")]


def test_a_question_without_words_of_the_answerer_is_nobodys() -> None:
    text = "Interview with Minister of Health Ama Darko\n\nQuestion: Is there enough wheat in the stores of Tamale?\nAnswer: There is enough wheat.\n"
    assert speakers(text) == ["narrator", "Ama Darko"]


def test_a_short_label_in_a_transcript_is_who_asks_and_a_line_of_the_page_is_not() -> None:
    text = (
        "Press briefing by Minister of Health Ama Darko\n\nReuters: Is there enough wheat in the stores?\n"
        "Ama Darko: There is enough wheat.\nThe Lagoon: Has the bridge been mended?\nAma Darko: It has been mended.\n"
        "Note: The times are local times in all towns.\n"
    )
    assert speakers(text)[:4] == ["Reuters", "Ama Darko", "The Lagoon", "Ama Darko"]
    assert "Note" not in speakers(text)


@pytest.mark.parametrize(
    "line", ["Menu of the Regular Press Conference", "Wheat prices fall again", "Ministry of Health"]
)
def test_a_headline_that_names_nobody_names_no_holder(line: str) -> None:
    plain = make_plain(line)
    assert find_holder(((0, len(plain)),), plain) is None


SIGNED = (
    "Press Releases\nNew Help for Lome\nMon, 02 Aug 2021\nAma Darko, Minister of Foreign Affairs\n\n"
    "The people of Lome have lost their homes in the flood of July. Today I am announcing a gift of 40 boats. "
    "We stand with the people of Lome.\n"
)


def test_who_signs_above_a_release_says_i_and_is_its_host() -> None:
    document = read(SIGNED)
    assert [one.speaker for one in document.sentences] == ["narrator", "Ama Darko", "narrator"]
    assert document.meeting is not None
    assert document.meeting.date == "2021-08-02"
    assert [(one.name, one.office) for one in document.meeting.participants] == [
        ("Ama Darko", "Minister of Foreign Affairs")
    ]


def test_what_the_signer_did_is_told_by_the_narrator() -> None:
    assert speakers(SIGNED.replace("Today I am announcing", "I visited the town with"))[1] == "narrator"


def test_a_minister_who_announces_what_a_state_will_do_is_that_states() -> None:
    text = (
        "Fiji is to give 40 boats to Tonga, the Minister for Trade, Ama Darko, announced today.\n\n"
        '"Tonga needs boats and the people of Tonga need food," Ms Darko said. The boats for Tonga leave on Monday.\n'
    )
    meeting = read(text).meeting
    assert meeting is not None
    assert [(one.name, one.party) for one in meeting.participants] == [("Ama Darko", "FJI")]


OTHER_FORMS = [
    pytest.param(
        "Department Press Briefing – March 3, 2023\n\nNed Price, Department Spokesperson\n\n"
        "MR PRICE: The United States has sent 40 trucks.\nQUESTION: Will there be more?\nMR PRICE: There will be more.\n",
        ["Ned Price", "narrator", "Ned Price"],
        ("Ned Price", "United States", "2023-03-03"),
        id="a surname in capitals, and who signs above",
    ),
    pytest.param(
        "Daily Press Briefing\n12 May 2022\n\nThe following is a transcript of today's noon briefing by Stéphane Dujarric, Spokesman for the Secretary-General.\n\n"
        "Question: Has the convoy reached the town?\nSpokesman: The convoy has reached the town.\n",
        ["narrator", "narrator", "Stéphane Dujarric"],
        ("Stéphane Dujarric", "United Nations", "2022-05-12"),
        id="a bare office",
    ),
    pytest.param(
        "Weekly Media Briefing by the Official Spokesperson (February 10, 2023)\nFebruary 11, 2023\n\n"
        "Shri Arindam Bagchi, Official Spokesperson: India has sent six flights with tents.\n"
        "Sidhant, WION: What is the status of the work in Syria?\n"
        "Shri Arindam Bagchi, Official Spokesperson: One flight has reached Syria.\n",
        ["Arindam Bagchi", "Sidhant", "Arindam Bagchi"],
        ("Arindam Bagchi", "India", "2023-02-10"),
        id="a name with its office, and the day that the headline gives",
    ),
    pytest.param(
        "Press Briefing by Press Secretary Jen Psaki, March 3, 2022\nJames S. Brady Press Briefing Room\n\n"
        "MS. PSAKI: The United States will help Poland.\n     Q    Jen, what will Moldova get from this?\n"
        "     MS. PSAKI: We will help Moldova as well.\n",
        ["Jen Psaki", "narrator", "Jen Psaki"],
        ("Jen Psaki", "United States", "2022-03-03"),
        id="a question without a colon",
    ),
    pytest.param(
        "Foreign Minister Retno Marsudi at a Joint Press Availability, 14 December 2021\n\n"
        "FOREIGN MINISTER MARSUDI: Indonesia thanks Japan for the boats.\nQUESTION: Will there be more boats for the towns?\n"
        "FOREIGN MINISTER MARSUDI: We hope that there will be more.\n",
        ["Retno Marsudi", "narrator", "Retno Marsudi"],
        ("Retno Marsudi", "Indonesia", "2021-12-14"),
        id="an office and a surname in capitals",
    ),
]


@pytest.mark.parametrize(("text", "expected", "host"), OTHER_FORMS)
def test_transcripts_of_other_ministries(text: str, expected: list[str], host: tuple[str, str, str]) -> None:
    document = read(text)
    assert [one.speaker for one in document.sentences] == expected
    assert document.meeting is not None
    assert [(one.name, one.party_name, document.meeting.date) for one in document.meeting.participants] == [host]
