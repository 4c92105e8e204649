"""The printed report (成文与打印): :func:`compose` decides it once, the printers lay it out.

The printers are loaded when they are first used: who only composes does not load reportlab, openpyxl and python-docx.
:func:`compose` itself is loaded at once, because its module bears its name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reports.documents.compose import compose

if TYPE_CHECKING:
    from reports.documents.docx import to_docx
    from reports.documents.html import to_html
    from reports.documents.pdf import to_pdf
    from reports.documents.xlsx import to_xlsx

_PLACES = {"to_pdf": "pdf", "to_docx": "docx", "to_xlsx": "xlsx", "to_html": "html"}

__all__ = ["compose", "to_docx", "to_html", "to_pdf", "to_xlsx"]


def __getattr__(name: str) -> Any:
    """Load a printer on first use."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
