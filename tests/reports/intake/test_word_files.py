"""What Word and WPS put around text: contents, numbers, controls, boxes, notes, changes, signs, tables inside tables."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.intake import read_bytes
from reports.intake.docx_file import read_docx
from reports.workspace.origins import home_of

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


# ------------------------------------------------------------------ 修订


def test_rows_struck_out_are_no_rows_and_their_numbers_are_not_read():
    document = of(TITLE, *CHAPTERS)
    table = document.add_table(rows=3, cols=2)
    for row, texts in zip(table.rows, (("车牌", "里程"), ("旧车", "77"), ("新车", "8000")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')}/>"))
    (grid,) = read_docx(saved(document)).grids
    assert [[cell.text for cell in row] for row in grid.rows] == [["车牌", "里程"], ["新车", "8000"]]


def test_a_paragraph_whose_end_was_struck_out_goes_on():
    document = of(TITLE, "末段")
    mark = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    put(document, f"<w:p {{ns}}>{mark}<w:r><w:t>本年支出</w:t></w:r></w:p>")
    put(document, "<w:p {ns}><w:r><w:t>20万元。</w:t></w:r></w:p>", 2)
    assert lines(document) == [TITLE, "本年支出20万元。", "末段"]
    document = of(TITLE)
    put(document, f"<w:p {{ns}}>{mark}<w:r><w:t>没有下文</w:t></w:r></w:p>")
    assert lines(document) == [TITLE, "没有下文"]


def test_a_numbered_paragraph_struck_out_takes_no_number():
    document = of(TITLE)
    numbered(document, ("decimal", "%1、"))
    for text in ("甲", "乙", "丙"):
        number(document.add_paragraph(text), 0)
    gone = document.paragraphs[2]._p
    gone.get_or_add_pPr().append(parse_xml(f"<w:rPr {nsdecls('w')}><w:del/></w:rPr>"))
    run = gone.find(qn("w:r"))
    wrapper = parse_xml(f"<w:del {nsdecls('w')}/>")
    run.addprevious(wrapper)
    wrapper.append(run)
    assert lines(document)[1:] == ["1、甲", "2、丙"]


def test_tracked_changes_are_told():
    document = of(TITLE, *CHAPTERS)
    put(
        document,
        "<w:p {ns}><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>",
    )
    (note,) = read_docx(saved(document)).notes
    assert note.words == "插入1处、删除1处"
    assert "修订" in note.question


# ------------------------------------------------------------------ beside the text


def with_part(document, kind: str, items: str, reference: str, at: int = 3) -> bytes:
    """The file with a part of notes and a reference to one of them in a paragraph."""
    blob = f"<w:{kind} {nsdecls('w')}>{items}</w:{kind}>".encode()
    if kind == "comments":
        document.part._comments_part.element.append(parse_xml(items.replace(">", f" {nsdecls('w')}>", 1)))
    else:
        part = Part(PackURI(f"/word/{kind}.xml"), "application/xml", blob, document.part.package)
        document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, kind.upper()))
    document.paragraphs[at]._p.append(parse_xml(f"<w:r {nsdecls('w')}>{reference}</w:r>"))
    return saved(document)


SEPARATOR = '<w:{0} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{0}>'
SAID = '<w:{0} w:id="5" w:author="李审核"><w:p><w:r><w:t>其中借调3人。</w:t></w:r></w:p></w:{0}>'


@pytest.mark.parametrize(
    ("kind", "place", "words"),
    [
        ("footnote", "脚注", "其中借调3人。"),
        ("endnote", "尾注", "其中借调3人。"),
        ("comment", "批注", "李审核：其中借调3人。"),
    ],
)
def test_notes_are_kept_under_the_section_of_their_paragraph(kind, place, words):
    items = SAID.format(kind) if kind == "comment" else SEPARATOR.format(kind) + SAID.format(kind)
    data = with_part(of(TITLE, *CHAPTERS), f"{kind}s", items, f'<w:{kind}Reference w:id="5"/>')
    dossier = read_bytes(data, "a.docx")
    (note,) = [one for one in dossier.unread if "借调" in one.words]
    assert note.source == f"第4段{place}　一（一） 部门基本情况"
    assert note.words == words
    assert bool(note.question) == (kind == "comment")
    assert home_of(note, []) == "profile"
    assert dossier.profile.staff_on_posts == 18


def test_headers_and_footers_say_only_what_the_text_does_not():
    document = of(TITLE, *CHAPTERS)
    section = document.sections[0]
    section.header.paragraphs[0].text = "示例区水利局部门整体支出绩效自评报告"
    section.footer.paragraphs[0].text = "— 3 —"
    section.footer.add_paragraph("联系电话：7412345")
    assert [(one.source, one.words) for one in read_docx(saved(document)).notes] == [
        ("页脚", "联系电话：7412345")
    ]


def test_hidden_text_is_not_read_and_told():
    document = of(TITLE, *CHAPTERS)
    put(document, '<w:p {ns}><w:r><w:t>支出</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>99万元</w:t></w:r>'
                  '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>20万元</w:t></w:r></w:p>')  # fmt: skip
    source = read_docx(saved(document))
    assert source.lines[1].text == "支出20万元"
    (aside,) = source.asides
    assert aside.words == "99万元"
    assert "隐藏" in aside.question


def test_the_prompt_of_an_empty_content_control_is_no_text():
    document = of(TITLE)
    for at, shown in ((1, "<w:showingPlcHdr/>"), (2, "")):
        put(document, f"<w:sdt {{ns}}><w:sdtPr>{shown}</w:sdtPr><w:sdtContent><w:p><w:r><w:t>单击此处</w:t></w:r></w:p>"
                      "</w:sdtContent></w:sdt>", at)  # fmt: skip
    put(document, "<w:p {ns}><w:r><w:t>填表人：</w:t></w:r><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
                  "<w:r><w:t>单击此处</w:t></w:r></w:sdtContent></w:sdt></w:p>", 3)  # fmt: skip
    assert lines(document) == [TITLE, "单击此处", "填表人："]


# ------------------------------------------------------------------ signs


BEGIN = '<w:r><w:fldChar w:fldCharType="begin">'
END = "</w:fldChar></w:r>"
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
SIGNS = {
    "simple field": ('<w:fldSimple w:instr=" PAGE "><w:r><w:t>12</w:t></w:r></w:fldSimple>', "12"),
    "field": ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE 2019 </w:instrText></w:r>'
              '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>', "7"),
    "soft hyphen": ("<w:r><w:t>12</w:t><w:softHyphen/><w:t>3\u00ad4</w:t></w:r>", "1234"),
    "hyphen": ("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>2</w:t></w:r>", "1-2"),
    "symbol": ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95%</w:t></w:r>', "≥95%"),
    "symbol in a run": ('<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0a3</w:t></w:r><w:r><w:t>3</w:t></w:r>', "≤3"),
    "tick": ('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>是</w:t></w:r>', "☑是"),
    "plain font": ('<w:r><w:sym w:font="宋体" w:char="2460"/></w:r>', "①"),
    "fraction": (f"<m:oMath {MATH}><m:f><m:num><m:r><m:t>支出</m:t></m:r></m:num><m:den><m:r><m:t>预算+1</m:t></m:r></m:den>"
                 "</m:f><m:r><m:t>×100%</m:t></m:r></m:oMath>", "支出/(预算+1)×100%"),
    "power": (f"<m:oMath {MATH}><m:sSup><m:e><m:r><m:t>m</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
              "</m:oMath>", "m^2"),
    "drop-down": (f'{BEGIN}<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/>'
                  f"</w:ddList></w:ffData>{END}", "良"),
    "box": (f'{BEGIN}<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>{END}'
            "<w:r><w:t>是</w:t></w:r>", "☑是"),
}  # fmt: skip


@pytest.mark.parametrize(("xml", "text"), SIGNS.values(), ids=SIGNS)
def test_signs_are_read_as_the_page_shows_them(xml, text):
    document = of(TITLE)
    put(document, f"<w:p {{ns}}>{xml}</w:p>")
    assert lines(document) == [TITLE, text]


def test_a_sign_without_a_character_is_told():
    document = of(TITLE, *CHAPTERS)
    put(document, '<w:p {ns}><w:r><w:t>完成</w:t><w:sym w:font="Webdings" w:char="F061"/></w:r></w:p>')
    (aside,) = read_docx(saved(document)).asides
    assert "特殊符号" in aside.question


def test_word_art_is_a_line_and_a_frame_is_no_picture():
    document = of(TITLE)
    put(document, BOX.replace("{text}", "框"))
    put(document, '<w:p {ns}><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="示例区水利局"/>'
                  "</v:shape></w:pict></w:r></w:p>", 2)  # fmt: skip
    source = read_docx(saved(document))
    assert [line.text for line in source.lines] == [TITLE, "框", "示例区水利局"]
    assert source.notes == []


def test_an_embedded_file_is_told():
    document = of(TITLE, *CHAPTERS)
    document.element.body.insert(1, parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="rId1"/>'))
    assert ["嵌" in note.question for note in read_docx(saved(document)).notes] == [True]


# ------------------------------------------------------------------ tables

FORM = (
    ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    ("产出指标", "数量指标", "巡查河道次数", "≥12次", "13次", "20", "20"),
    ("", "质量指标", "验收合格率", "100%", "98%", "20", "18"),
)


def filled(table, rows):
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
    return table


def names(document) -> list[tuple[str, str, str]]:
    found = read_bytes(saved(document), "a.docx").indicators.indicators
    return [(line.level1, line.level2, line.name) for line in found]


EXPECTED = [("产出指标", "数量指标", "巡查河道次数"), ("产出指标", "质量指标", "验收合格率")]


def test_a_form_inside_a_frame_is_a_form():
    document = of(TITLE, *CHAPTERS)
    frame = document.add_table(rows=1, cols=1).rows[0].cells[0]
    frame.text = "部门整体支出绩效自评表"
    filled(frame.add_table(rows=3, cols=7), FORM)
    assert names(document) == EXPECTED


def test_a_form_in_a_full_row_of_another_table_is_a_form():
    document = of(TITLE, *CHAPTERS)
    outer = document.add_table(rows=2, cols=2)
    filled(outer, (("填报单位", "示例区水利局"), ("", "")))
    filled(outer.rows[1].cells[0].merge(outer.rows[1].cells[1]).add_table(rows=3, cols=7), FORM)
    assert names(document) == EXPECTED


def test_a_table_inside_a_cell_is_its_text():
    document = of(TITLE, *CHAPTERS)
    outer = filled(document.add_table(rows=1, cols=2), [("车辆", "")])
    filled(outer.rows[0].cells[1].add_table(rows=1, cols=2), [("示A12345", "8000")])
    (grid,) = read_docx(saved(document)).grids
    assert grid.rows[0][1].text == "示A12345\t8000"


def test_cells_merged_across_and_down_by_an_old_program():
    document = of(TITLE, *CHAPTERS)
    table = filled(document.add_table(rows=3, cols=7), FORM)
    for row, shape in ((1, "restart"), (2, None)):
        value = f' w:val="{shape}"' if shape else ""
        table.rows[row]._tr.tc_lst[0].get_or_add_tcPr().append(
            parse_xml(f"<w:vMerge {nsdecls('w')}{value}/>")
        )
    assert names(document) == EXPECTED
    wide = filled(document.add_table(rows=1, cols=3), [("甲", "", "乙")])
    for at, shape in ((0, "restart"), (1, "continue")):
        wide.rows[0]._tr.tc_lst[at].get_or_add_tcPr().append(
            parse_xml(f'<w:hMerge {nsdecls("w")} w:val="{shape}"/>')
        )
    assert [cell.text for cell in read_docx(saved(document)).grids[-1].rows[0]] == ["甲", "乙"]


@pytest.mark.parametrize("between", [None, "续表", "部门整体支出绩效自评表（续）", "（续上表）"])
@pytest.mark.parametrize("heads", [True, False], ids=["heads again", "no heads"])
def test_a_form_that_goes_on_in_another_table(between, heads):
    document = of(TITLE, *CHAPTERS, "部门整体支出绩效自评表")
    filled(document.add_table(rows=2, cols=7), FORM[:2])
    document.add_paragraph(between or "")
    rows = [FORM[0], FORM[2]] if heads else [FORM[2]]
    filled(document.add_table(rows=len(rows), cols=7), rows)
    assert names(document) == EXPECTED
