"""Addresses of the stock book."""

from __future__ import annotations

from django.urls import path

from evenhand.web.book import proofs, views
from evenhand.web.frame.addresses import page

urlpatterns = [
    *page("book", views.book, "book", data=False),
    *page("book/checkpoints", views.checkpoints, "checkpoints"),
    path("book/checkpoints/<int:size>", views.checkpoint, name="checkpoint"),
    *page("book/consistency", proofs.consistency, "consistency", data=False),
    *page("book/entries", views.entries, "entries"),
    path("book/entries/<int:seq>/proof.txt", proofs.proof_text, name="proof-text"),
    *page("book/entries/<int:seq>", proofs.entry, "entry"),
    path("book/verifier.py", proofs.verifier, name="verifier"),
]
