"""A signing key for one test: the stock book named as its settings name it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evenhand.ledger.checkpoint import SigningKey, new_signing_key


@pytest.fixture
def signing(tmp_path: Path, settings: Any) -> SigningKey:
    """Put a new signing key where the settings look for it."""
    key = new_signing_key(settings.EVENHAND["name"])
    file = tmp_path / "keys" / "checkpoint.key"
    file.parent.mkdir()
    file.write_text(key.text() + "\n", encoding="ascii")
    settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, "signing_key": str(file)})
    return key
