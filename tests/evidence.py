"""Files as a unit would upload them: a PDF of some pages, a photograph, a screenshot."""

from __future__ import annotations

import io

from PIL import Image
from reportlab.pdfgen.canvas import Canvas


def pdf(pages: int = 2, text: str = "evidence") -> bytes:
    """A PDF with that many pages."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for number in range(pages):
        canvas.drawString(100, 700, f"{text} {number + 1}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (120, 80), colour: str = "navy") -> bytes:
    """A picture of one colour."""
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind)
    return target.getvalue()
