"""Which party a name in a text means: never a state because an organisation's acronym is also the state's key."""

from __future__ import annotations

import pytest
from evenhand_cast import Cast

from evenhand.lookups.called import Parties
from evenhand.records.models import Party

pytestmark = pytest.mark.django_db


def test_the_acronym_of_an_organisation_is_no_state_of_that_key(cast: Cast) -> None:
    Party.objects.get_or_create(key="NAM", defaults={"name": "Namibia", "kind": "state"})
    party, why = Parties().find("Non-Aligned Movement")
    assert (party, why) == (None, "'Non-Aligned Movement' is no party of the records.")
    assert getattr(Parties().find("Namibia")[0], "key", "") == "NAM"


def test_an_organisation_is_found_by_its_acronym_or_its_full_name(cast: Cast) -> None:
    for name in ("UNICEF", "United Nations Children's Fund"):
        assert getattr(Parties().find(name)[0], "key", "") == "UNICEF", name
