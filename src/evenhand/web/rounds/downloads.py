"""The files of a round: inputs, plan, certificate, the proof as a spreadsheet, the checker, and all of it as one folder.

The bytes are those that the board votes on. Only whoever may see the plan gets them: everything comes through the lookups.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from evenhand.certificates import standalone_source
from evenhand.lookups.round_inputs import get_frozen
from evenhand.lookups.round_stories import get_story
from evenhand.web.frame.pages import public_page, viewer_of
from evenhand.web.rounds.one import number_asked
from evenhand.web.rounds.told import made, proof_sheet, tell, whole_folder
from evenhand.web.rounds.words import readme

TYPES = {
    "csv": "text/csv; charset=utf-8", "json": "application/json", "py": "text/x-python; charset=utf-8", "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@public_page
def download(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Hand out one file of a round's plan, or of its frozen inputs."""
    story = get_story(viewer_of(request), ref, number_asked(request), short=True)
    if name == "check.py":
        return _file(ref, name, standalone_source().encode())
    if story.shown is None:
        frozen = {f"inputs/{table}.csv": body for table, body in get_frozen(viewer_of(request), ref).tables.items()}
        if name not in frozen:
            raise Http404
        return _file(ref, name, frozen[name])
    told = tell(story.folder)
    if name == "plan.zip":
        return _file(ref, name, whole_folder(told, readme(story.title, ref, story.shown.number)))
    if name == "proof.xlsx":
        return _file(ref, name, made(("sheet", told.sha256), lambda: proof_sheet(told), len))
    if name not in told.files:
        raise Http404
    return _file(ref, name, told.files[name])


def _file(ref: str, name: str, body: bytes) -> HttpResponse:
    """Return a file to be kept, never shown: what is in it came from others."""
    kind = name.rpartition(".")[2]
    response = HttpResponse(body, content_type=TYPES.get(kind, "application/octet-stream"))
    plain = name.replace("/", "-")
    named = plain if plain in ("check.py",) else f"{ref}-{plain}"
    response["Content-Disposition"] = f'attachment; filename="{named}"'
    return response
