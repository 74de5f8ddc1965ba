"""The browser, and the installations that it looks at. Nothing here needs Django in this process."""

from evenhand_browser import browser, check_axe, keep_shot, open_page, too_wide
from evenhand_served import filled, serve_copy, site_of

__all__ = ["browser", "check_axe", "filled", "keep_shot", "open_page", "serve_copy", "site_of", "too_wide"]
