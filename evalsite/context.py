"""What every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from departments.models import Banner


def site(request: HttpRequest) -> dict[str, Any]:
    """Whether the demo banner is shown, and the notices that run now (read only where a frame shows them), the idle time."""

    def banners() -> list[Banner]:
        return list(Banner.objects.shown_to(getattr(request, "user", None), timezone.now()))

    return {
        "demo_mode": settings.DEMO,
        "banners": banners,
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
        "warn_seconds": min(120, settings.SESSION_IDLE_SECONDS // 3),
    }
