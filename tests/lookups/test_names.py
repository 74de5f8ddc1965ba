"""What everything is called in a reader's language: a translation, else CLDR, else its own name; and nothing hidden."""

from __future__ import annotations

import pytest
from evenhand_cast import Cast
from evenhand_seen import World
from pytest_django import DjangoAssertNumQueries

from evenhand.access.viewers import PUBLIC
from evenhand.errors import OptionRefused
from evenhand.lookups.names import Name, list_translations, read_names
from evenhand.records.models import Party, Resource, Translation

pytestmark = pytest.mark.django_db


def translate(of: str, key: str, text: str, *, field: str = "name", language: str = "fr", draft: bool = False) -> None:
    Translation.objects.create(of=of, key=key, field=field, language=language, text=text, draft=draft)


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Chad"), ("fr", "Tchad"), ("ar", "تشاد"), ("zh", "乍得"), ("ru", "Чад"), ("es", "Chad")],
)
def test_a_state_is_called_as_cldr_calls_it(cast: Cast, language: str, name: str) -> None:
    assert read_names(PUBLIC, language).name_of("party", "TCD") == Name(name, language)


def test_a_translation_goes_before_everything(cast: Cast) -> None:
    translate("party", "TCD", "République du Tchad", draft=True)
    names = read_names(PUBLIC, "fr")
    assert names.name_of("party", "TCD", "Chad") == Name("République du Tchad", "fr", draft=True)
    assert read_names(PUBLIC, "ru").name_of("party", "TCD").text == "Чад"


def test_what_is_no_state_keeps_its_own_name_whatever_its_key(cast: Cast) -> None:
    Party.objects.create(key="CAN", name="Caritas Norte", kind="organisation")
    assert read_names(PUBLIC, "ru").name_of("party", "CAN") == Name("Caritas Norte", "")
    assert read_names(PUBLIC, "ru").name_of("party", "UNICEF", "UNICEF").language == ""


def test_what_nobody_knows_is_called_by_its_key(cast: Cast) -> None:
    assert read_names(PUBLIC, "fr").name_of("group", "XYZ") == Name("XYZ", "")


def test_resources_have_their_french_name_and_else_english(cast: Cast) -> None:
    Resource.objects.filter(pk="vaccine-measles").update(name="Measles vaccine", name_fr="Vaccin antirougeoleux")
    assert read_names(PUBLIC, "fr").name_of("resource", "vaccine-measles") == Name("Vaccin antirougeoleux", "fr")
    assert read_names(PUBLIC, "es").name_of("resource", "vaccine-measles") == Name("Measles vaccine", "en")


@pytest.mark.parametrize(
    ("of", "key", "name"),
    [("currency", "USD", "dólar estadounidense"), ("resource", "USD", "dólar estadounidense"), ("language", "ar", "árabe"),
     ("place", "IDN", "Indonesia"), ("place", "PSE", "Estado de Palestina")],
)  # fmt: skip
def test_currencies_languages_and_countries_are_cldr_s_where_nothing_else_is_said(
    cast: Cast, of: str, key: str, name: str
) -> None:
    translate("place", "PSE", "Estado de Palestina", language="es")
    assert read_names(PUBLIC, "es").name_of(of, key).text == name


def test_a_page_of_names_takes_one_look_for_each_kind(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):  # the version, the translations, the parties, the resources
        names = read_names(PUBLIC, "fr")
        for key in ("TCD", "KEN", "FRA", "IND", "UNICEF"):
            names.name_of("party", key)
        for _ in range(5):
            names.name_of("resource", "vaccine-measles")
    with django_assert_max_num_queries(0):
        names.name_of("group", "NAM", "Non-Aligned Movement")


def test_a_translation_is_seen_by_those_who_see_the_text(world: World) -> None:
    for ref in ("draft", "submitted", "approved"):
        translate("need", world[ref], f"texte {ref}", field="why")
    translate("offer", world["statement"], "des conditions", field="conditions")
    translate("round", world["unpublished"], "un cycle", field="title")
    translate("party", "TCD", "Tchad")

    def read(who: str) -> set[str]:
        viewer = PUBLIC if who == "public" else world.cast.viewers[who]
        return {one.text for one in list_translations(viewer)}

    everybody = {"texte approved", "Tchad"}
    assert read("public") == read("focal-ken") == everybody
    assert read("focal-tcd") == everybody | {"texte draft", "texte submitted"}
    assert read("task-force") == everybody | {"texte submitted", "des conditions", "un cycle"}
    assert read("auditor") == everybody | {"texte draft", "texte submitted", "des conditions", "un cycle"}


def test_translations_are_chosen_by_what_they_are_of(cast: Cast) -> None:
    translate("party", "TCD", "Tchad", draft=True)
    translate("party", "TCD", "Чад", language="ru")
    translate("group", "NAM", "Mouvement des pays non alignés")
    assert [one.text for one in list_translations(PUBLIC, of="party", key="TCD")] == ["Tchad", "Чад"]
    assert [one.text for one in list_translations(PUBLIC, language="fr", draft=False)] == [
        "Mouvement des pays non alignés"
    ]
    with pytest.raises(OptionRefused, match="did you mean 'party'"):
        list_translations(PUBLIC, of="parties")
