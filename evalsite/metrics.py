"""Figures for Prometheus at ``/metrics``: requests of all processes, and the queue as the database has it at that moment.

Under gunicorn (``gunicorn.conf.py``) the processes share their counts through files, so that one answer has all of them.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_tasks_db.models import DBTaskResult
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from reports.models import ExportJob, Report, Worker

REQUESTS = Counter("evalsite_requests_total", "Requests answered", ["method", "view", "status"])
SECONDS = Histogram(
    "evalsite_request_seconds",
    "Time to answer a request",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = frozenset({"GET", "POST", "HEAD"})


def count(method: str, view: str, status: int, seconds: float) -> None:
    """Count a request. Names of views are a closed list, so that the number of series is bounded."""
    view = view or "other"
    REQUESTS.labels(method if method in METHODS else "OTHER", view, str(status)).inc()
    SECONDS.labels(view).observe(seconds)


class Stored:
    """What only the database knows; read when it is asked for."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge("evalsite_tasks", "Background tasks", DBTaskResult, "status")
        yield _gauge("evalsite_exports", "Bulk exports", ExportJob, "state")
        yield _gauge("evalsite_reports", "Reports", Report, "status")
        seen = Worker.objects.aggregate(last=Max("seen_at"))["last"]
        age = (timezone.now() - seen).total_seconds() if seen else float("inf")
        yield GaugeMetricFamily(
            "evalsite_worker_silence_seconds", "Since a worker's last sign of life", value=age
        )


def _gauge(name: str, text: str, model: type, field: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[field])
    for value, number in model.objects.values_list(field).annotate(n=Count("pk")).order_by(field):
        family.add_metric([str(value)], number)
    return family


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for the addresses of ``EVALSITE_METRICS_ALLOW`` only."""
    if not allowed(request):
        raise PermissionDenied
    stored = CollectorRegistry()
    stored.register(Stored())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    else:
        counted = REGISTRY
    return HttpResponse(generate_latest(counted) + generate_latest(stored), content_type=CONTENT_TYPE_LATEST)


def allowed(request: HttpRequest) -> bool:
    """Whether the request comes from an allowed address.

    Both the connection's address and the one that a proxy says it forwards for must be allowed: behind nginx every
    connection comes from 127.0.0.1, and a made-up header can only make this stricter.
    """
    forwarded = request.headers.get("X-Forwarded-For", "")
    addresses = [request.META.get("REMOTE_ADDR", ""), *([forwarded.rpartition(",")[2]] if forwarded else [])]
    return all(_within(address.strip(), settings.METRICS_ALLOW) for address in addresses)


def _within(address: str, networks: Iterable[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network, strict=False) for network in networks)
