"""Style and script: named by their content, compressed, kept for ever; and there without any of that."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from django.test import Client

SCRIPT = """
import django; django.setup()
from django.contrib.staticfiles.storage import staticfiles_storage as storage
from django.test import Client
print(storage.prepare(), storage.prepare())
address = storage.url("portal.css")
print(address)
for coding in ("br", "gzip", "identity"):
    answer = Client().get(address, headers={"Accept-Encoding": coding})
    print(answer.status_code, answer["Cache-Control"], answer.get("Content-Encoding", "none"), answer["Vary"], answer["Content-Type"])
print(storage.url("nowhere.css"))
"""


@pytest.mark.slow
def test_a_prepared_asset_is_named_by_its_content_compressed_and_kept_for_ever(tmp_path: Path) -> None:
    environment = os.environ | {
        "EVENHAND_DATA": str(tmp_path),
        "EVENHAND_HTTPS": "no",
        "DJANGO_SETTINGS_MODULE": "evenhand.server.settings",
    }
    environment |= {"EVENHAND_HOSTS": "testserver"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    prepared, address, *answers, unknown = done.stdout.splitlines()
    assert prepared == "True False"
    assert address.startswith("/assets/portal.")
    assert len(address.split(".")) == 3
    for coding, line in zip(("br", "gzip", "none"), answers, strict=True):
        assert line.startswith(f"200 max-age=315360000, public, immutable {coding} Accept-Encoding"), line
    assert unknown == "/assets/nowhere.css"
    plain = next((tmp_path / "assets").glob("portal.????????????.css"))
    assert brotli.decompress(Path(f"{plain}.br").read_bytes()) == plain.read_bytes()
    assert gzip.decompress(Path(f"{plain}.gz").read_bytes()) == plain.read_bytes()


def test_an_asset_is_there_under_its_plain_name_without_being_prepared() -> None:
    answer = Client().get("/assets/portal.css")
    for close in answer._resource_closers:  # not `answer.close`, which would end the test's own connection
        close()
    assert answer.status_code == 200
    assert "immutable" not in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize(
    "path", ["../settings.py", "%2e%2e/settings.py", "..%2fpeople", "portal.css/..", "//etc/passwd"]
)
def test_nothing_beside_the_assets_is_served(path: str, db: None) -> None:
    assert Client().get(f"/assets/{path}").status_code in (400, 404)
