"""The demo: a filled stock book to live in, told entirely through actions, the same every time it ends on the same day.

`filling.fill_demo` tells it. What is real in it are public figures and announcements, each with its source (`SOURCES.md`);
the round never took place, and whatever happens after an announcement is invented and says so. Called by `evenhand demo`
and by tests; it writes nothing but through the actions that everybody else uses.
"""
