"""What the API hands out that is no record: files as they are kept, proofs as text, who one is, the whole of the open data.

Each of these answers one address; `addresses` says which. Bytes are the very bytes that were frozen, signed or sent.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja.params.functions import Path, Query

from evenhand.api.answers import as_number, to_json
from evenhand.api.door import Asking
from evenhand.api.reading import LONGEST_TEXT, MOST, refuse_unknown, respond, version_of_figures
from evenhand.api.schemas import Schema
from evenhand.errors import NameUnknown
from evenhand.figures.world.features import geojson
from evenhand.lookups.checkpoints import find_latest_checkpoint
from evenhand.lookups.evidence import get_evidence, read_file
from evenhand.lookups.figures import list_figures
from evenhand.lookups.open_data import make_bulk
from evenhand.lookups.proofs import list_verifiers, prove_inclusion, read_lines
from evenhand.lookups.reach import today
from evenhand.lookups.rounds import read_plan, read_table
from evenhand.lookups.version import read_version

TEXT: Final = "text/plain; charset=utf-8"
ZIP: Final = "application/zip"
ANY: Final = "application/octet-stream"
MOST_LINES: Final = 10_000
LAST_NUMBER: Final = 2**53

ME_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "public_id": {"type": "string", "description": "what stands for you in entries and exports; empty for the public"},
        "name": {"type": "string"},
        "roles": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "role": {"type": "string"}, "party": {"type": "string"}, "group": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
        "key": {"type": "string", "description": "the ref of the key that was sent, empty where none was"},
        "scopes": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": False,
}  # fmt: skip


def me(request: HttpRequest) -> HttpResponse:
    """Return who you are to this server: the roles you hold today and what your key may do."""
    refusal = refuse_unknown(request, {})
    if refusal is not None:
        return refusal
    asking = _asking(request)
    viewer = asking.viewer
    roles = [{"role": one.role, "party": one.party, "group": one.group} for one in viewer.roles]
    data = {
        "public_id": viewer.public_id, "name": viewer.name, "roles": roles, "key": asking.key, "scopes": list(asking.scopes),
    }  # fmt: skip
    return respond(request, {"data": data, "day": today().isoformat()})


def checkpoint_note(request: HttpRequest) -> HttpResponse:
    """Return the newest checkpoint as it was signed, for whoever keeps or countersigns it (C2SP tlog-checkpoint)."""
    refusal = refuse_unknown(request, {})
    if refusal is not None:
        return refusal
    latest = find_latest_checkpoint(_asking(request).reads_as)
    if latest is None:
        raise NameUnknown("checkpoint", "newest", ())
    return HttpResponse(latest.note, content_type=TEXT)


def proof_text(
    request: HttpRequest,
    seq: str = Path(..., description="the entry's number in the book, counted from 1", max_length=40),
    size: str = Query(
        "", description="under the checkpoint over so many entries; the newest where not said", max_length=40
    ),
) -> HttpResponse:
    """Return the proof that an entry stands in the book, as one text (C2SP tlog-proof)."""
    refusal = refuse_unknown(request, {"size": ""})
    if refusal is not None:
        return refusal
    proof = prove_inclusion(_asking(request).reads_as, seq, size=size)
    return _named(HttpResponse(proof.tlog_proof, content_type=TEXT), f"entry-{proof.seq}.tlog-proof")


def book_lines(
    request: HttpRequest,
    after: int = Query(0, description="only entries after this number", ge=0, le=LAST_NUMBER),
    most: int = Query(MOST, description=f"so many lines, at most {MOST_LINES}", ge=1, le=MOST_LINES),
) -> HttpResponse:
    """Return the lines of the stock book as its tree hashes them, one on a line, for whoever verifies all of it."""
    refusal = refuse_unknown(request, {"after": "", "most": ""})
    if refusal is not None:
        return refusal
    return HttpResponse(read_lines(_asking(request).reads_as, after=after, most=most), content_type=TEXT)


def book_keys(request: HttpRequest) -> HttpResponse:
    """Return the keys with which signatures of this book are checked, one on a line; compare them with what you know."""
    refusal = refuse_unknown(request, {})
    if refusal is not None:
        return refusal
    return HttpResponse("".join(f"{key}\n" for key in list_verifiers(_asking(request).reads_as)), content_type=TEXT)


def evidence_file(
    request: HttpRequest, ref: str = Path(..., description="its ref, EV-...", max_length=LONGEST_TEXT)
) -> HttpResponse:
    """Return the file of a piece of evidence, as it was sent."""
    refusal = refuse_unknown(request, {})
    if refusal is not None:
        return refusal
    viewer = _asking(request).reads_as
    found = get_evidence(viewer, ref)
    if not found.sha256:
        raise NameUnknown("file of the evidence", ref, ())
    # Whatever it says it is, a browser is told to keep it and never to show it: it came from somebody else.
    return _named(HttpResponse(read_file(viewer, ref), content_type=ANY), ref)


def round_table(
    request: HttpRequest,
    ref: str = Path(..., description="the round's ref, RD-...", max_length=LONGEST_TEXT),
    name: str = Path(..., description="the table's name: needs, lots or groups", max_length=LONGEST_TEXT),
) -> HttpResponse:
    """Return a table that a round froze, byte for byte."""
    refusal = refuse_unknown(request, {})
    if refusal is not None:
        return refusal
    body = read_table(_asking(request).reads_as, ref, name)
    return _named(HttpResponse(body, content_type="text/csv; charset=utf-8"), f"{ref}-{name}.csv")


def round_plan(
    request: HttpRequest,
    ref: str = Path(..., description="the round's ref, RD-...", max_length=LONGEST_TEXT),
    proposal: int = Query(
        0, description="the number of the plan; the newest that you may see where not said", ge=0, le=10**6
    ),
) -> HttpResponse:
    """Return a round's plan with its inputs and certificate, as `evenhand check` reads it."""
    refusal = refuse_unknown(request, {"proposal": ""})
    if refusal is not None:
        return refusal
    body = read_plan(_asking(request).reads_as, ref, proposal)
    return _named(HttpResponse(body, content_type=ZIP), f"{ref}.zip")


def map_of_gaps(
    request: HttpRequest,
    resource: str = Query("", description="only of this resource, with its family", max_length=LONGEST_TEXT),
    group: str = Query("", description="only of members of this group, on the day", max_length=LONGEST_TEXT),
) -> HttpResponse:
    """Return how far the needs of each state are met, as GeoJSON for a map; the least met family where several are asked for."""
    refusal = refuse_unknown(request, {"resource": "", "group": ""})
    if refusal is not None:
        return refusal
    viewer = _asking(request).reads_as
    version_of_figures(request, read_version(viewer))
    shares: dict[str, float | None] = {}
    told: dict[str, dict[str, Any]] = {}
    names = {}
    for one in list_figures(viewer, by="recipient", group=group, resource=resource):
        share = one.coverage
        names[one.key] = one.name
        known = shares.setdefault(one.key, None)
        if share is not None and (known is None or float(share) < known):
            shares[one.key] = float(share)
            told[one.key] = {
                "share_exact": str(share), "family": one.family, "unit": one.unit, "needed": as_number(one.needed),
                "covered": as_number(one.covered), "gap": as_number(one.gap),
            }  # fmt: skip
    body = to_json(geojson(shares, names, properties=told))
    return HttpResponse(body, content_type="application/geo+json; charset=utf-8")


def bulk(
    request: HttpRequest, format: str = Query("parquet", description="of the tables: parquet or csv", max_length=40)
) -> HttpResponseBase:
    """Return all public data in one zip file: every table, what its columns mean, the licence, hashes, the checkpoint."""
    refusal = refuse_unknown(request, {"format": ""})
    if refusal is not None:
        return refusal
    file = make_bulk(_asking(request).reads_as, format=format, address=request.build_absolute_uri("/"))
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"evenhand-{format}.zip", content_type=ZIP)


def _asking(request: HttpRequest) -> Asking:
    asking: Asking = request.asking  # type: ignore[attr-defined]  # the door has put it there
    return asking


def _named(response: HttpResponse, name: str) -> HttpResponse:
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "-_."))
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    return response
