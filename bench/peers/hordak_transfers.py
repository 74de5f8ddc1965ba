"""django-hordak on a PostgreSQL of its own: transfers between two accounts, each in a transaction of its own or all in one.

    python -m bench.peers.hordak_transfers NUMBER [together]

Hordak keeps double entry in money, with triggers that its migrations make; `transfer_to` is its own shortcut. It takes no id of
the caller's, writes no audit line and no Merkle leaf, and lets an account go below zero; ours does all of that beside the
transfer. As many accounts as ours uses, and the same durable server.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter
from typing import Any

from bench.stock_book import OFFERS, beside_the_disk, start_server


def main(number: int, *, together: bool) -> None:
    """Measure and print a JSON object."""
    server = start_server()
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="of no use",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql", "NAME": "evenhand", "USER": "postgres",
                "HOST": str(server.folder),
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        HORDAK_INTERNAL_CURRENCY="USD", DEFAULT_CURRENCY="USD", HORDAK_CURRENCIES=["USD"], USE_TZ=True,
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    try:
        call_command("migrate", verbosity=0)
        from hordak.models import Account
        from moneyed import Money

        def account(name: str, code: int) -> Any:
            return Account.objects.create(name=f"{name} {code}", code=f"{code:03d}", type="AS", currencies=["USD"])

        offered = [account("offered", code) for code in range(OFFERS)]
        withdrawn = [account("withdrawn", OFFERS + code) for code in range(OFFERS)]
        unit = Money("2.15", "USD")

        def transfer(one: int) -> None:
            offered[one % OFFERS].transfer_to(withdrawn[one % OFFERS], unit)

        def transfer_alone(one: int) -> None:
            with transaction.atomic():
                transfer(one)

        if together:
            begun = perf_counter()
            with transaction.atomic():
                for one in range(number):
                    transfer(one)
            said = {"rate": number / (perf_counter() - begun)}
        else:
            said = beside_the_disk(server.folder, transfer_alone, number)
    finally:
        connection.close()
        server.remove()
    print(json.dumps(said))


if __name__ == "__main__":
    main(int(sys.argv[1]), together="together" in sys.argv)
