"""Style, script and pictures under /assets/: named by their content, compressed once, kept by browsers for ever.

`evenhand serve` has the storage `prepare` them before its processes start. Without it (in tests) files go out under their plain
names from where they lie. Never serves anything that a person put in.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from evenhand import __version__

STAMP = "prepared"
"""The file that says of which sources the folder was made."""


class AssetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Know every asset's name with its content's hash in it; the plain name where nothing was prepared."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the name under which an asset goes out."""
        plain = self.clean_name(name)
        return str(self.hashed_files.get(self.hash_key(plain), name))

    def prepare(self) -> bool:
        """Gather, name and compress all assets in the data folder, if they changed; say whether they had.

        Older ones stay beside them: a page that was read a minute ago still finds its style.
        """
        stamp = Path(settings.STATIC_ROOT) / STAMP
        sources = _sources()
        if stamp.is_file() and stamp.read_text(encoding="ascii") == sources:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(sources, encoding="ascii")
        return True


class Assets(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serve them, before anything else is done with a request."""

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """Take the files of a folder, if it was prepared."""
        if Path(root).is_dir():
            super().add_files(root, prefix)


def _sources() -> str:
    found: list[Any] = [__version__]
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            found.append((path, file.st_size, file.st_mtime_ns))
    return hashlib.sha256(repr(found).encode()).hexdigest()
