"""The proofs of the book: that an entry is in it, and that it only grew; and the program that checks an export."""

from __future__ import annotations

import base64
from datetime import datetime
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.errors import ActionRefused
from evenhand.lookups.checkpoints import list_checkpoints, prove_consistency
from evenhand.lookups.proofs import list_steps, prove_inclusion
from evenhand.lookups.stock import get_numbered_entry
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table

PLAIN = "text/plain; charset=utf-8"
STEPS = (
    Column("number", gettext_lazy("Step"), "number"),
    Column("beside", gettext_lazy("Hash beside it"), "code", gettext_lazy("from the proof, hexadecimal")),
    Column("side", gettext_lazy("Side"), "state", gettext_lazy("on which side it stands")),
    Column("makes", gettext_lazy("Together"), "code", gettext_lazy("SHA-256 of the byte 1 and both")),
)


@public_page
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """Show one entry, in words, as its line, and with the proof that it is in the book."""
    viewer = viewer_of(request)
    row = get_numbered_entry(viewer, seq)
    try:
        proof = prove_inclusion(viewer, str(seq))
    except ActionRefused:  # it is younger than the newest checkpoint
        proof = None
    steps = [] if proof is None else list_steps(viewer, proof)
    leaf = base64.b64decode(proof.leaf).hex() if proof else ""
    table = Table("proof", _("The proof, step by step"), STEPS, steps)
    return show(
        request,
        "book/entry.html",
        {"entry": row, "recorded": datetime.fromisoformat(row.recorded), "proof": proof, "leaf": leaf},
        table=table,
    )


@public_page
def proof_text(request: HttpRequest, seq: int) -> HttpResponse:
    """Hand out the proof of an entry in the form of C2SP tlog-proof."""
    proof = prove_inclusion(viewer_of(request), str(seq), size=request.GET.get("size", ""))
    return HttpResponse(proof.tlog_proof, content_type=PLAIN)


@public_page
def consistency(request: HttpRequest) -> HttpResponse:
    """Prove that the book only grew between two checkpoints."""
    viewer = viewer_of(request)
    known = list_checkpoints(viewer, most=200)
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    proof = prove_consistency(viewer, old, new) if old and new else None
    return show(request, "book/consistency.html", {"known": known, "proof": proof, "old": old, "new": new})


@public_page
def verifier(request: HttpRequest) -> HttpResponse:
    """Hand out the single file that checks an export, in plain Python."""
    text = (files("evenhand.ledger") / "verifier.py").read_bytes()
    response = HttpResponse(text, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verifier.py"'
    return response
