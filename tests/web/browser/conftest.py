"""The browser that journeys and looks are tried in."""

from evenhand_browser import browser, check_axe, keep_shot, open_page, too_wide

__all__ = ["browser", "check_axe", "keep_shot", "open_page", "too_wide"]
