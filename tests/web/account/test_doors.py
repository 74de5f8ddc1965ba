"""The open doors of a demo: open in a demo on one's own machine, and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from evenhand_cast import NOW, Cast
from evenhand_people import SET_UP, SIGN_IN, who

from evenhand.actions.demo.people import DOORS
from evenhand.cli.serve import _expect_a_safe_way
from evenhand.configuration import read_configuration
from evenhand.errors import OptionRefused
from evenhand.web.account.doors import WORDS

pytestmark = pytest.mark.django_db
STEP_IN = "/en/account/step-in"


@pytest.fixture
def demo(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch, django_user_model: Any) -> None:
    """A demo that was told, with its doors open; of its people the operator, the auditor, Chad."""
    from evenhand.access.models import RoleHeld

    auditor = django_user_model.objects.create_user("demo-auditor", public_id="u-demo", made_at=NOW)
    RoleHeld.objects.create(user=auditor, role="auditor", since=NOW.date() - timedelta(days=60))
    settings.OPEN_DOORS = True
    monkeypatch.setattr("evenhand.web.account.doors.find_demo", lambda: "told")


def test_one_steps_in_with_one_button_and_the_second_step_counts_as_done(demo: None) -> None:
    browser = Client()
    page = browser.get(SIGN_IN).content.decode()
    assert "This is a demo: step in as" in page
    assert 'value="demo-auditor"' in page
    answer = browser.post(STEP_IN, {"as": "demo-auditor"})
    assert (answer.status_code, answer["Location"]) == (302, "/en/desk")
    assert [one.role for one in browser.get(SET_UP).wsgi_request.viewer.roles] == ["auditor"]


def test_stepping_through_another_door_leaves_nothing_of_the_first(demo: None) -> None:
    browser = Client()
    browser.post(STEP_IN, {"as": "demo-auditor"})
    session = browser.session
    session["left"] = "behind"
    session.save()
    browser.post(STEP_IN, {"as": "focal-tcd", "next": "/en/needs"})
    assert who(browser) == "focal-tcd"
    assert "left" not in browser.session


@pytest.mark.parametrize("name", ["board-ken", "task-force", "", "nobody", "operator\0"])
def test_there_is_no_door_to_anybody_else(demo: None, name: str) -> None:
    browser = Client()
    assert browser.post(STEP_IN, {"as": name}).status_code == 404
    assert who(browser) == ""


def test_a_door_is_not_opened_by_a_link_nor_by_another_site(demo: None) -> None:
    assert Client().get(STEP_IN).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(STEP_IN, {"as": "operator"}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert who(strict) == ""


@pytest.mark.parametrize("address", ["203.0.113.5", "10.0.0.2", "2001:db8::1", "", "localhost"])
def test_doors_are_closed_to_other_machines(demo: None, address: str) -> None:
    browser = Client(REMOTE_ADDR=address or "not an address")
    assert "step in as" not in browser.get(SIGN_IN).content.decode()
    assert browser.post(STEP_IN, {"as": "demo-auditor"}).status_code == 404


def test_doors_are_closed_where_the_setting_says_so(demo: None, settings: Any) -> None:
    settings.OPEN_DOORS = False
    assert Client().post(STEP_IN, {"as": "demo-auditor"}).status_code == 404


def test_a_session_of_a_door_has_no_role_once_doors_are_closed(demo: None, settings: Any) -> None:
    browser = Client()
    browser.post(STEP_IN, {"as": "demo-auditor"})
    settings.OPEN_DOORS = False
    assert browser.get(SET_UP).wsgi_request.viewer.roles == ()


def test_doors_are_closed_where_no_demo_was_told(cast: Cast, settings: Any) -> None:
    settings.OPEN_DOORS = True
    assert Client().post(STEP_IN, {"as": "operator"}).status_code == 404


def test_every_door_says_who_is_behind_it() -> None:
    assert set(WORDS) == set(DOORS)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"EVENHAND_NAME": "book.example.org/relief"}, "is no demo"),
        ({"EVENHAND_NAME": "demo-of-ours.example.org"}, "is no demo"),
        ({"EVENHAND_NAME": "demo.x", "EVENHAND_PROXY": "yes"}, "with a proxy before it"),
    ],
)
def test_open_doors_are_refused_at_the_start_of_anything_but_a_demo(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(OptionRefused, match=sentence):
        _ = read_configuration({"EVENHAND_OPEN_DOORS": "yes", **environment}).open_doors
    assert not read_configuration({"EVENHAND_OPEN_DOORS": "no", **environment}).open_doors


@pytest.mark.parametrize(
    ("environment", "address", "sentence"),
    [
        ({"OPEN_DOORS": "yes", "NAME": "demo.x", "HTTPS": "no"}, "0.0.0.0", "others than you would reach them"),
        ({"HTTPS": "yes"}, "127.0.0.1", "nothing here speaks it"),
        ({"HTTPS": "no"}, "0.0.0.0", "reads passwords"),
        ({"HTTPS": "no"}, "192.168.1.5", "reads passwords"),
    ],
)
def test_serving_is_refused_where_it_would_be_unsafe(environment: dict[str, str], address: str, sentence: str) -> None:
    with pytest.raises(OptionRefused, match=sentence):
        _expect_a_safe_way(
            read_configuration({f"EVENHAND_{k}": v for k, v in environment.items()}), address, None, None
        )


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({"OPEN_DOORS": "yes", "NAME": "demo.x", "HTTPS": "no"}, "127.0.0.1"),
        ({"HTTPS": "yes", "PROXY": "yes"}, "0.0.0.0"),
        ({"HTTPS": "no"}, "::1"),
    ],
)
def test_serving_is_not_refused_where_it_is_safe(environment: dict[str, str], address: str) -> None:
    _expect_a_safe_way(read_configuration({f"EVENHAND_{k}": v for k, v in environment.items()}), address, None, None)
