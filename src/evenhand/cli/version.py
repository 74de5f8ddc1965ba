"""`evenhand version`."""

from __future__ import annotations

from importlib.metadata import version as installed_version

from evenhand.cli.answer import Answer
from evenhand.cli.options import AsJson


def version(as_json: AsJson = False) -> Answer:
    """Say which Evenhand this is."""
    number = installed_version("evenhand")
    return Answer("version", f"evenhand {number}", result={"version": number})
