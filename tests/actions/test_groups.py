"""Who belongs to a group, on which days, and who holds its offices; what ended keeps its row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import TODAY, Cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.access.models import RoleHeld, User
from evenhand.access.viewers import viewer_of
from evenhand.actions.groups import join_group, leave_group, record_office, register_group
from evenhand.actions.needs import approve_need, draft_need, submit_need
from evenhand.actions.typed import earliest, latest, read_known_day
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed
from evenhand.records.models import Group, Membership, Office, Party
from evenhand.records.tree import members_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana(cast: Cast) -> Cast:
    Party.objects.create(key="GHA", name="Ghana", kind="state")
    return cast


def join(cast: Cast, since: str = "1961", party: str = "GHA", who: str = "operator", **given: Any) -> Any:
    return join_group(cast(who, reason="the summit's list"), group="NAM", party=party, since=since, **given)


def leave(cast: Cast, until: str, party: str = "GHA") -> Any:
    return leave_group(cast("task-force", reason="a letter"), group="NAM", party=party, until=until)


def is_member(party: str, day: str) -> bool:
    return party in members_of(frozenset({"NAM"}), date.fromisoformat(day))


def test_a_group_is_registered_once(cast: Cast) -> None:
    given = {
        "key": "OIC",
        "name": "Organisation of Islamic Cooperation",
        "kind": "organisation",
        "founded": "1969-09-25",
    }
    register_group(cast("operator"), **given)
    assert register_group(cast("operator"), **given).facts == {"there_already": True}
    assert Group.objects.get(pk="OIC").founded == "1969-09-25"
    with refused(ActionRefused, "with founded '1969-09-25', not '1970'"):
        register_group(cast("operator"), **given | {"founded": "1970"})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"key": "O I C"}, "is not a key of a group"),
        ({"key": "nam"}, "cannot be told from 'NAM'"),
        ({"key": "UNICEF"}, "cannot be told from 'the party UNICEF'"),
        ({"name": ""}, "the name of the group is empty"),
        ({"founded": "25.9.1969"}, "founded is '25.9.1969'; write a date as exactly as it is known"),
        ({"kind": "k" * 41}, "at most 40"),
    ],
)
def test_a_group_that_cannot_be_told_from_another_is_refused(cast: Cast, wrong: dict[str, str], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        register_group(cast("operator"), **{"key": "OIC", "name": "Organisation of Islamic Cooperation"} | wrong)


def test_membership_counts_from_its_first_day_to_its_last(ghana: Cast) -> None:
    join(ghana, "2020-05-04")
    leave(ghana, "2026-01-31")
    assert [is_member("GHA", day) for day in ("2020-05-03", "2020-05-04", "2026-01-31", "2026-02-01")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert Membership.objects.get(party="GHA").source == "the summit's list"


def test_who_comes_back_has_two_memberships(ghana: Cast) -> None:
    join(ghana, "1961")
    leave(ghana, "1991")
    join(ghana, "2009-07-16")
    assert list(Membership.objects.filter(party="GHA").order_by("since").values_list("since", "until")) == [
        ("1961", "1991"), ("2009-07-16", ""),
    ]  # fmt: skip
    assert [is_member("GHA", day) for day in ("1991-12-31", "2000-01-01", "2026-01-01")] == [True, False, True]


def test_an_observer_and_a_suspended_member_are_not_counted(ghana: Cast) -> None:
    join(ghana, "1961", status="observer")
    assert not is_member("GHA", "2026-01-01")
    leave(ghana, "2019")
    join(ghana, "2020", status="suspended")
    assert not is_member("GHA", "2026-01-01")
    with refused(NotAllowed):
        retire(ghana)


def retire(cast: Cast) -> None:
    from evenhand.actions.parties import retire_party

    retire_party(cast("task-force", reason="gone"), party="GHA")


def test_a_party_is_in_a_group_once_at_a_time(ghana: Cast) -> None:
    join(ghana, "1961")
    with refused(ActionRefused, "GHA is member of NAM since 1961 already; record first until when: group leave"):
        join(ghana, "1962", status="observer")
    leave(ghana, "1990-06")
    for early in ("1961", "1985", "1990-05-31"):
        with refused(ActionRefused, f"GHA was member of NAM until 1990-06; '{early}' is not after that"):
            join(ghana, early)
    join(ghana, "1990-07")


@pytest.mark.parametrize(
    "since", ["", "61", "1961-13", "1961-02-30", "01/09/1961", "1961-9-1", "soon", "9999", "1961-09-01T00"]
)
def test_a_day_that_is_none_is_refused(ghana: Cast, since: str) -> None:
    with refused(ActionRefused, "as exactly as it is known: 1961, 1961-09 or 1961-09-01"):
        join(ghana, since)


def test_a_membership_says_who_says_so(ghana: Cast) -> None:
    with refused(ActionRefused, "needs a source or a reason"):
        join_group(ghana("operator"), group="NAM", party="GHA", since="1961")
    join_group(ghana("operator"), group="NAM", party="GHA", since="1961", source="Belgrade declaration")
    assert Membership.objects.get(party="GHA").source == "Belgrade declaration"


def test_the_status_is_one_of_four(ghana: Cast) -> None:
    with refused(ActionRefused, "it is one of member, observer, eligible, suspended; did you mean 'observer'?"):
        join(ghana, status="obsever")


def test_what_it_names_must_exist(cast: Cast) -> None:
    with refused(NameUnknown, "did you mean 'TCD'?"):
        join(cast, party="TDC")
    with refused(NameUnknown, "did you mean 'NAM'?"):
        join_group(cast("operator", reason="x"), group="NAN", party="FRA", since="1961")


def test_a_secretariat_keeps_the_list_of_its_own_group_alone(ghana: Cast) -> None:
    with refused(NotAllowed):
        join(ghana, who="task-force-eu")
    with refused(NotAllowed):
        leave_group(ghana("task-force", reason="x"), group="EU", party="FRA", until="2026")


def test_a_retired_party_joins_nothing(ghana: Cast) -> None:
    Party.objects.filter(pk="GHA").update(retired_on=TODAY)
    with refused(ActionRefused, "takes part in nothing new"):
        join(ghana)


def test_leaving_takes_a_membership_and_a_day_after_it_began(ghana: Cast) -> None:
    with refused(ActionRefused, "GHA is not in NAM; there is no membership to end"):
        leave(ghana, "2020")
    join(ghana, "1961-09")
    with refused(ActionRefused, "it cannot have left in 1961-08-31, before that"):
        leave(ghana, "1961-08-31")
    leave(ghana, "1961")
    with refused(ActionRefused, "GHA left NAM on 1961 already"):
        leave(ghana, "2020")


def test_who_leaves_decides_no_more_rounds(cast: Cast) -> None:
    """A board's role is for the party and the group together; nobody has to remember to revoke it."""
    done = leave(cast, "2026-02", party="AZE")
    assert done.facts["board_roles_ended"] == 1
    held = RoleHeld.objects.get(user__name="board-aze")
    assert (held.until, viewer_of(held.user, on=TODAY).roles) == (date(2026, 2, 28), ())
    assert viewer_of(User.objects.get(name="board-uga"), on=TODAY).roles


def test_a_need_of_who_left_is_no_longer_the_secretariats(cast: Cast) -> None:
    need = draft_need(cast("focal-lbn"), party="LBN", resource="vaccine-measles", quantity="10", why="children").ref
    submit_need(cast("focal-lbn"), need=need)
    leave(cast, "2026-03-01", party="LBN")
    with refused(NameUnknown):  # what may no longer be seen is answered as what is not there
        approve_need(cast("task-force"), need=need)


def chair(cast: Cast, party: str, since: str, until: str = "", **given: Any) -> Any:
    return record_office(
        cast("task-force", reason="the summit"),
        group="NAM",
        party=party,
        office="chair",
        since=since,
        until=until,
        **given,
    )


def test_an_office_is_handed_over(cast: Cast) -> None:
    chair(cast, "AZE", "2019-10-25")
    with refused(ActionRefused, "AZE is chair of NAM since 2019-10-25; record first until when"):
        chair(cast, "UGA", "2024-01-19")
    chair(cast, "AZE", "2019-10-25", until="2024-01-18")
    chair(cast, "UGA", "2024-01-19")
    assert list(Office.objects.order_by("since").values_list("party", "since", "until")) == [
        ("AZE", "2019-10-25", "2024-01-18"), ("UGA", "2024-01-19", ""),
    ]  # fmt: skip


def test_a_past_office_can_be_recorded_beside_the_present_one(cast: Cast) -> None:
    chair(cast, "UGA", "2024-01-19")
    chair(cast, "IND", "1983", until="1986")
    assert Office.objects.count() == 2


def test_several_parties_can_hold_a_seat(cast: Cast) -> None:
    for party in ("TCD", "KEN"):
        record_office(
            cast("task-force"), group="NAM", party=party, office="council-seat", since="2026", source="the vote"
        )
    assert Office.objects.filter(office="council-seat").count() == 2


def test_an_office_that_ended_stays_as_it_was(cast: Cast) -> None:
    chair(cast, "AZE", "2019", until="2024")
    with refused(ActionRefused, "since 2019 until 2024; an office that has no last day yet can be given one"):
        chair(cast, "AZE", "2019", until="2025")
    with refused(ActionRefused, "since 2019 until 2024"):
        chair(cast, "AZE", "2019")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"party": "FRA"}, "FRA is not in NAM and holds no office there"),
        ({"until": "2023"}, "cannot have ended in 2023, before that"),
        ({"office": "the chair"}, "is not a key of a office"),
        ({"office": "c" * 61}, "at most 60"),
        ({"since": "yesterday"}, "since is 'yesterday'"),
    ],
)
def test_an_office_that_cannot_be_is_refused(cast: Cast, wrong: dict[str, str], sentence: str) -> None:
    given = {"group": "NAM", "party": "UGA", "office": "chair", "since": "2024-01-19"}
    with refused(ActionRefused, sentence):
        record_office(cast("operator", reason="the summit"), **given | wrong)


known_days = st.dates(date(1900, 1, 1), date(2100, 12, 31)).flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"]).map(lambda text: (text, day))
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(known_days)
def test_a_day_lies_between_its_earliest_and_its_latest(pair: tuple[str, date]) -> None:
    text, day = pair
    assert read_known_day("since", text) == text
    assert earliest(text) <= day.isoformat() <= latest(text)
