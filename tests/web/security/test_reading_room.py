"""Django's admin: open to auditors and operators with a second step, and nothing in it can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site
from django.test import Client
from evenhand_cast import USERS
from evenhand_people import set_up_app

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, **_: function())


@pytest.fixture
def reader(signed_in: Callable[[str], Client]) -> Callable[[str], Client]:
    """Return a function that gives a browser in which somebody has passed the second step."""

    def sign_in(name: str) -> Client:
        browser = signed_in(name)
        set_up_app(browser)
        return browser

    return sign_in


def pages() -> list[str]:
    return [f"/admin/{one._meta.app_label}/{one._meta.model_name}/" for one in site._registry]


def test_the_public_is_sent_to_sign_in() -> None:
    answer = Client().get("/admin/")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/admin/login/")
    followed = Client().get("/admin/login/")
    assert followed["Location"].endswith("/account/sign-in?next=/admin/")


@pytest.mark.parametrize(
    "name", sorted({role: name for name, role, *_ in USERS if role not in ("auditor", "operator")}.values())
)
def test_no_other_role_reaches_any_of_it(reader: Callable[[str], Client], name: str) -> None:
    browser = reader(name)
    for page in ("/admin/", *pages()):
        assert browser.get(page).status_code in (302, 403), page


def test_an_auditor_reads_every_table_and_its_rows(reader: Callable[[str], Client], approved_need: Any) -> None:
    approved_need("TCD", "vaccine-measles", "3,000")
    browser = reader("auditor")
    assert len(pages()) > 15
    for page in pages():
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert 'class="addlink"' not in answer.content.decode()
        assert browser.get(f"{page}?q=x").status_code == 200, page
    for model, admin in site._registry.items():
        row = model._default_manager.first()
        if row is not None:
            answer = browser.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/")
            assert answer.status_code == 200, admin
            assert 'name="_save"' not in answer.content.decode()


def test_an_operator_reads_what_it_keeps_and_not_what_is_asked_given_and_decided(
    reader: Callable[[str], Client],
) -> None:
    browser = reader("operator")
    open_ = {page.split("/")[3] for page in pages() if browser.get(page).status_code == 200}
    assert open_ == {
        "user",
        "roleheld",
        "place",
        "party",
        "group",
        "membership",
        "office",
        "resource",
        "code",
        "programme",
    }


@pytest.mark.parametrize("name", ["auditor", "operator"])
def test_nothing_can_be_added_changed_or_deleted(reader: Callable[[str], Client], name: str) -> None:
    from evenhand.records.models import Party

    browser = reader(name)
    before = list(Party.objects.values_list())
    for path, sent in (
        ("/admin/records/party/add/", {"key": "XXX", "name": "x", "kind": "state"}),
        ("/admin/records/party/TCD/change/", {"name": "Changed", "kind": "state"}),
        ("/admin/records/party/TCD/delete/", {"post": "yes"}),
        ("/admin/records/party/", {"action": "delete_selected", "_selected_action": "TCD", "post": "yes"}),
        ("/admin/access/user/add/", {"name": "x"}),
    ):
        assert browser.post(path, sent).status_code in (200, 302, 403), path
    assert list(Party.objects.values_list()) == before


def test_no_password_is_shown_even_hashed(reader: Callable[[str], Client], django_user_model: Any) -> None:
    browser = reader("auditor")
    user = django_user_model.objects.get(name="auditor")
    page = browser.get(f"/admin/access/user/{user.pk}/change/").content.decode()
    assert user.password not in page
    assert "md5$" not in page


def test_no_table_of_another_package_is_shown() -> None:
    assert {model.__module__.split(".")[0] for model in site._registry} == {"evenhand"}
