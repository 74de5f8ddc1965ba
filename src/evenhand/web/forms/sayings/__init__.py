"""What every form says: gathered from the modules of this folder, each of which holds `SAYINGS` of its subject."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from evenhand.web.forms.saying import Saying

SAYINGS: dict[str, Saying] = {
    name: saying
    for module in sorted(one.name for one in iter_modules(__path__))
    for name, saying in import_module(f"{__name__}.{module}").SAYINGS.items()
}
"""Name of an action → what its form says."""
