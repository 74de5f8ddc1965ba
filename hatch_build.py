"""Compile the catalogues of the six languages whenever Evenhand is built or installed, in place too.

Called by hatchling. Only the .po files are kept; what programs read is made from them here, and by `make words`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LANGUAGES = Path("src", "evenhand", "web", "languages")


class CompileCatalogues(BuildHookInterface):
    """Make each django.mo beside its django.po before files are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; the module that does it is loaded by itself, because nothing of Evenhand is installed yet."""
        folder = Path(self.root) / LANGUAGES
        spec = importlib.util.spec_from_file_location("compiling", folder / "compiling.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(folder / "compiling.py")
        compiling = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(compiling)
        compiling.compile_all(folder)
