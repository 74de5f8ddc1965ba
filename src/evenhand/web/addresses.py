"""Every page under its language, from the folders of pages: each holds its own `addresses`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.urls import URLPattern, URLResolver, path

import evenhand.web
from evenhand.web.forms.acts import act
from evenhand.web.frame.showcase.addresses import urlpatterns as showcase


def in_every_language() -> list[URLPattern | URLResolver]:
    """Return the addresses that stand under a language."""
    found: list[URLPattern | URLResolver] = [path("act/<slug:group>/<slug:verb>", act, name="act"), *showcase]
    for folder in sorted(one.name for one in iter_modules(evenhand.web.__path__) if one.ispkg and one.name != "frame"):
        if find_spec(f"evenhand.web.{folder}.addresses"):
            found += import_module(f"evenhand.web.{folder}.addresses").urlpatterns
    return found
