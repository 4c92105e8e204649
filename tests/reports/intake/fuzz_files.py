"""More that the fuzz tests draw: real reports with lines moved and cut, Word's wrappings, broken files, tables elsewhere."""

from __future__ import annotations

import copy
import re
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from reports.dossier import Dossier
from reports.intake import IntakeError, read_bytes
from reports.intake.containers import Kind
from reports.intake.final_accounts import accounts_of
from reports.intake.formulas import Formulas
from reports.intake.joined import read_source
from reports.intake.sections import PAGE_NUMBER
from reports.intake.wording import fold
from reports.intake.xlsx_file import Sheet, SheetCell, open_book, read_xlsx
from tests.budgets.accounts import tables, xls, xlsx
from tests.factories import make_dossier
from tests.reports.intake.files import printed, repacked, said, word
from tests.reports.intake.fuzz import Drawn, lost

STYLES = Path(__file__).with_name("styles")
NUMBERING = re.compile(r"^\s*[（(]?(?:\d{1,2}|[一二三四五六七八九十]+)[）)、.．]?(?!\d)")
NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")
SIGNS = (
    "，",
    "。",
    "；",
    "：",
    "（",
    "）",
    "、",
    "%",
    "万元",
    "元",
    "其中：",
    "分别为",
    "得分",
    "“",
    " ",
    "\t",
    "无",
    "约",
    "3",
)


# ------------------------------------------------------------------ real reports, mutated


@cache
def texts() -> tuple[str, ...]:
    """The reports of all styles."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted(STYLES.glob("*.txt")))


@st.composite
def edited_reports(draw: st.DrawFn) -> Drawn:
    """A report of some style with lines moved, doubled, cut and joined, signs put in and numbers replaced."""
    lines = draw(st.sampled_from(texts())).splitlines()
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["drop", "double", "move", "cut", "join", "sign", "number", "letter"]))
        line = lines[at]
        if kind == "drop" and len(lines) > 3:
            del lines[at]
        elif kind == "double":
            lines.insert(at, line)
        elif kind == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        elif kind == "join" and at + 1 < len(lines):
            lines[at : at + 2] = [f"{line}，{lines[at + 1]}"]
        elif kind == "number":
            number = draw(st.decimals(0, 99999, places=2))
            lines[at] = NUMBER.sub(str(number), line, count=1)
        elif line:
            place = draw(st.integers(0, len(line)))
            inside = re.search(r"[\d.,]$", line[:place]) and re.match(r"[\d.,]", line[place:])
            if kind == "sign":
                lines[at] = line[:place] + draw(st.sampled_from(SIGNS)) + line[place:]
            elif kind == "letter":
                lines[at] = line[:place] + line[place + 1 :]
            elif not inside:
                lines[at : at + 1] = [line[:place], line[place:]]
    lines = [line for line in lines if not PAGE_NUMBER.match(fold(line).strip())]
    numbers = [
        number
        for line in lines
        for number in NUMBER.findall(NUMBERING.sub("", fold(line).replace(",", "")))
        if len(number) < 12
    ]
    return Drawn("\n".join(lines), tuple(numbers))


def check_edited(drawn: Drawn) -> None:
    """As text: nothing lost, the same again. As Word: nothing lost."""
    _nothing_lost(drawn, drawn.text.encode(), "a.txt")
    _nothing_lost(drawn, word(*drawn.text.split("\n")), "a.docx")


def check_on_paper(drawn: Drawn) -> None:
    """The lines printed on A4 without any mark of structure: read or refused, never a crash."""
    lines = [line[at : at + 36] for line in drawn.text.split("\n") for at in range(0, len(line), 36)]
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4)
    for start in range(0, len(lines), 34):
        paper.setFont("STSong-Light", 12)
        for row, line in enumerate(lines[start : start + 34]):
            paper.drawString(72, 770 - row * 21, line)
        paper.showPage()
    paper.save()
    told_or_refused(buffer.getvalue(), "a.pdf")


def _nothing_lost(drawn: Drawn, data: bytes, name: str) -> None:
    dossier = told_or_refused(data, name)
    if dossier is None:
        return
    assert lost(drawn, dossier) == []
    assert read_bytes(data, name) == dossier


def told_or_refused(data: bytes, name: str) -> Dossier | None:
    """The dossier, or ``None`` where a Chinese sentence refuses the file; anything else is a failure."""
    try:
        return read_bytes(data, name)
    except IntakeError as error:
        assert re.search("[一-鿿]", str(error))
        return None


# ------------------------------------------------------------------ Word's wrappings

WRAPPINGS = (
    "<w:r {ns}><w:t/></w:r>",
    "<w:ins {ns}><w:r><w:t/></w:r></w:ins>",
    "<w:moveTo {ns}><w:r><w:t/></w:r></w:moveTo>",
    "<w:hyperlink {ns}><w:r><w:t/></w:r></w:hyperlink>",
    "<w:smartTag {ns}><w:r><w:t/></w:r></w:smartTag>",
    "<w:sdt {ns}><w:sdtPr/><w:sdtContent><w:r><w:t/></w:r></w:sdtContent></w:sdt>",
    '<w:fldSimple {ns} w:instr=" REF 5 "><w:r><w:t/></w:r></w:fldSimple>',
    "<w:r {ns}><w:softHyphen/><w:t/></w:r>",
)
GONE = (
    "<w:del {ns}><w:r><w:delText>777.77万元</w:delText></w:r></w:del>",
    "<w:moveFrom {ns}><w:r><w:t>777.77万元</w:t></w:r></w:moveFrom>",
    "<w:r {ns}><w:instrText>777.77</w:instrText></w:r>",
    "<w:r {ns}><w:rPr><w:vanish/></w:rPr><w:t>777.77万元</w:t></w:r>",
    "<w:sdt {ns}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>777.77</w:t></w:r></w:sdtContent></w:sdt>",
)


@st.composite
def wrapped_reports(draw: st.DrawFn) -> tuple[str, bytes]:
    """A report, and its Word file with text cut into runs of all kinds and text that nobody sees put between."""
    text = draw(st.sampled_from(texts()))
    document = Document()
    for line in text.split("\n"):
        paragraph = document.add_paragraph()._p
        at = 0
        while at < len(line):
            end = len(line) if draw(st.booleans()) else draw(st.integers(at + 1, len(line)))
            run = parse_xml(draw(st.sampled_from(WRAPPINGS)).replace("{ns}", nsdecls("w")))
            next(run.iter(qn("w:t"))).text = line[at:end]
            paragraph.append(run)
            if draw(st.integers(0, 9)) == 0:
                paragraph.append(parse_xml(draw(st.sampled_from(GONE)).replace("{ns}", nsdecls("w"))))
            at = end
    buffer = BytesIO()
    document.save(buffer)
    return text, buffer.getvalue()


@cache
def _plain(text: str) -> dict[str, object]:
    return said(read_bytes(word(*text.split("\n")), "a.docx"))


def check_wrapped(text: str, data: bytes) -> None:
    """The same dossier as from plain paragraphs."""
    assert said(read_bytes(data, "a.docx")) == _plain(text)


# ------------------------------------------------------------------ broken files


@cache
def _files() -> dict[str, bytes]:
    dossier = make_dossier()
    files = {f"a.{kind}": printed(dossier, kind) for kind in ("docx", "pdf", "xlsx")}
    return files | {"b.xls": xls(tables()), "b.xlsx": xlsx(tables())}


@st.composite
def broken_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file of some kind with bytes changed, cut off or taken away: in its parts where it is a package."""
    name = draw(st.sampled_from(sorted(_files())))
    data = _files()[name]
    if not data.startswith(b"PK") or draw(st.integers(0, 3)) == 0:
        return name, _broken(draw, data)
    with zipfile.ZipFile(BytesIO(data)) as package:
        part = draw(st.sampled_from(sorted(package.namelist())))
        content = package.read(part)
    return name, repacked(data, **{part: _broken(draw, content) if draw(st.integers(0, 5)) else None})


def _broken(draw: st.DrawFn, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(made) - 1, 0)))
        kind = draw(st.sampled_from(["byte", "cut", "away", "again"]))
        if kind == "byte" and made:
            made[at] = draw(st.sampled_from(list(b'0129<>/"=A \xff\x00')))
        elif kind == "cut":
            del made[at + len(made) // 2 :]
        elif kind == "away":
            del made[at : at + draw(st.integers(1, 60))]
        else:
            made[at:at] = made[at : at + draw(st.integers(1, 200))]
    return bytes(made)


# ------------------------------------------------------------------ moved columns


def _worked_out(sheets: list[Sheet]) -> list[Sheet]:
    """The sheets with the results of their formulas, whose cells would be other ones after a move."""
    for sheet in sheets:
        results = Formulas({place: (cell.value, cell.formula) for place, cell in sheet.cells.items()})
        sheet.cells = {
            place: SheetCell(results.value(*place), percent=cell.percent) if cell.formula else cell
            for place, cell in sheet.cells.items()
        }
    return sheets


@cache
def _books() -> dict[str, list[Sheet]]:
    return {
        "accounts": open_book(xlsx(tables()), Kind.XLSX),
        "old accounts": open_book(xls(tables()), Kind.XLS),
        "report": _worked_out(open_book(printed(make_dossier(), "xlsx"), Kind.XLSX)),
    }


@st.composite
def moved_books(draw: st.DrawFn) -> tuple[str, list[Sheet]]:
    """A workbook with blank rows above its tables and blank columns before or behind them, as copying leaves them."""
    name = draw(st.sampled_from(sorted(_books())))
    sheets = []
    for sheet in _books()[name]:
        down, right = draw(st.integers(0, 4)), draw(st.integers(0, 3))
        moved = copy.copy(sheet)
        moved.cells = {(row + down, column + right): cell for (row, column), cell in sheet.cells.items()}
        moved.merges = [
            (top + down, left + right, bottom + down, end + right) for top, left, bottom, end in sheet.merges
        ]
        sheets.append(moved)
    return name, sheets


@cache
def _report() -> dict[str, object]:
    return said(read_source(read_xlsx(_books()["report"])))


def check_moved(name: str, sheets: list[Sheet]) -> None:
    """The same figures, wherever the tables stand."""
    if name == "report":
        assert said(read_source(read_xlsx(sheets))) == _report()
        return
    moved, still = accounts_of(sheets).accounts, accounts_of(_books()[name]).accounts
    assert {key: amount.value for key, amount in moved.amounts.items()} == {
        key: amount.value for key, amount in still.amounts.items()
    }
    assert [str(one) for one in moved.questions] == [str(one) for one in still.questions]
    assert len(moved.differences) == len(still.differences)
