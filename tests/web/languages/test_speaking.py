"""The engine speaks the language of the page, for the time of one request; Chinese is one language under two codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext, ngettext
from pseudo_locale import LANGUAGE, pseudo, with_pseudo_locale

from evenhand.web.languages.speaking import Speaking, join_chinese, names_here
from evenhand.web.languages.vocabulary import word
from evenhand.wording import say, say_count, speaking


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{say('today')}|{say_count('{n} lot', '{n} lots', 1)}")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "today"), ("fr", "aujourd'hui"), ("ar", "اليوم"), ("zh", "今天")]
)
def test_the_engine_speaks_the_language_of_the_page(language: str, said: str) -> None:
    with translation.override(language):
        assert Speaking(answer)(HttpRequest()).content.decode().split("|")[0] == said
    assert say("today") == "today", "the language ends with the request"


def test_it_ends_also_where_the_page_fails() -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise OSError(say("today"))

    with translation.override("fr"), pytest.raises(OSError, match="aujourd'hui"):
        Speaking(fail)(HttpRequest())
    assert say("today") == "today"


def test_a_plain_function_speaks_too() -> None:
    with speaking(str.upper):
        assert (say("held lower"), say_count("{n} lot", "{n} lots", 2)) == ("HELD LOWER", "{N} LOTS")
        with speaking(None):
            assert say("held lower") == "held lower"
        assert say("held lower") == "HELD LOWER"


def test_chinese_has_the_sentences_of_django_and_ours_come_first() -> None:
    join_chinese()
    with translation.override("zh"):
        assert gettext("This field is required.") == "这个字段是必填项。"
        assert word("stage", "received") == "已收到"
        assert "5" in ngettext("%(count)d day", "%(count)d days", 5) % {"count": 5}
    with translation.override("en"):
        assert gettext("This field is required.") == "This field is required."


@pytest.mark.django_db
def test_names_are_read_once_for_a_request() -> None:
    found = []

    def ask(request: HttpRequest) -> HttpResponse:
        found.extend([names_here(), names_here()])
        return HttpResponse()

    with translation.override("fr"):
        Speaking(ask)(HttpRequest())
        Speaking(ask)(HttpRequest())
    assert found[0] is found[1]
    assert found[0].language == "fr"


def test_the_language_of_tests_is_longer_and_keeps_its_places(tmp_path: Path) -> None:
    assert pseudo("{count} members") == "[{count} mémbérš~~~]"
    assert pseudo('%(n)s "lot"').startswith("[%(n)s ")
    with with_pseudo_locale(tmp_path), translation.override(LANGUAGE):
        assert gettext("today") == "[tödàý~~]"
        assert word("stage", "received") == pseudo("received")
