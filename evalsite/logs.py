"""Lines of the log: with the id of the request, as JSON in production. Imported before the applications are loaded."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

FIELDS = ("method", "path", "status", "ms", "user", "view")
current_id: ContextVar[str] = ContextVar("request_id", default="")
"""Set by :class:`evalsite.middleware.RequestLogMiddleware`."""


def request_id() -> str:
    """The id of the request that is being answered; empty outside of one."""
    return current_id.get()


class RequestIdFilter(logging.Filter):
    """Puts the id on every record; a record outside of a request has ``-``."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id() or "-"
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            "process": record.process,
        }
        line |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) is not None}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
