"""The installations that the browser looks at. Nothing here needs Django in this process."""

from evenhand_served import filled, serve_copy, site_of

__all__ = ["filled", "serve_copy", "site_of"]
