"""Tables in: files and dataframes become one sound `supply.tables.Tables`, or every problem of every table at once.

The door (`open_source`, `text_file`, `encoding`, `workbook`, `frames`) turns whatever came into a `Sheet` of raw
columns and knows nothing of the rules. `headings` and `columns` (with `numbers`, `keys`, `dates`, `names`) turn a
sheet into typed columns by the declarations of `supply.columns`. `soundness` holds the rules that span columns, rows
and tables. `write` goes the other way. Nothing here prints, and nothing but `EvenhandError` leaves it.
"""

from evenhand.exchange.tables.read import read_actual, read_tables
from evenhand.exchange.tables.write import write_csv_bytes

__all__ = ["read_actual", "read_tables", "write_csv_bytes"]
