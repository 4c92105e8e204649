"""Uploaded files are opened in a process of their own; what is broken, locked or endless is refused with a sentence."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from reports import file_content
from reports.file_content import Unreadable, page_picture, verify
from tests.evidence import pdf, picture

PDF, PNG, JPG = "application/pdf", "image/png", "image/jpeg"


def locked_pdf() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(100, 100, "x")
    canvas.save()
    return target.getvalue()


def bomb() -> bytes:
    """A picture of 20 000 × 20 000 points in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def written(tmp_path, data: bytes):
    path = tmp_path / "file"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "kind", "pages"), [(pdf(3), PDF, 3), (picture(), PNG, 1), (picture("JPEG"), JPG, 1)]
)
def test_what_is_whole_is_read(tmp_path, data, kind, pages):
    assert verify(written(tmp_path, data), kind).pages == pages


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"%PDF-1.7\n%%EOF", PDF, "PDF打不开"),
        (locked_pdf(), PDF, "打开密码"),
        (b"\x89PNG\r\n\x1a\nrest", PNG, "图片打不开"),
        (picture(size=(800, 800))[:-500], PNG, "图片打不开"),
        (picture("JPEG"), PNG, "图片打不开"),
        (bomb(), PNG, "百万像素"),
    ],
)
def test_what_is_broken_is_refused_with_a_sentence(tmp_path, data, kind, words):
    with pytest.raises(Unreadable, match=words):
        verify(written(tmp_path, data), kind)


def test_a_page_comes_back_as_a_picture_of_our_making(tmp_path):
    path = written(tmp_path, pdf(2))
    for page in (1, 2):
        image = Image.open(io.BytesIO(page_picture(path, PDF, page)))
        assert image.format == "PNG" and image.width <= file_content.WIDTH + 1
        assert image.convert("L").getextrema()[0] < 128  # something is printed on it
    for page in (0, 3):
        with pytest.raises(Unreadable, match="没有这一页"):
            page_picture(path, PDF, page)


def test_a_photograph_is_turned_as_it_was_taken_and_made_smaller(tmp_path):
    target = io.BytesIO()
    image = Image.new("RGB", (3000, 1000), "green")
    exif = image.getexif()
    exif[0x0112] = 6
    exif[0x010E] = "GPS of an office"
    image.save(target, "JPEG", exif=exif)
    shown = page_picture(written(tmp_path, target.getvalue()), JPG, 1)
    size = Image.open(io.BytesIO(shown)).size
    assert size[0] < size[1] and size[0] * size[1] <= file_content.MOST_PIXELS
    assert b"GPS" not in shown


def test_a_page_as_long_as_a_street_is_shown_smaller(tmp_path):
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(100, 14000))
    canvas.drawString(10, 10, "x")
    canvas.save()
    size = Image.open(io.BytesIO(page_picture(written(tmp_path, target.getvalue()), PDF, 1))).size
    assert size[0] * size[1] <= file_content.MOST_PIXELS * 1.1


def test_a_file_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(file_content, "PATIENCE", 0.001)
    with pytest.raises(Unreadable, match="用时过长"):
        verify(written(tmp_path, pdf()), PDF)
