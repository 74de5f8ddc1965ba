"""People and roles on the pages: an operator works on them, an auditor reads them, keys are shown a single time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from django.test import Client
from evenhand_cast import Cast
from evenhand_people import give_password

from evenhand.access.models import ApiKey, User
from evenhand.lookups.keys import open_by_key

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]


def proved(browser: Client) -> Client:
    """Have somebody prove just now who it is."""
    from allauth.account.internal.flows import login

    session = browser.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session["_auth_user_id"]
    session.save()
    return browser


def test_an_operator_finds_everybody_with_what_they_hold_and_what_can_be_done(cast: Cast, reader: Reader) -> None:
    page = reader("operator").get("/en/desk/users").content.decode()
    assert page.count("<tr") == User.objects.count() + 1
    one = User.objects.get(name="focal-tcd").public_id
    page = reader("operator").get(f"/en/desk/users/{one}").content.decode()
    for verb in ("revoke", "grant", "password", "switch-off"):
        assert f"/en/act/user/{verb}?user={one}" in page
    assert "/en/act/user/second-step" not in page, "it has none to lose"


def test_an_auditor_reads_the_same_and_is_offered_nothing(cast: Cast, reader: Reader) -> None:
    one = User.objects.get(name="focal-tcd").public_id
    page = reader("auditor").get(f"/en/desk/users/{one}").content.decode()
    assert "/en/act/user/" not in page
    assert reader("task-force").get(f"/en/desk/users/{one}").status_code == 403
    assert reader("operator").get("/en/desk/users/u-nobody").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [("search=focal-tcd", {"focal-tcd"}), ("search=moissala", {"nurse-moissala"}), ("show=off", {"focal-ken"}), ("search=%3Cb%3E", set())],
)  # fmt: skip
def test_users_are_found_by_name_party_and_state(cast: Cast, reader: Reader, asked: str, found: set[str]) -> None:
    User.objects.filter(name="focal-ken").update(is_active=False)
    page = reader("operator").get(f"/en/desk/users?{asked}").content.decode()
    assert set(re.findall(r"/en/desk/users/u-[\w-]+\"><bdi>([\w-]+)<", page)) == found
    assert "<b>" not in page.partition("<main")[2].partition('name="search"')[2][:200]


def test_a_lost_second_step_is_removed_on_the_page_after_proving_who_one_is_and_with_a_reason(
    cast: Cast, reader: Reader
) -> None:
    from allauth.mfa.models import Authenticator

    user = User.objects.get(name="task-force")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    address = f"/en/act/user/second-step?user={user.public_id}"
    give_password("operator")
    asked = reader("operator").get(address)
    assert asked.status_code == 302
    assert "/account/" in asked["Location"]
    browser = proved(reader("operator"))
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"request_id": "s-1", "user": user.public_id}).status_code == 422
    answer = browser.post(address, {"request_id": "s-1", "user": user.public_id, "reason": "called back"})
    assert (answer.status_code, answer["Location"]) == (302, f"/en/desk/users/{user.public_id}")
    assert not Authenticator.objects.filter(user=user).exists()


def test_what_was_typed_is_kept_while_one_proves_who_one_is_and_passwords_are_not(cast: Cast, reader: Reader) -> None:
    give_password("operator")
    browser = reader("operator")
    address = "/en/act/user/password"
    asked = browser.post(
        address, {"request_id": "p-1", "user": "focal-tcd", "password": "a long secret phrase", "reason": "lost"}
    )
    assert asked.status_code == 302
    assert "a long secret" not in str(dict(browser.session))
    proved(browser)
    from urllib.parse import parse_qs, urlparse

    onward = parse_qs(urlparse(asked["Location"]).query)["next"][0]
    page = browser.get(onward).content.decode()
    assert "lost</textarea>" in page
    assert "a long secret" not in page


def test_a_key_is_shown_once_to_who_proved_who_it_is_and_opens_what_was_ticked(cast: Cast, reader: Reader) -> None:
    given = {"request_id": "k-1", "name": "a report", "scopes": ["read", "need"]}
    give_password("focal-tcd")
    assert reader("focal-tcd").post("/en/desk/keys", given).status_code == 302
    assert not ApiKey.objects.exists()
    browser = proved(reader("focal-tcd"))
    page = browser.post("/en/desk/keys", given).content.decode()
    found = re.search(r"evh_[\w-]+", page)
    assert found
    opened = open_by_key(found[0])
    assert opened is not None
    assert opened.scopes == ("read", "need")
    assert found[0] not in browser.get("/en/desk/keys").content.decode()
    assert found[0] not in str(dict(browser.session))
    again = browser.post("/en/desk/keys", given)
    assert again.status_code == 422
    assert "is never shown again" in again.content.decode()
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "given", "said"),
    [
        ("focal-tcd", {"name": ""}, "What it is for"),
        ("focal-tcd", {"scopes": ["user"]}, "What it may do"),
        ("focal-tcd", {"until": "2019-01-01"}, "Until: "),
        ("focal-tcd", {"until": "never"}, "This is no date"),
        ("task-force", {"reason": ""}, "Reason: "),
        ("focal-tcd", {"name": "x" * 200}, "What it is for"),
        ("focal-tcd", {"name": "a\u202eb"}, "turns the direction"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_at_its_field(
    cast: Cast, reader: Reader, who: str, given: dict[str, str], said: str
) -> None:
    answer = proved(reader(who)).post(
        "/en/desk/keys", {"request_id": "k-1", "name": "a report", "scopes": ["read"], "reason": "a program", **given}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode().partition('class="errors"')[2].partition("</div>")[0]
    assert not ApiKey.objects.exists()
