"""Addresses of what was said: statements, threads, sentences, documents, meetings, people in office; trying; reviewing."""

from __future__ import annotations

from django.urls import path

from evenhand.web.frame.addresses import page
from evenhand.web.said import documents, feeds, keeping, meetings, officials, one, reviewing, spoken, trying, views

urlpatterns = [
    path("statements/try", trying.try_text, name="try-text"),
    path("statements/try/<slug:token>", keeping.keep_text, name="keep-text"),
    path("statements/feed.atom", feeds.statements, name="statements-feed"),
    *page("statements", views.statements, "statements"),
    *page("statements/words", spoken.spoken, "words"),
    *page("statements/threads/<ref>", views.thread, "thread"),
    *page("statements/<ref>", one.statement, "statement"),
    *page("documents/<ref>", documents.document, "document"),
    path("meetings/feed.atom", feeds.meetings, name="meetings-feed"),
    *page("meetings", meetings.meetings, "meetings"),
    *page("meetings/<ref>", meetings.meeting, "meeting"),
    *page("officials", officials.officials, "officials"),
    *page("officials/<ref>", officials.official, "official"),
    path("desk/said", reviewing.review, name="review"),
]
