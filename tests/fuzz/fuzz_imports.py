"""Fuzz the importers with Atheris, by hand: any bytes give a table or one of Evenhand's own errors.

    pip install atheris
    python tests/fuzz/fuzz_imports.py -max_total_time=60 [a folder of files to start from]

Not a test: pytest does not collect it, and Atheris is no dependency. Hypothesis does the same in
tests/exchange/imports/test_laws.py with files that it makes up.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["evenhand"]):
    from evenhand.errors import EvenhandError
    from evenhand.exchange.imports import list_layouts, load_layout, read_import
    from evenhand.supply.registers import REGISTERS

TABLES = sorted(REGISTERS)
LAYOUTS = [load_layout(name) for name in list_layouts()]


def read_one(data: bytes) -> None:
    """Read bytes as the register, or through the layout, that their first one chooses."""
    if not data:
        return
    choice, data = data[0], data[1:]
    layout = LAYOUTS[choice // 8 % len(LAYOUTS)] if choice >= 128 else None
    try:
        table = read_import(data, layout.table if layout else TABLES[choice % len(TABLES)], layout=layout)
    except EvenhandError:
        return
    assert len(table.rows) == table.frame.height
    assert table.refusal() is None or not table.sound


if __name__ == "__main__":
    atheris.Setup(sys.argv, read_one)
    atheris.Fuzz()
