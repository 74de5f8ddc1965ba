"""Text as a cell of a CSV file: nothing that a spreadsheet would compute, whoever wrote it.

Called by `as_csv`. Numbers are never touched: −4 stays a number. Unlike the cells of an export (`exchange.archive.cells`)
an empty text is an empty cell: open data is for reading.
"""

from __future__ import annotations

import re

RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet may take for a formula or a command, however many apostrophes already stand before it.

Source: OWASP, CSV Injection (2024); full-width signs count because some readers fold them.
"""


def guard(text: str) -> str:
    """Return text with an apostrophe before what a spreadsheet would compute; taking one away gives the text again.

    Examples
    --------
    >>> guard("=1+1"), guard("Chad"), guard("'=1+1"), guard("")
    ("'=1+1", 'Chad', "''=1+1", '')
    """
    return "'" + text if RISKY.match(text) else text


def cell_text(text: str) -> str:
    r"""Return text as a cell: guarded, its lines ended as those of the file, because a lone \r would end the row for some.

    Examples
    --------
    >>> cell_text("two\r\nlines"), cell_text("=1")
    ('two\nlines', "'=1")
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return guard(text)
