"""What Word and WPS put around text: contents, automatic numbers, content controls, text boxes, tracked changes."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.intake import read_bytes
from reports.intake.docx_file import read_docx

TITLE = "2023年度示例区水利局部门整体支出绩效自评报告"
CHAPTERS = (
    "一、部门概况",
    "（一）部门基本情况",
    "我局编制数20人，在职人数18人。",
    "二、部门整体支出情况",
    "2023年度收入合计300.00万元，其中：财政拨款收入300.00万元。",
    "三、存在的主要问题",
    "1、预算编制不够细。",
)
BOX = """<w:p {ns}><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
<mc:Choice Requires="wps">
<w:drawing><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>
<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback>
</mc:AlternateContent></w:r></w:p>"""


def saved(document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def of(*lines: str):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def put(document, xml: str, at: int = 1) -> None:
    document.element.body.insert(at, parse_xml(xml.replace("{ns}", nsdecls("w"))))


def lines(document) -> list[str]:
    return [line.text for line in read_docx(saved(document)).lines]


# ------------------------------------------------------------------ 目录

DOTTED = [f"{line}……………{number}" for number, line in enumerate(CHAPTERS[:2], 1)]
ENTRIES = {
    "tabs": [f"{line}\t{number}" for number, line in enumerate((CHAPTERS[0], CHAPTERS[3], CHAPTERS[5]), 1)],
    "dots": [*DOTTED, "二、部门整体支出情况........12"],
    "two lines": ["附件1 2023年度示例区水利局部门整体支出", "绩效自评表......23"],
    "titles alone": [CHAPTERS[0], CHAPTERS[1], CHAPTERS[3], CHAPTERS[5]],
}


@pytest.mark.parametrize("entries", ENTRIES.values(), ids=ENTRIES)
@pytest.mark.parametrize("name", ["a.docx", "a.txt"])
def test_a_table_of_contents_changes_nothing(entries, name):
    def read(lines):
        return read_bytes("\n".join(lines).encode() if name == "a.txt" else saved(of(*lines)), name)

    with_contents = read([TITLE, "目　录", *entries, *CHAPTERS])
    plain = read([TITLE, *CHAPTERS])
    ignored = {"origins"}  # their paragraphs have other numbers
    assert with_contents.model_dump(exclude=ignored) == plain.model_dump(exclude=ignored)


def test_the_word_contents_alone_is_no_table_of_contents():
    found = read_bytes("\n".join([TITLE, *CHAPTERS, "目录", "2、台账不全，少记12.5万元。"]).encode(), "a.txt")
    assert "12.5万元" in found.model_dump_json()


# ------------------------------------------------------------------ automatic numbers


def numbered(document, *levels: tuple[str, str], name: str = "77") -> None:
    """A list of the document whose levels have these number formats and patterns."""
    root = document.part.numbering_part.element
    shapes = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for at, (shape, pattern) in enumerate(levels)
    )
    root.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}">{shapes}</w:abstractNum>')
    )
    root.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{name}"><w:abstractNumId w:val="{name}"/></w:num>')
    )


def number(paragraph, level: int, name: str = "77") -> None:
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>')
    )


def test_automatic_numbers_are_read_as_they_are_shown():
    document = of(TITLE)
    numbered(document, ("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."))
    for level, text in ((0, "部门概况"), (1, "部门基本情况"), (1, "机构设置"), (2, "甲"), (2, "乙"), (0, "部门整体支出情况"),
                        (1, "收入")):  # fmt: skip
        number(document.add_paragraph(text), level)
    assert lines(document)[1:] == [
        "一、部门概况",
        "（一）部门基本情况",
        "（二）机构设置",
        "1.甲",
        "2.乙",
        "二、部门整体支出情况",
        "（一）收入",
    ]


def test_a_report_numbered_by_word_is_read_like_one_numbered_by_hand():
    document = of(TITLE)
    numbered(document, ("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3、"))
    for line in CHAPTERS:
        mark = re.match(r"(?P<chapter>[一二三]、)|(?P<section>（一）)|(?P<item>\d、)", line)
        paragraph = document.add_paragraph(line[mark.end() :] if mark else line)
        if mark:
            number(paragraph, ("chapter", "section", "item").index(mark.lastgroup))
    assert read_bytes(saved(document), "a.docx") == read_bytes(saved(of(TITLE, *CHAPTERS)), "a.docx")


def test_numbers_by_style_and_bullets():
    document = of(TITLE)
    numbered(document, ("chineseCounting", "%1、"))
    numbered(document, ("bullet", "\uf0b7"), name="78")
    style = document.styles["Heading 1"].element.get_or_add_pPr()
    style.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="77"/></w:numPr>'))
    document.add_paragraph("部门概况", style="Heading 1")
    number(document.add_paragraph("要点"), 0, "78")
    document.add_paragraph("存在的主要问题", style="Heading 1")
    assert lines(document)[1:] == ["一、部门概况", "要点", "二、存在的主要问题"]


def test_a_list_that_does_not_exist_shows_no_number():
    document = of(TITLE)
    number(document.add_paragraph("部门概况"), 0, "99")
    assert lines(document) == [TITLE, "部门概况"]


# ------------------------------------------------------------------ around the text


def test_text_and_tables_in_content_controls():
    document = of(TITLE, "末行")
    put(document, "<w:sdt {ns}><w:sdtContent><w:p><w:r><w:t>控件里</w:t></w:r></w:p></w:sdtContent></w:sdt>")
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("甲", "乙"), ("丙", "丁")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    last = table.rows[1]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    last.addprevious(control)
    control.find(qn("w:sdtContent")).append(last)
    source = read_docx(saved(document))
    assert [line.text for line in source.lines] == [TITLE, "控件里", "末行"]
    assert [[cell.text for cell in row] for row in source.grids[0].rows] == [["甲", "乙"], ["丙", "丁"]]


def test_a_text_box_is_read_once():
    document = of(TITLE)
    put(document, BOX.replace("{text}", "填报单位：示例区水利局"))
    assert lines(document) == [TITLE, "填报单位：示例区水利局"]
    cell = document.add_table(rows=1, cols=2).rows[0].cells[1]
    cell._tc.append(parse_xml(BOX.replace("{text}", "框").replace("{ns}", nsdecls("w"))))
    assert read_docx(saved(document)).grids[0].rows[0][1].text.strip() == "框"


def test_only_what_tracked_changes_leave():
    run = "<w:r><w:t>{}</w:t></w:r>"
    document = of(TITLE)
    put(
        document,
        "<w:p {ns}>" + run.format("支出") + f"<w:moveFrom>{run.format('移走')}</w:moveFrom>"
        "<w:del><w:r><w:delText>100</w:delText></w:r></w:del>"
        f"<w:ins>{run.format('200')}</w:ins>{run.format('万元')}</w:p>",
    )
    assert lines(document) == [TITLE, "支出200万元"]
