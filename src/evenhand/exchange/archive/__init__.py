"""The export folder: everything a server holds that is public, as files that anyone can check; out and in again.

`write_archive` and `read_archive` are the front, for the commands and actions that have the records and the stock book.
This folder knows files: it writes all of one or nothing, and hands nothing on of a folder whose checksums do not hold.
It computes no root and no balance; those are the stock book's to make and to compare.
"""

from evenhand.exchange.archive.read import Archive, read_archive
from evenhand.exchange.archive.write import Balance, write_archive

__all__ = ["Archive", "Balance", "read_archive", "write_archive"]
