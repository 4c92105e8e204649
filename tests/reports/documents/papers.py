"""Small documents for the tests of the printers, and what they read back from a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from reports.documents.model import (
    Annex,
    Block,
    Cell,
    Cover,
    Heading,
    Paragraph,
    ReportDocument,
    Row,
    Signature,
    Table,
)

MM = 72 / 25.4
RARE = "𬭎䶮㛃〇犇喆翀赟堃玥𫖯"
"""Characters of real names that the official faces lack; two of them lie above U+FFFF."""

HOSTILE = "<b>粗</b> & <i> \x00\x01\x0b\x1b ]]> {x} \u200b\u202e 😀 𬭎 =1+1 \t\r\n新行"


def make_document(*body: Block, **changes: Any) -> ReportDocument:
    """A document with a title; a test states only what it is about."""
    stated = {
        "title": "2023年度部门整体支出绩效自评报告",
        "author": "示例区档案馆",
        "created": "2024-05-13T10:00:00+08:00",
    }
    return ReportDocument(**{**stated, "body": body, **changes})


def make_row(*texts: str | Cell, height: float | None = None) -> Row:
    return Row(
        cells=tuple(text if isinstance(text, Cell) else Cell(text=text) for text in texts), min_height=height
    )


def make_table(*rows: Row, widths: tuple[float, ...] = (1, 1, 1), **changes: Any) -> Table:
    return Table(widths=widths, rows=rows, **changes)


def make_annex(*blocks: Block, **changes: Any) -> Annex:
    stated = {"mark": "附件1", "title": "2023年度部门整体支出绩效自评表", "sheet": "自评表"}
    return Annex(**{**stated, "blocks": blocks, **changes})


def form() -> Table:
    """The shape of an 自评表: merged cells, amounts, a live rate, a live sum and a long reason."""
    head = make_row(
        *(
            Cell(text=text, bold=True)
            for text in ("一级指标", "三级指标", "分值", "得分", "偏差原因分析及改进措施")
        )
    )
    return make_table(
        head,
        make_row(
            Cell(text="产出指标", rowspan=2),
            "数字化加工数量",
            Cell(text="20", number="20", format="integer", name="w1"),
            Cell(text="18.00", number="18", format="score", name="s1", where="indicators.quantity.score"),
            Cell(text="修复工作量估计不足，" * 6, align="left", where="indicators.quantity.reason"),
        ),
        make_row(
            "验收合格率",
            Cell(text="30", number="30", format="integer", name="w2"),
            Cell(text="30.00", number="30", format="score", name="s2", where="indicators.quality.score"),
            "",
        ),
        make_row(
            Cell(text="总分", colspan=2),
            Cell(text="50", number="50", format="integer", formula="=SUM({w1}:{w2})", name="w"),
            Cell(text="48.00", number="48", format="score", formula="=SUM({s1},{s2})", name="s"),
            Cell(text="96.00%", number="0.96", format="percent", formula="={s}/{w}"),
        ),
        widths=(2, 4, 1.5, 1.5, 6),
        header_rows=1,
        unit="单位：万元",
        note="注：得分四舍五入到两位小数。",
    )


def sample() -> ReportDocument:
    """A whole paper: cover, headings of all levels, a form and an upright annex."""
    return make_document(
        Heading(level=1, text="一、部门概况"),
        Heading(level=2, text="（一）部门基本情况"),
        Paragraph(
            text="示例区档案馆的机构性质为公益一类事业单位，编制数12个，实际在编人员11人。", where="profile"
        ),
        Heading(level=3, text="1.主要职责"),
        Paragraph(text="贯彻执行国家档案工作的法律法规和方针政策。", origin="generated"),
        Heading(level=4, text="（1）馆藏"),
        Paragraph(text="（待填写）请写明馆藏情况。", origin="prompt"),
        Signature(lines=("示例区档案馆", "2024年3月15日")),
        cover=Cover(
            title="2023年度部门整体支出\n绩效自评报告",
            lines=(("填报单位", "示例区档案馆"),),
            date="2024年3月15日",
        ),
        annexes=(
            make_annex(form()),
            make_annex(
                make_table(make_row("编制数", "12", "个")),
                mark="附件2",
                title="基础数据表",
                sheet="基础数据表",
                landscape=False,
            ),
        ),
        watermark="草稿",
        footer="核验码：3f9a-77c2",
    )


def long_table(count: int = 300) -> Table:
    head = make_row("序号", "一级指标", "三级指标", "年度指标值", "偏差原因")
    rows = [
        Row(
            cells=(
                Cell(text=f"第{number}项"),
                *((Cell(text="产出指标", rowspan=min(7, count - number)),) if number % 7 == 0 else ()),
                Cell(text="组织重大主题宣传报道活动" * (1 + number % 3)),
                Cell(text="≥12345.67万元"),
                Cell(text="按期完成。" * (number % 9), align="left"),
            )
        )
        for number in range(count)
    ]
    return make_table(head, *rows, widths=(1.5, 2, 4, 3, 4), header_rows=1)


def hostile_documents() -> dict[str, ReportDocument]:
    """What must be printed without an exception, by name."""
    bad, whole = HOSTILE, Cell(text=HOSTILE, where=HOSTILE, number="abc", name=HOSTILE, formula="={nowhere}")
    wild = make_document(
        Heading(level=4, text=bad),
        Paragraph(text=bad, where=bad),
        make_table(make_row(whole), widths=(1,), title=bad, unit=bad, note=bad),
        Signature(lines=(bad, bad)),
        title=bad,
        author=bad,
        subject=bad,
        watermark=bad,
        footer=bad,
        created=bad,
        cover=Cover(title=bad, lines=((bad, bad), ("", "")), date=bad),
        annexes=(make_annex(Paragraph(text=bad), mark=bad, title=bad, sheet=bad), make_annex(sheet=bad)),
    )
    wrong_spans = make_table(
        make_row(Cell(text="a", rowspan=99, colspan=2), Cell(text="b", colspan=9), "dropped"),
        make_row(Cell(text="c", colspan=5), "d"),
        Row(cells=()),
        make_row("e", height=9999),
        header_rows=1,
    )
    found = {
        "empty": ReportDocument(title="", author=""),
        "empty parts": make_document(
            make_table(widths=()),
            make_table(),
            Signature(lines=()),
            Paragraph(text=""),
            Heading(level=4, text=""),
            annexes=(
                make_annex(mark="", title="", sheet=""),
                make_annex(mark="", title="", sheet="[]:*?/\\'"),
            ),
        ),
        "wild": wild,
        "wrong spans": make_document(wrong_spans, annexes=(make_annex(wrong_spans),)),
        "300 rows": make_document(annexes=(make_annex(long_table()),)),
        "40 columns": make_document(
            annexes=(
                make_annex(
                    make_table(
                        make_row(*(f"第{number}个项目名称很长的校舍维修改造资金" for number in range(40))),
                        *(make_row(*(f"{number * 123.45:.2f}" for number in range(40))) for _ in range(30)),
                        widths=(1,) * 40,
                        header_rows=1,
                    )
                ),
            )
        ),
    }
    for name, char in {
        "Chinese": "长",
        "Latin": "x",
        "digits": "9",
        "closing": "，",
        "opening": "（",
    }.items():
        text = char * 5000
        tall = make_table(
            make_row("序", text, "x"),
            make_row(Cell(text=text, rowspan=2), Cell(text=text, align="left"), ""),
            make_row(text, "1"),
            widths=(1, 5, 1),
            header_rows=1,
        )
        found[f"5,000 {name}"] = make_document(
            Heading(level=2, text=text), Paragraph(text=text), tall, title=text, watermark=text, footer=text
        )
    return found


# Reading back


@dataclass(frozen=True)
class Glyph:
    """A character on a page: em box edges are not known to PDF readers, so ``x`` and ``y`` are its origin."""

    char: str
    x: float
    y: float
    size: float
    font: str


def glyphs(page: pdfium.PdfPage) -> list[Glyph]:
    """Visible characters with origin (points), size and font, in the order of drawing."""
    text_page = page.get_textpage()
    found = []
    for index in range(raw.FPDFText_CountChars(text_page)):
        char = chr(raw.FPDFText_GetUnicode(text_page, index))
        if char.isspace():
            continue
        x, y = raw.c_double(), raw.c_double()
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        name = (raw.c_char * 200)()
        raw.FPDFText_GetFontInfo(text_page, index, name, 200, None)
        size = raw.FPDFText_GetFontSize(text_page, index)
        found.append(Glyph(char, x.value, y.value, size, name.value.decode(errors="replace")))
    return found


def lines_of(page: pdfium.PdfPage, size: float = 16) -> list[list[Glyph]]:
    """Lines of one type size, from above."""
    chosen = sorted(
        (glyph for glyph in glyphs(page) if abs(glyph.size - size) < 0.1),
        key=lambda glyph: (-round(glyph.y), glyph.x),
    )
    return [list(line) for _, line in groupby(chosen, key=lambda glyph: round(glyph.y))]


def text_of(data: bytes) -> str:
    """All text of a PDF without blanks and line ends."""
    document = pdfium.PdfDocument(data)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
