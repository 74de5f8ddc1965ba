"""Write what visitors ask for: a mixed load over some thousand addresses, few of them often and most of them seldom.

    python -m bench.portal.visitors FOLDER OUTPUT

Seven in ten requests are for public pages in the six languages, two for lists and records of the API, and of the last one
eight in ten are for data twins, feeds and assets and the others for desks. The same folder gives the same addresses. Prints
keys with which a program may draft needs and approve them, for the writer beside, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

REQUESTS = 40_000
SHARES = {"page": 70, "api": 20, "data": 8, "desk": 2}
LANGUAGES = ("en", "fr", "ar", "es", "zh", "ru")
DESKS = ("focal-tcd", "donor-demo-relief", "demo-task-force", "board-uga", "demo-auditor")
WRITERS = {"focal": "focal-tcd", "secretariat": "demo-task-force"}
OF_EACH = 250
"""So many records of each kind have a page that is visited."""

PLACES = (
    "", "needs", "members", "offers", "consignments", "promises", "rounds", "donors", "resources", "book", "book/entries",
    "changes", "groups", "groups/NAM", "help", "glossary", "data", "programmes",
)  # fmt: skip
SEARCHED = ("chad", "measles", "lebanon", "mask", "vaccine", "kenya", "water", "clinic")


def addresses() -> dict[str, list[str]]:
    """Return what each kind of visitor asks for, most asked first."""
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups import needs, offers, rounds
    from evenhand.records.models import Party, Resource
    from evenhand.rounds.models import RoundNeed
    from evenhand.stockbook.models import Consignment, Entry

    dice = random.Random(7)

    def some(rows: Any) -> list[str]:
        found = [str(one) for one in rows]
        return dice.sample(found, min(OF_EACH, len(found)))

    need = some(one.ref for one in needs.list_needs(PUBLIC, most=5_000))
    offer = some(one.ref for one in offers.list_offers(PUBLIC, most=5_000))
    travelling = some(Consignment.objects.order_by("ref").values_list("ref", flat=True)[:5_000])
    party = some(Party.objects.order_by("key").values_list("key", flat=True))
    state = some(Party.objects.filter(kind="state").order_by("key").values_list("key", flat=True))
    resource = some(Resource.objects.filter(kind="goods").order_by("key").values_list("key", flat=True))
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 1
    entry = [str(dice.randint(1, last)) for _ in range(OF_EACH)]
    published = [one.ref for one in rounds.list_rounds(PUBLIC)][:40]
    shared = RoundNeed.objects.filter(round__in=published[:3]).order_by("round", "need__party")
    why = [f"rounds/{ref}/{key}" for ref, key in shared.values_list("round", "need__party").distinct()]
    pages = [
        *(f"needs/{one}" for one in need), *(f"offers/{one}" for one in offer), *(f"parties/{one}" for one in party),
        *(f"consignments/{one}" for one in travelling), *(f"resources/{one}" for one in resource),
        *(f"book/entries/{one}" for one in entry), *(f"rounds/{one}" for one in published), *why,
        *(f"needs?party={one}" for one in state), *(f"needs?resource={one}" for one in resource),
        *(f"needs?by=need&party={one}" for one in party[:60]), *(f"offers?party={one}" for one in state[:60]),
        *(f"consignments?state={one}" for one in ("planned", "sent", "closed")), *(f"search?q={one}" for one in SEARCHED),
    ]  # fmt: skip
    dice.shuffle(pages)
    places = [f"/{language}/{place}" for place in PLACES for language in LANGUAGES[:3]]
    written = [f"/{dice.choices(LANGUAGES, (50, 15, 12, 10, 8, 5))[0]}/{one}" for one in pages]
    asked = [
        "needs", "offers", "consignments", "parties", "figures/headline", "gaps", "promises", "changes", "book/entries",
        *(f"needs/{one}" for one in need), *(f"offers/{one}" for one in offer), *(f"consignments/{one}" for one in travelling),
        *(f"needs?party={one}" for one in state), *(f"parties/{one}" for one in party),
        *(f"book/entries/{one}/proof" for one in entry[:80]),
    ]  # fmt: skip
    data = [
        "/en/feed.atom", "/en/members.csv", "/en/needs.csv?party=TCD", "/en/resources.json", "/en/promises.json", "/manifest.webmanifest",
        "/sw.js", "/checkpoint", *(f"/en/needs.csv?party={one}" for one in state[:60]),
        *(f"/en/needs.json?resource={one}" for one in resource[:60]),
    ]  # fmt: skip
    return {"page": places + written, "api": [f"/api/v1/{one}" for one in asked], "data": data, "desk": ["/en/desk"]}


def sessions() -> list[str]:
    """Sign some people of the demo in, and return their cookies."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from evenhand.web.account.second_step import OPEN_DOOR

    cookies = []
    for user in get_user_model().objects.filter(name__in=DESKS).order_by("name"):
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session[OPEN_DOOR] = True
        session.save()
        cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return cookies


def key_of(user: str) -> str:
    """Return a key with which needs may be drafted, or approved."""
    from evenhand.actions.action import Acting
    from evenhand.actions.keys import make_key
    from evenhand.lookups.reach import today
    from evenhand.lookups.viewers import get_viewer

    acting = Acting(get_viewer(user, on=today()), reason="measured", origin="shell")
    return make_key(acting, name="a writer", scopes="need").secret


def main(arguments: list[str]) -> int:
    """Write the file."""
    os.environ["EVENHAND_DATA"] = arguments[0]
    os.environ["DJANGO_SETTINGS_MODULE"] = "evenhand.server.settings"
    import django

    django.setup()
    dice = random.Random(11)
    asked, cookies = addresses(), sessions()
    weights = {kind: [1 / place for place in range(1, len(found) + 1)] for kind, found in asked.items()}
    kinds = dice.choices(list(SHARES), list(SHARES.values()), k=REQUESTS)
    drawn = {kind: iter(dice.choices(asked[kind], weights[kind], k=kinds.count(kind))) for kind in SHARES}
    lines = []
    for kind in kinds:
        cookie = dice.choice(cookies) if kind == "desk" else "-"
        lines.append(f"{next(drawn[kind])}\t{cookie}\t{'application/json' if kind == 'api' else '*/*'}")
    Path(arguments[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    distinct = {kind: len(set(found)) for kind, found in asked.items()}
    print(
        json.dumps(
            {
                "keys": {who: key_of(user) for who, user in WRITERS.items()},
                "addresses": distinct,
                "asked": len({line.split(chr(9))[0] for line in lines}),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
