"""Let `python -m evenhand` do what `evenhand` does."""

from __future__ import annotations

import sys

from evenhand.cli import main

if __name__ == "__main__":
    sys.exit(main())
