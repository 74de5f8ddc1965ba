"""Addresses of search, feed, help, glossary and open data."""

from __future__ import annotations

from django.urls import path

from evenhand.web.frame.addresses import page
from evenhand.web.reading import data, helping, lately, searching

urlpatterns = [
    *page("search", searching.search, "search"),
    *page("changes", lately.changes, "changes"),
    path("feed.atom", lately.feed, name="feed"),
    *page("help", helping.contents, "help", data=False),
    *page("help/<slug:topic>", helping.topic, "help-topic", data=False),
    *page("glossary", helping.glossary, "glossary"),
    *page("accessibility", helping.accessibility, "accessibility", data=False),
    *page("data", data.data, "data"),
    path("data/everything.zip", data.everything, name="everything"),
    path("data/<slug:name>.<format:format>", data.table, name="open-table"),
]
