"""Tables of a server in: what a ministry or an agency really sends becomes typed rows, or sentences and questions.

`read_import` is the front, for commands and actions; it never writes a record, never drops a row in silence, and never
guesses where a person must be asked. `source` opens the file (the doors of `exchange.tables`, for this much use behind
tighter limits), `layouts` puts somebody else's headings into our columns, `columns` with `separators`, `days` and
`words` types the cells, `repeats` finds rows that are there twice.
"""

from evenhand.exchange.imports.imported import ImportedTable, Question
from evenhand.exchange.imports.layouts import Layout, list_layouts, load_layout
from evenhand.exchange.imports.read import read_import

__all__ = ["ImportedTable", "Layout", "Question", "list_layouts", "load_layout", "read_import"]
