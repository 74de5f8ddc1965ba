"""The headers that every answer carries, whichever part of the server gave it; and who asks, where a proxy stands between.

The second middleware of all: what goes wrong in those behind it still leaves with its headers. Never decides who may see what.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

PERMISSIONS: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation",
        "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip
"""What a page of Evenhand never asks the device for. Passkeys and the clipboard are not among them."""

FORWARDED: Final = "HTTP_X_FORWARDED_FOR"


class Headers:
    """Put the headers on, and take a forwarded address from the one proxy that is trusted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        if settings.PROXY:
            _take_forwarded_address(request)
        response = self.get_response(request)
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        return response


def _take_forwarded_address(request: HttpRequest) -> None:
    """Take the last hop of X-Forwarded-For, the one that our own proxy wrote; the others are whatever the asker says."""
    last = str(request.META.get(FORWARDED, "")).rpartition(",")[2].strip()
    try:
        request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(last))
    except ValueError:
        return  # the proxy's own address stands
