"""Templates: a workbook for each register, with drop-down lists and every column explained, to be filled in and sent.

`write_template` is the front, for commands and pages. A filled template reads back through `exchange.imports`; nothing
here reads.
"""

from evenhand.exchange.templates.workbook import write_template

__all__ = ["write_template"]
