"""The QR code of an approved report, as modules that each printer draws by itself (no picture file is kept)."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import segno

QUIET = 2
"""Empty modules around the code; the paper around it is white as well."""

Modules = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=256)
def modules(address: str) -> Modules:
    """Rows of dark (``True``) and light modules; medium error correction, the smallest version that holds it."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def runs(rows: Modules) -> list[tuple[int, int, int]]:
    """Dark stripes: row, first column, length. One rectangle each leaves no hairlines between modules."""
    found = []
    for number, row in enumerate(rows):
        start = None
        for column, dark in enumerate((*row, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                found.append((number, start, column - start))
                start = None
    return found


def svg_path(rows: Modules) -> str:
    """The stripes as one SVG path, the quiet zone counted in."""
    return "".join(f"M{left + QUIET} {top + QUIET}h{wide}v1h-{wide}z" for top, left, wide in runs(rows))


def png(address: str) -> bytes:
    """The code as a PNG for Word, which knows no drawing of its own that every program shows."""
    buffer = BytesIO()
    segno.make(address, error="m", micro=False, boost_error=False).save(
        buffer, kind="png", scale=8, border=QUIET
    )
    return buffer.getvalue()
