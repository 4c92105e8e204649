"""The Word file, read back: styles, fonts, grid, sections, page numbers, tables, hostile input."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from reports.documents.docx import HEADING_STYLES, to_docx
from reports.documents.model import Cell, Paragraph, Signature
from tests.reports.documents.papers import (
    RARE,
    form,
    hostile_documents,
    long_table,
    make_annex,
    make_document,
    make_row,
    make_table,
    sample,
)


def opened(data: bytes) -> WordDocument:
    return Document(BytesIO(data))


def style_of(word: WordDocument, text: str) -> str:
    return next(line.style.name for line in word.paragraphs if line.text == text)


def test_texts_have_real_styles():
    word = opened(to_docx(sample()))
    assert style_of(word, "2023年度部门整体支出绩效自评报告") == "公文标题"
    assert style_of(word, "一、部门概况") == "一级标题"
    assert style_of(word, "（一）部门基本情况") == "二级标题"
    assert style_of(word, "1.主要职责") == "三级标题"
    assert style_of(word, "贯彻执行国家档案工作的法律法规和方针政策。") == "公文正文"
    assert {word.tables[1].cell(2, 1).paragraphs[0].style.name} == {"表格文字"}
    assert word.styles[HEADING_STYLES[1]].base_style.name == "Heading 1"


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("一级标题", "黑体", 16),
        ("二级标题", "楷体_GB2312", 16),
        ("三级标题", "仿宋_GB2312", 16),
        ("公文正文", "仿宋_GB2312", 16),
        ("页码", "宋体", 14),
    ],
)
def test_styles_name_the_fonts_of_offices(style, face, size):
    found = opened(to_docx(sample())).styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == face
    assert found.font.size.pt == size
    assert not found.font.bold


def test_nothing_is_formatted_directly():
    """Sizes and faces come from styles; a person changes one style and the whole paper follows."""
    word = opened(to_docx(sample()))
    runs = [run for line in word.paragraphs for run in line.runs]
    assert all(run.font.size is None and run.font.name is None and run.bold is None for run in runs)


def test_document_grid_and_margins():
    word = opened(to_docx(sample()))
    for section in word.sections:
        grid = section._sectPr.find(qn("w:docGrid"))
        assert grid.get(qn("w:type")) == "linesAndChars"
        pitch, space = int(grid.get(qn("w:linePitch"))), int(grid.get(qn("w:charSpace")))
        assert 225 * 1440 / 25.4 // pitch == 22
        assert 156 * 72 / 25.4 // (16 + space / 4096) == 28
    body = word.sections[1]
    margins = (body.top_margin.mm, body.left_margin.mm, body.right_margin.mm, body.bottom_margin.mm)
    assert margins == pytest.approx((37, 28, 26, 35), abs=0.05)
    assert (body.page_width.mm, body.page_height.mm) == pytest.approx((210, 297), abs=0.05)


def test_landscape_annexes_are_sections_of_their_own():
    sections = opened(to_docx(sample())).sections
    assert [section.orientation for section in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]


def test_children_of_sections_stand_in_the_order_of_the_schema():
    order = [
        "headerReference",
        "footerReference",
        "type",
        "pgSz",
        "pgMar",
        "pgNumType",
        "cols",
        "titlePg",
        "docGrid",
    ]
    for section in opened(to_docx(sample())).sections:
        names = [child.tag.split("}")[1] for child in section._sectPr]
        assert names == sorted(names, key=order.index)


def test_page_number_fields_odd_right_even_left_none_on_the_cover():
    word = opened(to_docx(sample()))
    cover, body = word.sections[0], word.sections[1]
    assert "PAGE" not in cover.footer._element.xml
    for footer, side in ((body.footer, "right_indent"), (body.even_page_footer, "left_indent")):
        line = footer.paragraphs[0]
        assert " PAGE " in line._p.xml
        assert line.text.replace("1", "").split() == ["—", "—"] or line._p.xml.count("—") == 2
        assert getattr(line.paragraph_format, side).pt == 14
    assert body._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert word.settings.odd_and_even_pages_header_footer
    assert body.footer.paragraphs[1].text == "核验码：3f9a-77c2"


def test_table_head_repeats_rows_do_not_split_and_cells_are_merged():
    word = opened(to_docx(make_document(annexes=(make_annex(form()),))))
    table = word.tables[0]
    rows = table._tbl.tr_lst
    assert rows[0].trPr.find(qn("w:tblHeader")) is not None
    assert rows[1].trPr.find(qn("w:tblHeader")) is None
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert table.cell(1, 0)._tc is table.cell(2, 0)._tc
    assert table.cell(3, 0)._tc is table.cell(3, 1)._tc
    assert [cell.text for cell in table.rows[2].cells][:4] == ["产出指标", "验收合格率", "30", "30.00"]


def test_watermark_hangs_in_the_head_of_every_page_until_approval():
    draft = opened(to_docx(sample())).sections[1]
    assert 'string="草稿"' in draft.header._element.xml
    assert 'string="草稿"' in draft.even_page_header._element.xml
    approved = opened(to_docx(sample().model_copy(update={"watermark": ""}))).sections[1]
    assert "v:shape" not in approved.header._element.xml


def test_date_is_four_characters_in():
    word = opened(to_docx(make_document(Signature(lines=("示例区档案馆", "2024年3月15日")))))
    signer, date = word.paragraphs[-2:]
    assert date.paragraph_format.right_indent.pt == pytest.approx(4 * 15.75, abs=0.1)
    assert signer.paragraph_format.keep_with_next


def test_properties():
    properties = opened(to_docx(sample())).core_properties
    assert properties.title == "2023年度部门整体支出绩效自评报告"
    assert properties.author == "示例区档案馆"
    assert properties.language == "zh-CN"
    assert properties.created == datetime(2024, 5, 13, 2, 0, tzinfo=UTC)


def test_the_same_document_gives_the_same_bytes():
    first, second = to_docx(sample()), to_docx(sample())
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2024, 5, 13, 2, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name]


def test_rare_characters_and_markup_are_text():
    text = f"<b>{RARE}</b> & ="
    word = opened(to_docx(make_document(Paragraph(text=text), make_table(make_row(Cell(text=text), "", "")))))
    assert word.paragraphs[1].text == text
    assert word.tables[0].cell(0, 0).text == text


@pytest.mark.parametrize("name", hostile_documents())
def test_hostile_input_opens(name):
    assert opened(to_docx(hostile_documents()[name])).paragraphs is not None


def test_300_rows_are_all_there():
    table = opened(to_docx(make_document(annexes=(make_annex(long_table(300)),)))).tables[0]
    assert len(table._tbl.tr_lst) == 301
