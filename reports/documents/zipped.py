"""Word and Excel files with fixed bytes: the same document gives the same file."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO

_FIXED = datetime(2000, 1, 1, tzinfo=UTC)
_EARLIEST = 1980
"""First year that a ZIP file can state."""

_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def moment(created: str) -> datetime:
    """``ReportDocument.created`` as UTC, without a fraction of a second; a fixed day when none is stated."""
    try:
        stated = datetime.fromisoformat(created)
    except ValueError:
        return _FIXED
    if stated.tzinfo is None:
        stated = stated.replace(tzinfo=UTC)
    try:
        return stated.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return _FIXED


def rezip(data: bytes, at: datetime) -> bytes:
    """Write the archive anew: every entry and the file's own properties carry the given time."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    entry_time = (max(at.year, _EARLIEST), at.month, at.day, at.hour, at.minute, at.second)
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", content)
            entry = zipfile.ZipInfo(name, entry_time)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            written.writestr(entry, content)
    return target.getvalue()
