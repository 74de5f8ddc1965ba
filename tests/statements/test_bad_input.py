"""Bad input: each becomes a plain note on the document; nothing is lost and nothing raises."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.statements import read_document
from evenhand.statements.sources import MOST_BYTES, open_source

PROSE = "President of Chad Ali Musa received Ambassador of Japan Ken Ito. The guest said that Japan will send 20 tents to Chad."


def docx(markup: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", markup)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (
            "Le ministre a reçu les représentants des Nations unies pour une réunion sur la situation dans le pays.".encode(),
            "in French",
        ),
        (
            "Президент принял генерального секретаря организации и обсудил с ним вопросы сотрудничества.".encode(),
            "Cyrillic script",
        ),
        (b"%PDF-1.4 broken", "cannot be opened"),
        (b"PK\x03\x04 broken", "broken"),
        (docx("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "entities"),
        (b"<rss><channel></channel></rss>", "no items"),
        (b"<rss><channel><item>", "broken XML"),
        (b"<html><body><nav><a>Home</a> <a>News</a></nav></body></html>", "all menu"),
        (b"Home | News | Contact\n\nSearch", "all menu"),
        (b"", "no text"),
        (f"{PROSE} café".encode()[:-1], "cut off"),
        (
            (PROSE + "\n\nLa ministre était là.").encode() + b"\n\nCaf\xe9 caf\xe9 caf\xe9 caf\xe9 ol\xe9.",
            "mixes UTF-8",
        ),
        ((PROSE + " ").encode() * (MOST_BYTES // len(PROSE) + 1), "only the first"),
    ],
)
def test_what_is_wrong_is_said_in_a_note(content: bytes, note: str) -> None:
    assert any(note in one for one in read_document(content, "a").notes)


def test_a_word_document_and_a_page_read_like_their_text() -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    markup = f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p></w:body></w:document>'
    page = f"<html><body><nav>Home News</nav><article><h1>Visit</h1><p>{PROSE}</p><p>{PROSE.replace('20', '30')}</p></article></body></html>"
    for content, source in ((docx(markup), "docx"), (page.encode(), "html")):
        document = read_document(content, "a")
        assert document.text.source == source
        assert document.claims[0].giver == "JPN"
        assert document.sentences[-1].speaker == "Ken Ito"


def test_a_feed_yields_a_text_for_each_item_with_its_date() -> None:
    item = f"<item><title>Visit</title><pubDate>Fri, 12 May 2023 10:00:00 GMT</pubDate><description>{PROSE}</description></item>"
    texts = list(open_source(f"<?xml version='1.0'?><rss><channel>{item}{item}</channel></rss>".encode(), "f.xml"))
    assert [(one.name, one.published) for one in texts] == [("f.xml#1", "2023-05-12"), ("f.xml#2", "2023-05-12")]


@settings(max_examples=50, deadline=None)
@given(
    start=st.integers(0, 60),
    end=st.integers(0, 120),
    noise=st.text(alphabet="\"'().,;:\n $€0123456789aZ“”’–&%", max_size=12),
    at=st.integers(0, 120),
)
def test_every_offset_points_into_the_text_and_reading_twice_is_the_same(
    start: int, end: int, noise: str, at: int
) -> None:
    text = PROSE[start : len(PROSE) - end % 40]
    text = text[: at % (len(text) + 1)] + noise + text[at % (len(text) + 1) :]
    document = read_document(text)
    assert document == read_document(text)
    assert document.text.text == text
    for sentence in document.sentences:
        assert 0 <= sentence.start < sentence.end <= len(text)
        assert not text[sentence.start].isspace()
    for claim in document.claims:
        assert any(one.start <= claim.start < claim.end <= one.end for one in document.sentences)


@pytest.mark.parametrize(
    "text",
    [
        "President " * 4000,
        "Ali Musa, " * 4000,
        "the Ministry of Health and Social Affairs of the Republic of Chad and " * 400,
        '"' * 5000,
        "said " * 5000,
        "$5 million and " * 1500,
    ],
)
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    from time import process_time

    begun = process_time()
    read_document(f"The minister met the envoy. {text}.")
    assert process_time() - begun < 5
