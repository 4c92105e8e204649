"""Whole reports through all printers: every figure in every format, live formulas, office programs, every preset."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from docx import Document
from openpyxl import load_workbook

from indicators.policy import load_policy
from indicators.scoring import score
from reports.documents import compose, to_docx, to_html, to_pdf, to_xlsx
from reports.documents.docx import CONTENTS_STYLES, ENCLOSURE_STYLE
from reports.documents.grid import place
from reports.documents.model import Enclosures, Heading, Paragraph, ReportDocument, Row, Table, Verification
from reports.documents.xlsx import FORMATS
from reports.dossier import Dossier
from reports.intake.case import read_case
from reports.outline import load_outline, outline_names
from tests.factories import empty_dossier, make_dossier, make_indicator, make_project, make_project_sheet
from tests.reports.documents.formulas import Sheet
from tests.reports.documents.papers import (
    HOSTILE,
    MM,
    RARE,
    glyphs,
    lines_of,
    make_annex,
    make_document,
    make_row,
    make_table,
    text_of,
)
from tests.reports.documents.test_compose import WHOLE_CASES, figures

CASES = Path(__file__).parents[2] / "cases"
SEED = CASES / "shigu-rongmeiti-2023.json"
ADDRESS = Verification(code="3f9a77c2b1d04e55", address="https://example.gov.cn/verify/3f9a77c2b1d04e55/")
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")


def case(path: Path) -> Dossier:
    return read_case(json.loads(path.read_text(encoding="utf-8")))


def printed(dossier: Dossier, template: str = "hunan-hengyang-2023", **options) -> ReportDocument:
    outline = load_outline(template)
    card = score(dossier.profile, dossier.money, dossier.indicators, load_policy(outline.policy))
    options = {"watermark": "", "created": "2024-05-13T10:00:00+08:00"} | options
    return compose(dossier, card, (), outline, **options)


def word_text(data: bytes) -> str:
    """All text of body and tables."""
    document = Document(BytesIO(data))
    parts = [element.text or "" for element in document.element.body.iter() if element.tag.endswith("}t")]
    return "".join("".join(parts).split())


def sheet_text(data: bytes) -> str:
    """What a reader sees in the workbook once it is calculated: texts, and numbers in their formats."""
    parts = []
    for sheet in load_workbook(BytesIO(data)):
        values = Sheet(sheet)
        for row in sheet.iter_rows():
            for cell in row:
                value = values.value(cell.coordinate)
                if isinstance(value, Decimal):
                    value = {
                        "0.00%": lambda value=value: f"{value * 100:.2f}%",
                        "0": lambda value=value: f"{value:.0f}",
                    }.get(cell.number_format, lambda value=value: f"{value:.2f}")()
                parts.append(str(value or ""))
    return "".join("\n".join(parts).split())


@pytest.mark.parametrize("path", WHOLE_CASES, ids=lambda path: path.stem)
def test_every_figure_of_a_case_is_in_pdf_word_and_excel(path):
    dossier = case(path)
    document = printed(dossier)
    for text in (text_of(to_pdf(document)), word_text(to_docx(document)), sheet_text(to_xlsx(document))):
        assert [figure for figure in figures(dossier) if "".join(figure.split()) not in text] == []


def test_the_seed_is_complete_in_all_formats():
    document = printed(case(SEED))
    pdf, word, excel = text_of(to_pdf(document)), word_text(to_docx(document)), sheet_text(to_xlsx(document))
    for figure in (
        "259.14",
        "5.41",
        "264.55",
        "111.05",
        "153.50",
        "96.24",
        "148.30",
        "274.89%",
        "63.64%",
        "≥95%",
    ):
        assert figure in pdf and figure in word and figure in excel, figure
    for block in document.body:
        if isinstance(block, Heading | Paragraph):
            text = "".join(block.text.split())
            assert text in word and text in excel


# ------------------------------------------------------------------ live formulas


def expected_numbers(document: ReportDocument) -> dict[str, list[tuple[str, Decimal, str]]]:
    """Sheet → (text, exact number, format) of every cell that states a number, in order."""
    return {
        annex.sheet: [
            (placed.cell.text, Decimal(placed.cell.number), placed.cell.format)
            for table in annex.blocks
            if isinstance(table, Table)
            for placed in place(table)
            if placed.cell.number is not None
        ]
        for annex in document.annexes
    }


def check_numbers(document: ReportDocument, values) -> int:
    """Compare what ``values(sheet name)`` lists with the document's own numbers; how many were compared."""
    count = 0
    for name, cells in expected_numbers(document).items():
        found = values(name)
        assert len(found) == len(cells), name
        for (text, number, shape), value in zip(cells, found, strict=True):
            assert abs(number - value) < Decimal("0.000001"), (name, text, value, shape)
            count += 1
    return count


@pytest.mark.parametrize("template", outline_names())
def test_formulas_give_the_printed_totals_rates_and_scores(template):
    document = printed(make_dossier(), template)
    data = to_xlsx(document)
    book = load_workbook(BytesIO(data))
    formulas = [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert len(formulas) > 20

    def values(name):
        sheet = Sheet(book[name])
        found = [sheet.value(cell.coordinate) for row in book[name].iter_rows() for cell in row]
        return [value for value in found if isinstance(value, Decimal)]

    assert check_numbers(document, values) > 100


@needs_office
def test_libreoffice_calculates_the_same_workbook(tmp_path):
    document = printed(make_dossier())
    (tmp_path / "report.xlsx").write_bytes(to_xlsx(document))
    convert(tmp_path, "report.xlsx", "xlsx:Calc MS Excel 2007 XML", "out")
    book = load_workbook(tmp_path / "out" / "report.xlsx", data_only=True)

    def values(name):
        found = [cell.value for row in book[name].iter_rows() for cell in row]
        return [Decimal(str(value)) for value in found if isinstance(value, int | float)]

    assert check_numbers(document, values) > 100


def convert(folder: Path, name: str, kind: str, out: str) -> None:
    subprocess.run(
        [
            *(OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind),
            *("--outdir", str(folder / out), str(folder / name)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )


@needs_office
@pytest.mark.parametrize("path", [SEED, None], ids=["seed", "invented"])
def test_word_through_libreoffice_has_the_same_text_and_pages(path, tmp_path):
    document = printed(case(path) if path else make_dossier())
    (tmp_path / "report.docx").write_bytes(to_docx(document))
    convert(tmp_path, "report.docx", "pdf", "out")
    pages = pdfium.PdfDocument((tmp_path / "out" / "report.pdf").read_bytes())
    own = pdfium.PdfDocument(to_pdf(document))
    assert abs(len(pages) - len(own)) <= 1
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)
    for block in document.body:
        if isinstance(block, Heading):
            assert "".join(block.text.split()) in text
    numbers = set(re.findall(r"\d+\.\d\d", text_of(to_pdf(document))))
    assert numbers <= set(re.findall(r"\d+\.\d\d", text))


# ------------------------------------------------------------------ presets and hostile reports


@pytest.mark.parametrize("template", outline_names())
@pytest.mark.parametrize(
    "dossier", [make_dossier(), empty_dossier(), case(SEED)], ids=["full", "empty", "seed"]
)
def test_every_preset_prints_in_every_format(template, dossier):
    document = printed(dossier, template)
    assert to_docx(document) and to_xlsx(document)
    text = text_of(to_pdf(document))
    assert dossier.profile.department in text
    html = to_html(document)
    for annex in document.annexes:
        assert annex.title in html
        for table in annex.blocks:
            if isinstance(table, Table):
                # No cell was cut: the spans of every row fill the grid.
                grid = place(table)
                assert sum(one.rowspan * one.colspan for one in grid) == len(table.rows) * len(table.widths)
                stated = sum(len(row.cells) for row in table.rows)
                assert len(grid) == stated


def test_columns_of_chongqing_and_sichuan():
    chongqing = text_of(to_pdf(printed(make_dossier(), "chongqing")))
    for head in (
        "部门联系人",
        "自评总分",
        "全年（调整）预算数",
        "执行率权重",
        "计量单位",
        "指标性质",
        "得分系数（%）",
        "是否核心指标",
    ):
        assert head in chongqing
    sichuan = text_of(to_pdf(printed(make_dossier(), "sichuan")))
    for head in (
        "调整后预算数",
        "财政资金",
        "财政专户管理资金",
        "单位资金",
        "度量单位",
        "未完成原因分析",
        "评价结论",
        "存在问题",
        "改进措施",
        "财务负责人",
    ):
        assert head in sichuan


def test_forty_projects_with_long_names():
    names = [
        f"第{number}个关于进一步加强和改进基层综合性文化服务中心建设与运行维护的专项补助经费项目"
        for number in range(40)
    ]
    projects = tuple(
        make_project(
            f"p{number}",
            name,
            {"initial_budget": Decimal(1), "full_budget": Decimal(1), "actual": Decimal(1)},
        )
        for number, name in enumerate(names)
    )
    dossier = make_dossier(money={"projects": projects})
    sheets = tuple(make_project_sheet(f"p{number}", name) for number, name in enumerate(names))
    dossier = dossier.model_copy(
        update={"indicators": dossier.indicators.model_copy(update={"projects": sheets})}
    )
    document = printed(dossier)
    text = text_of(to_pdf(document))
    assert all(name in text for name in names)
    book = load_workbook(BytesIO(to_xlsx(document)))
    assert len(set(book.sheetnames)) == len(book.sheetnames) == 40 + 4
    assert word_text(to_docx(document)).count("综合性文化服务中心") >= 80


def test_three_hundred_indicators_repeat_their_heads():
    rows = [
        make_indicator(f"第{number}项指标", "≥1个", "1个", "0.3", key=f"i{number}") for number in range(300)
    ]
    document = printed(make_dossier(indicators=rows, self_score=None))
    texts = [
        "".join(page.get_textpage().get_text_range().split()) for page in pdfium.PdfDocument(to_pdf(document))
    ]
    whole = "".join(texts)
    forms = [text for text in texts if "三级指标" in text]
    assert len(forms) > 8
    assert all(re.search(rf"第{number}项指标", whole) for number in range(300))
    assert all("偏差原因分析及改进措施" in text for text in forms)


def test_hostile_words_everywhere():
    profile = {"department": f"甲{HOSTILE}", "head": HOSTILE, "prepared_by": HOSTILE, "phone": HOSTILE}
    dossier = make_dossier(profile=profile, narrative={"problems": HOSTILE + "长" * 5000}, self_score=None)
    for template in outline_names():
        document = printed(dossier, template, footer=HOSTILE, watermark=HOSTILE, verification=ADDRESS)
        assert to_pdf(document) and to_docx(document) and to_xlsx(document)
        assert "<b>粗" not in to_html(document)


# ------------------------------------------------------------------ contents, enclosures, verification


def long_document() -> ReportDocument:
    body = [
        block
        for number in range(30)
        for block in (Heading(level=1, text=f"{number}、章题"), Paragraph(text="绩效" * 300))
    ]
    return make_document(*body, contents=True, annexes=(make_annex(make_table(make_row("甲", "乙", "丙"))),))


def test_contents_state_the_pages_of_their_headings():
    pages = list(pdfium.PdfDocument(to_pdf(long_document())))
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in pages]
    first = next(place for place, text in enumerate(texts) if "—1—" in text)
    lines = ["".join(glyph.char for glyph in line) for page in pages[:first] for line in lines_of(page)]
    stated = dict(match.groups() for line in lines if (match := re.match(r"(\d+、章题)\.+(\d+)$", line)))
    assert len(stated) == 30
    for heading, page in stated.items():
        assert heading in texts[first + int(page) - 1]
    assert not any("—" in text for text in texts[:first])


def test_long_reports_only_have_contents():
    assert not printed(make_dossier()).contents
    assert printed(make_dossier(narrative={"problems": "很长的问题。" * 1200})).contents


def test_word_has_a_contents_field_with_pages():
    data = to_docx(long_document())
    xml = zipfile.ZipFile(BytesIO(data)).read("word/document.xml").decode()
    assert "TOC \\o" in xml
    assert xml.count("PAGEREF") == 31
    lines = [
        item.text
        for item in Document(BytesIO(data)).paragraphs
        if item.style.name in CONTENTS_STYLES.values()
    ]
    assert lines[0].split("\t") == ["0、章题", "1"]
    assert int(lines[29].split("\t")[1]) > 10


def test_enclosures_hang_under_their_names():
    names = (
        "2023年度部门整体支出绩效自评表",
        "2023年度项目支出绩效自评表（馆藏档案数字化加工及库房设备更新改造专项经费）",
    )
    block = Enclosures(items=tuple((f"{number}.", name) for number, name in enumerate(names, 1)))
    page = pdfium.PdfDocument(to_pdf(make_document(Paragraph(text="正文"), block, title="")))[0]
    body, first, second, wrapped = lines_of(page)[:4]
    assert round((body[0].y - first[0].y) / (225 * MM / 22)) == 2  # a blank line between
    assert "".join(glyph.char for glyph in first).startswith("附件：1.2023")
    assert first[3].x == pytest.approx(second[0].x, abs=0.1)
    assert first[5].x == pytest.approx(wrapped[0].x, abs=0.1)
    word = Document(BytesIO(to_docx(make_document(block))))
    found = [item for item in word.paragraphs if item.style.name == ENCLOSURE_STYLE]
    assert found[0].paragraph_format.left_indent == found[1].paragraph_format.left_indent


def test_the_verification_code_is_drawn_not_linked_to_a_file():
    document = printed(make_dossier(), verification=ADDRESS)
    data = to_pdf(document)
    assert ADDRESS.text.replace(" ", "") in text_of(data)
    assert b"/Subtype /Image" not in data
    assert ADDRESS.address.encode() in data
    html = to_html(document)
    assert '<svg class="qr"' in html and "<img" not in html and "style=" not in html
    with zipfile.ZipFile(BytesIO(to_docx(document))) as archive:
        assert [name for name in archive.namelist() if name.startswith("word/media/")] == [
            "word/media/image1.png"
        ]
    assert to_docx(document) == to_docx(document)
    assert to_pdf(document) == data


def test_the_watermark_goes_when_the_report_is_approved():
    assert "草稿" in text_of(to_pdf(printed(make_dossier(), watermark="草稿")))
    assert "草稿" not in text_of(to_pdf(printed(make_dossier(), verification=ADDRESS)))


def test_rare_names_in_body_table_head_and_foot():
    head = Row(cells=make_row(RARE, RARE, RARE).cells)
    table = make_table(head, make_row(RARE, "甲", "乙"), header_rows=1, note=RARE, unit=RARE, title=RARE)
    document = make_document(
        Paragraph(text=RARE), Heading(level=1, text=RARE), table, footer=RARE, title=RARE, watermark=RARE
    )
    text = text_of(to_pdf(document))
    assert min(text.count(char) for char in RARE) >= 11
    assert "〓" not in text


def test_a_form_is_one_page_at_nine_points_rather_than_two():
    """A joined second part never begins with fewer than three rows at the foot of a page."""
    for count in range(1, 30):
        rows = [
            make_indicator(f"指标{number}", "≥1个", "1个", "3", key=f"i{number}") for number in range(count)
        ]
        document = printed(make_dossier(indicators=rows, self_score=None))
        pages = list(pdfium.PdfDocument(to_pdf(document)))
        first = next(page for page in pages if "附件1" in page.get_textpage().get_text_range()[:12])
        text = first.get_textpage().get_text_range()
        shown = len(set(re.findall(r"指标\d+", text)))
        assert shown == 0 or shown >= min(3, count)
        sizes = {round(glyph.size, 1) for glyph in glyphs(first) if glyph.size < 13}
        assert min(sizes) >= 9
    assert set(FORMATS) >= {"amount", "percent", "score", "integer"}


def test_the_workbook_of_those_who_work_on_it_has_the_findings():
    from reports import checks

    dossier = case(SEED)
    outline, policy = load_outline(), load_policy()
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    findings = checks.run(dossier, policy=policy, scorecard=card)
    assert findings
    document = compose(dossier, card, findings, outline, with_findings=True)
    sheet = load_workbook(BytesIO(to_xlsx(document)))["核对结果"]
    text = "\n".join(str(cell.value) for row in sheet for cell in row if cell.value)
    assert all(" ".join(finding.message.split()) in " ".join(text.split()) for finding in findings)
    assert "核对结果" not in load_workbook(BytesIO(to_xlsx(printed(dossier)))).sheetnames
    assert text_of(to_pdf(document)) == text_of(to_pdf(printed(dossier, watermark="草稿")))
