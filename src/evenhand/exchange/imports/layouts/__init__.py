"""Layouts: how somebody else's headings become our columns, written as data.

A layout is a TOML file; `declared` reads it, `arrange` puts a sheet through it. The shipped ones lie beside this module,
each with what it decides and why; anybody's own, in the same words, is given by its path. A layout never computes a
share or drops a row without saying how many and why.
"""

from evenhand.exchange.imports.layouts.declared import Layout, list_layouts, load_layout

__all__ = ["Layout", "list_layouts", "load_layout"]
