"""What has no language and no frame: the checkpoint as it was signed, whether the server lives, notes for robots."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.checkpoints import find_latest_checkpoint

PLAIN = "text/plain; charset=utf-8"
ROBOTS = (
    "User-agent: *\nDisallow: /api/\nDisallow: /admin/\nDisallow: /*/act/\nDisallow: /*/desk\nDisallow: /*/account/\n"
)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Give the latest checkpoint as it was signed, for whoever keeps or countersigns it."""
    latest = find_latest_checkpoint(PUBLIC)
    if latest is None:
        return HttpResponse("Nothing was signed yet.\n", content_type=PLAIN, status=404)
    return HttpResponse(latest.note, content_type=PLAIN)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the server and its database answer; nothing else."""
    try:
        latest = find_latest_checkpoint(PUBLIC)
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok", "signed": latest.size if latest else 0})


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how a phone keeps these pages as an application of its own."""
    icons = [
        {"src": static(f"mark-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    said = {
        "name": "Evenhand", "short_name": "Evenhand", "start_url": "/", "scope": "/", "display": "minimal-ui",
        "background_color": "#ffffff", "theme_color": "#155a7e", "icons": icons,
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep robots away from what is no page."""
    return HttpResponse(ROBOTS, content_type=PLAIN)
