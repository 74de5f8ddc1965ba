"""Forms of reported speech beyond "he said that": each row is one general rule, told by a short readout."""

from __future__ import annotations

import pytest

from evenhand.statements import read_text
from evenhand.statements.document import Document, Text

OPENING = "President of Chad Ali Musa received Eva Lund, Executive Director of the World Food Programme. "


def read(text: str) -> Document:
    return read_text(Text("a.txt", text))


def speakers(text: str) -> list[str]:
    return [one.speaker for one in read(text).sentences]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The guest gave the assurance that the lorries would come.", "Eva Lund"),
        ("The President made a passionate plea for more wheat.", "Ali Musa"),
        ("Lund began by offering her condolences.", "Eva Lund"),
        ("Lund ventured that the rains would fail.", "Eva Lund"),
        ("The President termed the gift a blessing.", "Ali Musa"),
        ("The road will be open by May, the President maintained.", "Ali Musa"),
        ('Lund did not spare anybody: "You counted your money first."', "Eva Lund"),
        ("The President, a farmer's son from Abéché, who has ruled since May, thanked her.", "Ali Musa"),
        ("The President for his part indicated that the road is open.", "Ali Musa"),
        ("While Chad welcomed the lorries, the guest warned that more are needed.", "Eva Lund"),
        ("The President toured the stores and thanked the drivers.", "Ali Musa"),
        ("The visiting Executive Director was full of praise for the drivers.", "Eva Lund"),
        ("It was noted by the visiting Director that the stores are empty.", "Eva Lund"),
        ("Both leaders looked ahead to the harvest and agreed to meet again.", "both"),
        ("The two discussed the harvest.", "both"),
        ("The two personalities agreed on a visit.", "both"),
        ("The meeting noted that the stores are empty.", "both"),
        ("Host and guest concurred that the stores are empty.", "both"),
        ("Matters of the harvest also came under discussion.", "both"),
        ("A farmer told this newspaper that the stores are empty.", "narrator"),
        ("Officials said that the stores are empty.", "narrator"),
        ("A UNICEF official said that the stores are empty.", "UNICEF"),
        ("Volunteers have emptied the stores.", "narrator"),
        ("The President's comments came during a visit to the stores.", "narrator"),
        ("The stores are empty, the press service of the Government of Mali reported.", "narrator"),
    ],
)
def test_a_form_of_speech_says_whose_words_a_sentence_reports(sentence: str, expected: str) -> None:
    assert speakers(OPENING + sentence)[1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            OPENING
            + "The President informed the guest that the stores are empty. He told her so. She told the President that wheat would come.",
            ["narrator", "Ali Musa", "Ali Musa", "Eva Lund"],
            id="a pronoun is never the one who is spoken to",
        ),
        pytest.param(
            "Minister of Health of Chad Ali Musa met Ms. Eva Lund, Head of the World Food Programme. Lund said so. He thanked her.",
            ["narrator", "Eva Lund", "Ali Musa"],
            id="a pronoun is a man or a woman where the text says so",
        ),
        pytest.param(
            OPENING + "The guest said that rain had come. According to her, half of the harvest is lost.",
            ["narrator", "Eva Lund", "Eva Lund"],
            id="according to her",
        ),
        pytest.param(
            "UNICEF warned of hunger in Chad. It called on donors to give more.",
            ["UNICEF"] * 2,
            id="it is the last body named",
        ),
        pytest.param(
            "UNICEF warned of hunger in Chad. The statement added that the stores are empty.",
            ["UNICEF"] * 2,
            id="a statement is its issuer's",
        ),
        pytest.param(
            OPENING + "\n\n'The stores are empty. It's Chad's worst year,' says Ms Lund.",
            ["narrator", "Eva Lund", "Eva Lund"],
            id="single marks quote as double ones do",
        ),
        pytest.param(
            "The economist Ida Bah says that aid comes late. The rain comes early, she adds.",
            ["Ida Bah"] * 2,
            id="a calling before a full name",
        ),
        pytest.param(
            'Ida Bah, 34, a mother of five, lost her house in May. "The wind took it," she recalled.',
            ["narrator", "Ida Bah"],
            id="an age behind a full name",
        ),
        pytest.param(
            "The stores of Chad are empty. In June Guterres said that ActionRelief is calling for wheat.",
            ["narrator", "Guterres"],
            id="a lone surname before a verb of saying",
        ),
        pytest.param(
            "Statement by Ms. Ida Bah, Minister of Health of Chad\n\nLet me begin by thanking you all for the seed.\n\nThe rain in Chad is late this year.\n\nI thank you.\n",
            ["Ida Bah"] * 3,
            id="a speech is its speaker's from end to end",
        ),
        pytest.param(
            "UNICEF appeals for Chad\n\nThe rain in Chad has been late in every year since 2019. We call on all donors to give more.",
            ["narrator", "UNICEF"],
            id="we are the one body that issued the text",
        ),
        pytest.param(
            "Foreign Minister of Chad Ali Musa met Foreign Minister of Kenya Ida Otieno. A minister once told us that pledges are clouds.",
            ["narrator", "narrator"],
            id="a minister without a name is nobody who is named",
        ),
        pytest.param(
            "Deputy Chairman of Chad Nurlan Sadykbekov met Eva Lund, Head of the World Food Programme. N.Sadykbekov said the road is open.",
            ["narrator", "Nurlan Sadykbekov"],
            id="initials without a space",
        ),
        pytest.param(
            "Minister of Health of Peru Orlando Perez Guillen met Eva Lund, Head of the World Food Programme. Perez thanked her.",
            ["narrator", "Orlando Perez Guillen"],
            id="the first of two surnames",
        ),
    ],
)
def test_who_is_meant_is_taken_from_what_was_said_before(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("The guest reiterated her concern about the drought.", ("other",)),
        ("The guest reaffirmed the commitment of her agency to the farmers.", ("commit",)),
        ("The guest pledged more wheat, adding that the road is open.", ("commit", "inform")),
        ("The guest regretted that the money had not come.", ("inform",)),
        ("The guest expressed concern about attacks on drivers.", ("criticise",)),
        ('"Thank you for the wheat," said the guest.', ("thank",)),
        ('"We commend the farmers," said the guest.', ("praise",)),
        ('"You must open the road," said the guest.', ("request",)),
        ("The guest said 40 tents would be flown to Abéché.", ("commit",)),
        ("The sides discussed the harvest.", ("other",)),
    ],
)
def test_what_is_said_decides_what_a_neutral_verb_does(sentence: str, acts: tuple[str, ...]) -> None:
    assert read(OPENING + sentence).sentences[1].acts == acts
