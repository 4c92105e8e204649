"""Looking into a file that somebody uploaded (文件内容): can it be opened, and what do its pages look like as pictures.

A hostile or broken file can hang or kill what opens it. So the work is done by a process of its own with little memory,
little time and no database: ``python -m reports.file_content``. :func:`verify` and :func:`page_picture` start it.
Nothing of the file itself is ever shown by a browser: a page comes back as a PNG of our own making.
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

PATIENCE = 20
"""Seconds that one file may take."""
MEMORY = 1024 * 1024 * 1024
MOST_PAGES = 200
"""Pages that are shown; what comes after has to be downloaded."""
WIDTH = 1100
"""Pixels across a shown page: as wide as an office screen shows it."""
MOST_PIXELS = 4_000_000
"""Pixels of a shown page; a very long one is shown smaller."""
LARGEST_PICTURE = 60_000_000
"""Pixels of a picture that is taken: a photograph of 60 megapixels."""

PDF = "application/pdf"
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG"}
SHOWN = frozenset({PDF, *PICTURES})
"""Types that can be shown as pictures of pages."""


class Unreadable(ValueError):
    """The file cannot be opened; the message says why in Chinese."""


@dataclass(frozen=True)
class Content:
    """What was found in a file."""

    pages: int


def verify(path: Path, content_type: str) -> Content:
    """Open a PDF or picture wholly. Raises :class:`Unreadable` for what is broken, encrypted or too large."""
    answer = json.loads(_run("verify", str(path), content_type))
    return Content(pages=answer["pages"])


def page_picture(path: Path, content_type: str, page: int) -> bytes:
    """One page (from 1) as a PNG. Raises :class:`Unreadable`, also for a page that is not there."""
    return _run("page", str(path), content_type, str(page))


def _run(*arguments: str) -> bytes:
    command = [sys.executable, "-m", "reports.file_content", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 (our own module, arguments of our making)
            command,
            capture_output=True,
            timeout=PATIENCE,
            cwd=Path(__file__).resolve().parent.parent,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("打开文件用时过长") from None
    if done.returncode == 3:
        raise Unreadable(done.stderr.decode("utf-8", "replace").strip())
    if done.returncode != 0:
        raise Unreadable("文件打不开，可能已损坏")
    return done.stdout


# ------------------------------------------------------------------ in the process of its own


def _limit() -> None:
    """Little memory and processor time, where the system can be told so."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _verified(path: str, content_type: str) -> int:
    """Number of pages; every picture is decoded to its last row."""
    if content_type == PDF:
        document = _pdf(path)
        if not len(document):
            raise Unreadable("PDF中没有页面")
        document[0].get_size()
        return len(document)
    _picture(path, content_type)
    return 1


def _drawn(path: str, content_type: str, page: int) -> bytes:
    target = BytesIO()
    if content_type == PDF:
        document = _pdf(path)
        if not 1 <= page <= min(len(document), MOST_PAGES):
            raise Unreadable("没有这一页")
        sheet = document[page - 1]
        width, height = (max(size, 1.0) for size in sheet.get_size())
        scale = min(WIDTH / width, (MOST_PIXELS / (width * height)) ** 0.5)
        image = sheet.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    else:
        if page != 1:
            raise Unreadable("没有这一页")
        from PIL import ImageOps

        image = ImageOps.exif_transpose(_picture(path, content_type)).convert("RGB")
        scale = min(1.0, WIDTH / image.width, (MOST_PIXELS / (image.width * image.height)) ** 0.5)
        image = image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))))
    image.save(target, "PNG")
    return target.getvalue()


def _pdf(path: str):
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("PDF设有打开密码，请去掉密码后再上传") from None
        raise Unreadable("PDF打不开，可能已损坏") from None


def _picture(path: str, content_type: str):
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = LARGEST_PICTURE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(path, formats=[PICTURES[content_type]])
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable(f"图片超过{LARGEST_PICTURE // 1_000_000}百万像素，请缩小后再上传") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Unreadable("图片打不开，可能已损坏或不完整") from None
    return image


def _main(arguments: list[str]) -> int:
    _limit()
    try:
        match arguments:
            case ["verify", path, content_type]:
                sys.stdout.write(json.dumps({"pages": _verified(path, content_type)}))
            case ["page", path, content_type, page]:
                sys.stdout.buffer.write(_drawn(path, content_type, int(page)))
            case _:
                return 2
    except Unreadable as error:
        sys.stderr.buffer.write(str(error).encode())
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
