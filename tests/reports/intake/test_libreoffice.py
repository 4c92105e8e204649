"""Our own files opened by LibreOffice and saved again, in its formats and back: they are read the same.

Each sample is printed once; one call of LibreOffice converts all samples of a kind.
"""

from __future__ import annotations

import shutil
import subprocess

import pytest

from reports.intake import read
from tests.reports.intake.files import printed, said
from tests.reports.intake.samples import SAMPLES

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

WORD, WORD_97, WRITER = "docx:MS Word 2007 XML", "doc:MS Word 97", "odt:writer8"
EXCEL, EXCEL_97 = "xlsx:Calc MS Excel 2007 XML", "xls:MS Excel 97"
WAYS = {
    "docx": ("docx", WORD),
    "docx by way of odt": ("docx", WRITER, WORD),
    "pdf": ("docx", "pdf:writer_pdf_Export"),
    "xlsx": ("xlsx", EXCEL),
    "xls": ("xlsx", EXCEL_97),
    "xlsx by way of ods": ("xlsx", "ods:calc8", EXCEL),
    "pdf of the workbook": ("xlsx", "pdf:calc_pdf_Export"),
}
LONG_WAYS = ("docx by way of odt", "xlsx by way of ods")
"""Tried by `make soak` only."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All samples as our own .docx and .xlsx."""
    place = tmp_path_factory.mktemp("own")
    for name, make in SAMPLES.items():
        dossier = make()
        for kind in ("docx", "xlsx"):
            (place / f"{name}.{kind}").write_bytes(printed(dossier, kind))
    return place


@pytest.fixture(scope="module")
def expected(folder):
    return {name: read(folder / f"{name}.docx") for name in SAMPLES}


def converted(source, kind, steps, target):
    """The folder with what LibreOffice makes of all files of one kind, and the kind of the last step."""
    for number, step in enumerate(steps):
        made = target / str(number)
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{target}/profile", "--headless", "--norestore",
             "--convert-to", step, "--outdir", str(made), *sorted(map(str, source.glob(f"*.{kind}")))],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
        source, kind = made, step.partition(":")[0]
    return source, kind


@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=pytest.mark.soak if way in LONG_WAYS else ()) for way in WAYS]
)
def test_what_libreoffice_saved_is_read_the_same(folder, expected, way, tmp_path):
    kind, *steps = WAYS[way]
    place, ending = converted(folder, kind, steps, tmp_path)
    for name, own in expected.items():
        found = read(place / f"{name}.{ending}")
        assert said(found) == said(own), name
        asked = {(item.words, item.question) for item in found.unread}
        assert asked <= {(item.words, item.question) for item in own.unread}, name


def test_old_word_files(folder, expected, tmp_path):
    """The reader turns each .doc back by itself."""
    (tmp_path / "own").mkdir()
    shutil.copy(folder / "completed.docx", tmp_path / "own")
    place, _ = converted(tmp_path / "own", "docx", [WORD_97], tmp_path)
    assert said(read(place / "completed.doc")) == said(expected["completed"])
