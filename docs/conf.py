"""How Sphinx builds this documentation. `make docs` calls it; it needs no network."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Evenhand"
author = "the Evenhand contributors"
copyright = "the Evenhand contributors; Apache License 2.0"
version = release = installed_version("evenhand")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "evenhand_reference"]
exclude_patterns = ["_ext"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

napoleon_google_docstring = False
napoleon_custom_sections = [("Source", "returns_style")]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"

html_theme = "furo"
html_title = "Evenhand"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1d4f7c", "color-brand-content": "#1d4f7c"},
    "dark_css_variables": {"color-brand-primary": "#8fc3f0", "color-brand-content": "#8fc3f0"},
}
