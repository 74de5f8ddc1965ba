"""Certificates: whether a plan holds, by arithmetic alone.

`checker` is one file of standard library that knows nothing of Evenhand, so that a ministry can run it with bare Python
(`evenhand check --standalone > check.py`). Called by `evenhand.plan`, which never returns a plan that fails here. Nothing
in this folder may import a solver, or anything of Evenhand but its errors.
"""

from __future__ import annotations

import os
from pathlib import Path

from evenhand.certificates import checker
from evenhand.certificates.checker import Verdict
from evenhand.errors import PlanUnreadable

__all__ = ["Verdict", "check_folder", "standalone_source"]


def check_folder(path: str | os.PathLike[str]) -> Verdict:
    """Check the plan folder at `path`: hashes, inputs, feasibility, derived columns, claim, conditions 1-4.

    Raises
    ------
    PlanUnreadable
        The folder is missing, incomplete, or holds something that is not a plan.

    Examples
    --------
    >>> check_folder("no/such/plan")
    Traceback (most recent call last):
    ...
    evenhand.errors.PlanUnreadable: 'no/such/plan' is not a folder, so it is not a plan
    """
    try:
        return checker.check_folder(path)
    except checker.PlanUnreadable as refusal:  # the checker stands alone, so it has an error of its own
        raise PlanUnreadable(str(refusal)) from None


def standalone_source() -> str:
    """Return the text of the checker as one file: `evenhand check --standalone > check.py`, `python check.py plan/`.

    Examples
    --------
    >>> standalone_source().splitlines()[0]
    '\"\"\"Check an Evenhand plan, trusting nobody: not the solver, not the files, not Evenhand.'
    """
    return Path(checker.__file__).read_text(encoding="utf-8")
