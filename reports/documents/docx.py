"""The Word file of a report: real styles, the document grid of GB/T 9704-2012, fields for the page numbers.

Fonts are named as offices have them (方正小标宋简体, 仿宋_GB2312, 楷体_GB2312, 黑体); Word and WPS take their own substitute
where one is missing. Sizes in this module are twentieths of a point (twips) unless a name says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from reports.documents.grid import Placed, fractions, header_rows, place
from reports.documents.model import (
    Annex,
    Block,
    Cell,
    Cover,
    Enclosures,
    Heading,
    Paragraph,
    ReportDocument,
    Signature,
    Table,
    Verification,
)
from reports.documents.pdf import contents_pages
from reports.documents.plaintext import paragraphs, printable
from reports.documents.qr import png
from reports.documents.titles import title_lines
from reports.documents.zipped import moment, rezip

SONG, FANG, KAI, HEI, TITLE_FACE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
LATIN = "Times New Roman"

LINE = 579
"""Line pitch: 225 mm ÷ 22 lines = 28.99 pt, rounded down so that 22 lines fit."""

CHARACTER_SPACE = -850
"""Document grid, 1/4096 pt: what 156 mm ÷ 28 characters = 15.79 pt differs from 16 pt."""

_BODY_SIZE, _TITLE_SIZE, _COVER_SIZE = 16, 22, 30
_TIGHTER = -5
"""What is added to the advance of a body character: 28 × 15.75 pt fit into 156 mm."""

_CHARACTER = 315
_PAGE = (11906, 16838)
_TWIPS_IN_MM = 1440 / 25.4
_DATE = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")

BODY_STYLE, TITLE_STYLE, MARK_STYLE, SIGNATURE_STYLE = "公文正文", "公文标题", "附件标识", "署名日期"
HEADING_STYLES = {1: "一级标题", 2: "二级标题", 3: "三级标题", 4: "四级标题"}
CELL_STYLE, HEAD_STYLE, SMALL_CELL_STYLE, SMALL_HEAD_STYLE = "表格文字", "表格标题", "表格小字", "表格小标题"
NOTE_STYLE, UNIT_STYLE, NUMBER_STYLE, FOOTER_STYLE = "表格说明", "表格单位", "页码", "核验信息"
COVER_TITLE_STYLE, COVER_LINE_STYLE, CODE_STYLE = "封面标题", "封面栏目", "核验码"
ENCLOSURE_STYLE, CONTENTS_TITLE_STYLE = "附件说明", "目录标题"
CONTENTS_STYLES = {1: "toc 1", 2: "toc 2"}
CONTENTS_LEVELS = 2

_MANY_COLUMNS = 14
"""From this number of columns on a table is set in small type."""


def to_docx(document: ReportDocument) -> bytes:
    """The document as .docx; the same document gives the same bytes."""
    at = moment(document.created)
    word = Document()
    _drop_thumbnail(word)
    _describe(word, document, at)
    _define_styles(word)
    _settings(word)
    _Writer(word, document).write()
    buffer = BytesIO()
    word.save(buffer)
    return rezip(buffer.getvalue(), at)


# Properties, settings and styles


def _drop_thumbnail(word: WordDocument) -> None:
    """The picture of python-docx's empty template is not one of this document."""
    for key, relation in list(word.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del word.part.package.rels[key]


def _describe(word: WordDocument, document: ReportDocument, at: datetime) -> None:
    properties = word.core_properties
    properties.title = printable(document.title).replace("\n", "")[:255]
    properties.author = properties.last_modified_by = printable(document.author)[:255]
    properties.subject = printable(document.subject)[:255]
    properties.language = "zh-CN"
    properties.comments, properties.keywords, properties.revision = "", "", 1
    properties.created = properties.modified = at


def _settings(word: WordDocument) -> None:
    settings = word.settings.element
    word.settings.odd_and_even_pages_header_footer = True
    language = settings.find(qn("w:themeFontLang"))
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _define_styles(word: WordDocument) -> None:
    defaults = word.styles.element.find(qn("w:docDefaults"))
    fonts = defaults.find(f".//{qn('w:rFonts')}")
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    _name_fonts(fonts, FANG)
    # The grid counts from this size in some programs, from the style Normal in others: both are 三号.
    for tag in ("w:sz", "w:szCs"):
        defaults.find(f".//{qn(tag)}").set(qn("w:val"), "32")
    language = defaults.find(f".//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal = word.styles["Normal"]
    _shape(normal, FANG, 16)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    body = _style(word, BODY_STYLE, "Normal", FANG, 16)
    _indent_first(body)
    for level, face in {1: HEI, 2: KAI, 3: FANG, 4: FANG}.items():
        _shape(word.styles[f"Heading {level}"], face, 16)
        heading = _style(word, HEADING_STYLES[level], f"Heading {level}", face, 16)
        heading.paragraph_format.keep_with_next = True
        _indent_first(heading)
        heading.next_paragraph_style = body
    _shape(word.styles["Title"], TITLE_FACE, 22)
    _without_border(word.styles["Title"])
    title = _style(word, TITLE_STYLE, "Title", TITLE_FACE, 22, align=WD_ALIGN_PARAGRAPH.CENTER, line=680)
    title.paragraph_format.space_after = Twips(LINE)
    title.paragraph_format.keep_with_next = True
    title.next_paragraph_style = body
    mark = _style(word, MARK_STYLE, "Normal", HEI, 16, align=WD_ALIGN_PARAGRAPH.LEFT)
    mark.paragraph_format.space_after = Twips(LINE)
    mark.paragraph_format.keep_with_next = True
    _outline(mark, 0)
    enclosure = _style(word, ENCLOSURE_STYLE, "Normal", FANG, 16, align=WD_ALIGN_PARAGRAPH.LEFT)
    enclosure.paragraph_format.keep_together = True
    _contents_styles(word)
    _style(word, SIGNATURE_STYLE, "Normal", FANG, 16, align=WD_ALIGN_PARAGRAPH.RIGHT)
    cover = _style(
        word, COVER_TITLE_STYLE, "Normal", TITLE_FACE, 30, align=WD_ALIGN_PARAGRAPH.CENTER, line=900
    )
    cover.paragraph_format.space_before = Pt(0)
    _style(word, CODE_STYLE, "Normal", FANG, 9, align=WD_ALIGN_PARAGRAPH.CENTER, line=240)
    _style(word, COVER_LINE_STYLE, "Normal", FANG, 16, align=WD_ALIGN_PARAGRAPH.CENTER, line=LINE)
    centre, left, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
    _style(word, CELL_STYLE, "Normal", FANG, 10.5, align=centre, line=270)
    _style(word, HEAD_STYLE, CELL_STYLE, HEI, 10.5, align=centre, line=270)
    _style(word, SMALL_CELL_STYLE, CELL_STYLE, FANG, 6.5, align=centre, line=170)
    _style(word, SMALL_HEAD_STYLE, CELL_STYLE, HEI, 6.5, align=centre, line=170)
    _style(
        word, UNIT_STYLE, "Normal", FANG, 10.5, align=right, line=300
    ).paragraph_format.keep_with_next = True
    _style(word, NOTE_STYLE, "Normal", FANG, 10.5, align=left, line=300)
    number = _style(word, NUMBER_STYLE, "Footer", SONG, 14, align=right, line=300)
    _name_fonts(number.element.get_or_add_rPr().get_or_add_rFonts(), SONG, latin=SONG)
    _style(word, FOOTER_STYLE, "Footer", FANG, 9, align=centre, line=240)
    for name in ("Header", "Footer"):
        word.styles[name].paragraph_format.tab_stops.clear_all()
    _sort_styles(word)


def _contents_styles(word: WordDocument) -> None:
    """目录: the built-in styles of Word's contents field, so that updating the field keeps the look."""
    _style(
        word, CONTENTS_TITLE_STYLE, "Normal", TITLE_FACE, 22, align=WD_ALIGN_PARAGRAPH.CENTER, line=680
    ).paragraph_format.space_after = Twips(LINE)
    for level, name in CONTENTS_STYLES.items():
        entry = _style(word, name, "Normal", HEI if level == 1 else FANG, 16, align=WD_ALIGN_PARAGRAPH.LEFT)
        entry.paragraph_format.left_indent = Twips((level - 1) * _CHARACTER)
        entry.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _style(
    word: WordDocument,
    name: str,
    base: str,
    face: str,
    size: float,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    line: int = LINE,
) -> ParagraphStyle:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles[base]
    style.quick_style = True
    _shape(style, face, size, line=line)
    if align is not None:
        style.paragraph_format.alignment = align
    return style


def _shape(style: ParagraphStyle, face: str, size: float, *, line: int = LINE) -> None:
    """Face, size, exact line pitch; no colour, no weight and no space of python-docx's template."""
    style.font.size = Pt(size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    run = style.element.get_or_add_rPr()
    for tag in ("w:spacing", "w:kern"):
        for element in run.findall(qn(tag)):
            run.remove(element)
    _name_fonts(run.get_or_add_rFonts(), face)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Twips(line)
    form.widow_control = True
    form.keep_together = False
    _off_the_grid(style, _TIGHTER if size == _BODY_SIZE else 0)


def _off_the_grid(style: ParagraphStyle, spacing: int) -> None:
    """Exact lines and exact character spacing instead of snapping to the grid.

    Word gives the same page either way, but LibreOffice spreads text over two cells where a cell is narrower than the
    type. No stop hangs over the margin and no space is added between Chinese and Latin, so 28 characters fill a line.
    """
    properties = style.element.get_or_add_pPr()
    for tag in ("w:overflowPunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        element = OxmlElement(tag)
        element.set(qn("w:val"), "0")
        properties.append(element)
    element = OxmlElement("w:spacing")
    element.set(qn("w:val"), str(spacing))
    style.element.get_or_add_rPr().append(element)


def _names(text: str) -> tuple[str, ...]:
    """Names of elements in the order in which the schema of Word wants them."""
    return tuple(text.split())


_PARAGRAPH_ORDER = _names(
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd "
    "tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
    "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc "
    "textDirection textAlignment textboxTightWrap outlineLvl"
)
_RUN_ORDER = _names(
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText "
    "vertAlign rtl cs em lang"
)


def _sort_styles(word: WordDocument) -> None:
    """Children in the order of the schema, or Word offers to repair the file."""
    for tag, order in (("w:pPr", _PARAGRAPH_ORDER), ("w:rPr", _RUN_ORDER)):
        for properties in word.styles.element.iter(qn(tag)):
            _sort(properties, order)


def _sort(element: BaseOxmlElement, order: Sequence[str]) -> None:
    def place(child: BaseOxmlElement) -> int:
        name = child.tag.split("}")[1]
        return order.index(name) if name in order else len(order)

    children = sorted(element, key=place)
    for child in children:
        element.remove(child)
    element.extend(children)


def _name_fonts(fonts, face: str, latin: str = LATIN) -> None:
    for key in [key for key in fonts.attrib if "Theme" in key]:
        del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(key), latin)
    fonts.set(qn("w:eastAsia"), face)


def _indent_first(styled: ParagraphStyle | WordParagraph, characters: int = 2) -> None:
    """First line two characters in: in characters for Word and WPS, in twips for other programs."""
    element = styled._p if isinstance(styled, WordParagraph) else styled.element
    indent = element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(100 * characters))
    indent.set(qn("w:firstLine"), str(characters * _CHARACTER))


def _outline(style: ParagraphStyle, level: int) -> None:
    element = OxmlElement("w:outlineLvl")
    element.set(qn("w:val"), str(level))
    style.element.get_or_add_pPr().append(element)


def _without_border(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:contextualSpacing"):
        for element in properties.findall(qn(tag)):
            properties.remove(element)


# Content


class _Writer:
    """Fills the Word document in order; each landscape annex is a section of its own."""

    def __init__(self, word: WordDocument, document: ReportDocument) -> None:
        self.word = word
        self.document = document
        self.width = 0
        self.bookmarks = 0
        self.lying = False
        self.marks = 0

    def write(self) -> None:
        document = self.document
        section = self.word.sections[0]
        self._lay(section, landscape=False)
        if document.cover:
            self._cover(document.cover)
        if document.contents:
            self._contents(new_page=document.cover is not None)
        if document.cover or document.contents:
            self._head(section)
            section = self._section(landscape=False)
        self._foot(section, landscape=False)
        self._head(section)
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "1")
        section._sectPr.append(numbering)
        self._title(document.title)
        self._blocks(document.body)
        for annex in document.annexes:
            self._annex(annex)
        for finished in self.word.sections:
            _sort(finished._sectPr, _SECTION_ORDER)

    def _contents(self, *, new_page: bool) -> None:
        """目录 as a field of Word: filled here with the headings and their pages, updated by a click or F9."""
        title = self._paragraph("目　录", CONTENTS_TITLE_STYLE)
        title.paragraph_format.page_break_before = new_page
        entries = [
            (block.level, " ".join(paragraphs(block.text)))
            for block in self.document.body
            if isinstance(block, Heading) and block.level <= CONTENTS_LEVELS
        ]
        entries += [(1, _annex_line(annex)) for annex in self.document.annexes]
        pages = contents_pages(self.document)
        for number, (level, text) in enumerate(entries):
            page = pages[number] if number < len(pages) else 1
            written = self._paragraph("", CONTENTS_STYLES[level])
            begin = _TOC_BEGIN if number == 0 else ""
            end = _TOC_END if number == len(entries) - 1 else ""
            for run in parse_xml(_contents_line(text, number + 1, page, begin, end)):
                written._p.append(run)

    def _marked(self, written: WordParagraph) -> None:
        """A bookmark around a heading, for the page numbers of the contents."""
        if not self.document.contents:
            return
        self.bookmarks += 1
        number = self.bookmarks
        start, end = (
            parse_xml(f'<w:bookmark{kind} {nsdecls("w")} w:id="{number}"{name}/>')
            for kind, name in (("Start", f' w:name="_Toc{number}"'), ("End", ""))
        )
        written._p.insert(1 if written._p.pPr is not None else 0, start)
        written._p.append(end)

    def _annex(self, annex: Annex) -> None:
        section = self._section(landscape=annex.landscape)
        if annex.landscape or self.lying:
            self._foot(section, landscape=annex.landscape)
            self._head(section, landscape=annex.landscape)
        self.lying = annex.landscape
        marks = paragraphs(annex.mark)
        for text in marks:
            self._marked(self._paragraph(text, MARK_STYLE))
        if not marks and self.document.contents:
            self._marked(self._paragraph("", MARK_STYLE))
        title = self._title(annex.title)
        if annex.landscape and title is not None:
            # A form begins close below its title.
            title.paragraph_format.space_after = Twips(LINE // 4)
        self._blocks(annex.blocks)

    def _cover(self, cover: Cover) -> None:
        first = True
        for text in title_lines(cover.title, self.width / 20 / _COVER_SIZE, _characters):
            written = self._paragraph(text, COVER_TITLE_STYLE)
            if first:
                written.paragraph_format.space_before = Mm(26)
                first = False
        rows = [(" ".join(paragraphs(label)), " ".join(paragraphs(value))) for label, value in cover.lines]
        self._paragraph("", COVER_LINE_STYLE).paragraph_format.space_before = Mm(45)
        if rows:
            self.word.element.body.insert(
                len(self.word.element.body) - 1,
                parse_xml(_cover_table([(a.rstrip("：:"), b) for a, b in rows])),
            )
        if self.document.verification:
            # A frame belongs to the paragraph behind it, and that one has to be on the cover.
            self._verification(self.document.verification)
        date = " ".join(paragraphs(cover.date))
        written = self._paragraph(date, COVER_LINE_STYLE)
        written.paragraph_format.space_before = Mm(35)

    def _blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            match block:
                case Heading():
                    written = self._paragraph(" ".join(paragraphs(block.text)), HEADING_STYLES[block.level])
                    if block.level <= CONTENTS_LEVELS:
                        self._marked(written)
                case Paragraph():
                    for text in paragraphs(block.text):
                        written = self._paragraph(text, BODY_STYLE)
                        if block.flush:
                            _indent_first(written, 0)
                case Table():
                    self._table(block)
                case Enclosures():
                    self._enclosures(block)
                case Signature():
                    self._signature(block)

    def _enclosures(self, block: Enclosures) -> None:
        """附件说明: numbers under each other, a long name hangs under itself, a blank line before."""
        lead = 2 + _characters(block.lead)
        for at, (number, name) in enumerate(block.items):
            text = f"{block.lead if at == 0 else ''}{number}{' '.join(paragraphs(name))}"
            written = self._paragraph(text, ENCLOSURE_STYLE)
            form = written.paragraph_format
            hang = lead + _characters(number)
            form.left_indent = Twips(round(hang * _CHARACTER))
            form.first_line_indent = Twips(-round((hang - (2 if at == 0 else lead)) * _CHARACTER))
            if at == 0:
                form.space_before = Twips(LINE)

    def _verification(self, verification: Verification) -> None:
        """QR code and short code in a frame in the lower right corner of the cover."""
        side = 22
        picture = self._paragraph("", CODE_STYLE)
        picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        shape = picture.add_run().add_picture(BytesIO(png(verification.address)), width=Mm(side))
        shape._inline.docPr.set("descr", f"核验二维码：{verification.address}")
        for written in (picture, self._paragraph(verification.text, CODE_STYLE)):
            written._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:framePr {nsdecls("w")} w:w="{round(50 * _TWIPS_IN_MM)}" w:wrap="around" '
                    f'w:vAnchor="page" w:hAnchor="page" w:x="{round((184 - 36) * _TWIPS_IN_MM)}" '
                    f'w:y="{round((297 - 35 - 34) * _TWIPS_IN_MM)}"/>'
                )
            )
            _sort(written._p.pPr, _PARAGRAPH_ORDER)

    def _paragraph(self, text: str, style: str) -> WordParagraph:
        written = self.word.add_paragraph(style=style)
        if text:
            written.add_run(text)
        return written

    def _title(self, title: str) -> WordParagraph | None:
        """One paragraph, its lines parted as on the PDF."""
        lines = title_lines(title, self.width / 20 / _TITLE_SIZE, _characters)
        return self._paragraph("\n".join(lines), TITLE_STYLE) if lines else None

    def _signature(self, signature: Signature) -> None:
        """Right-aligned lines; the date four characters in, the signer centred over it."""
        texts = [text for line in signature.lines for text in paragraphs(line)]
        if not texts:
            return
        dates = [text for text in texts if _DATE.search(text)]
        anchor = _characters(dates[-1] if dates else texts[-1])
        for number, text in enumerate(texts):
            written = self._paragraph(text, SIGNATURE_STYLE)
            indent = max(0.0, 4 + (anchor - _characters(text)) / 2)
            written.paragraph_format.right_indent = Twips(round(indent * _CHARACTER))
            written.paragraph_format.keep_with_next = number + 1 < len(texts)
            if number == 0:
                written.paragraph_format.space_before = Twips(LINE)

    def _table(self, table: Table) -> None:
        for text in paragraphs(table.title):
            written = self._paragraph(text, HEAD_STYLE)
            written.paragraph_format.keep_with_next = True
        for text in paragraphs(table.unit):
            self._paragraph(text, UNIT_STYLE)
        if table.rows:
            body = self.word.element.body
            body.insert(len(body) - 1, parse_xml(table_xml(table, self.width)))
        notes = paragraphs(table.note)
        for text in notes:
            self._paragraph(text, NOTE_STYLE)
        if not notes:
            # Word joins two tables that touch, and a section needs a paragraph at its end.
            written = self._paragraph("", NOTE_STYLE)
            written.paragraph_format.line_spacing = Twips(40)

    # Sections, heads and feet

    def _section(self, *, landscape: bool) -> Section:
        section = self.word.add_section(WD_SECTION.NEW_PAGE)
        for element in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(element)
        self._lay(section, landscape=landscape)
        return section

    def _lay(self, section: Section, *, landscape: bool) -> None:
        """Paper, margins and document grid. A landscape page is the upright sheet turned to the left."""
        width, height = _PAGE
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (
            Twips(height if landscape else width),
            Twips(width if landscape else height),
        )
        top, right, bottom, left = (28, 37, 26, 35) if landscape else (37, 26, 35, 28)
        section.top_margin, section.right_margin = Mm(top), Mm(right)
        section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
        section.header_distance = Mm(15)
        section.footer_distance = Mm(bottom - 7 - 5.3)
        section.gutter = 0
        self.width = round((225 if landscape else 156) * _TWIPS_IN_MM)
        for element in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(element)
        grid = OxmlElement("w:docGrid")
        grid.set(qn("w:type"), "linesAndChars")
        grid.set(qn("w:linePitch"), str(LINE))
        grid.set(qn("w:charSpace"), str(CHARACTER_SPACE))
        section._sectPr.append(grid)

    def _foot(self, section: Section, *, landscape: bool) -> None:
        """``— 1 —``: right on odd pages, left on even ones, one character in; below it the verification line.

        A lying sheet has its number in the head (:meth:`_head`), where the bound sheet expects it.
        """
        footer_text = " ".join(paragraphs(self.document.footer))
        for footer, right in ((section.footer, True), (section.even_page_footer, False)):
            footer.is_linked_to_previous = False
            written = footer.paragraphs[0]
            if landscape:
                written.style = self.word.styles[FOOTER_STYLE]
                written.add_run(footer_text)
                continue
            written.style = self.word.styles[NUMBER_STYLE]
            form = written.paragraph_format
            if right:
                form.right_indent = Twips(280)
            else:
                form.alignment = WD_ALIGN_PARAGRAPH.LEFT
                form.left_indent = Twips(280)
            written.add_run("— ")
            written._p.append(parse_xml(_PAGE_FIELD))
            written.add_run(" —")
            if footer_text:
                footer.add_paragraph(footer_text, style=FOOTER_STYLE)

    def _head(self, section: Section, *, landscape: bool = False) -> None:
        """The watermark hangs in the head of the page, as Word itself does it; so does a lying sheet's number."""
        text = printable(self.document.watermark).replace("\n", " ").strip()[:40]
        for odd, header in ((True, section.header), (False, section.even_page_header)):
            header.is_linked_to_previous = False
            written = header.paragraphs[0]
            if text:
                self.marks += 1
                written._p.append(parse_xml(_watermark(text, self.marks)))
            if landscape:
                written._p.addprevious(parse_xml(_turned_number(odd)))


def _annex_line(annex: Annex) -> str:
    mark, title = (" ".join(paragraphs(text)) for text in (annex.mark, annex.title))
    return f"{mark}　{title}".strip("　")


def _characters(text: str) -> float:
    """Width in Chinese characters; Latin letters and digits take half of one."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


_SECTION_ORDER = _names(
    "headerReference footerReference type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols titlePg "
    "docGrid"
)

_PAGE_FIELD = (
    f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE \\* MERGEFORMAT "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
)

_TOC_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\t '
    f'"{MARK_STYLE},1" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_TOC_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _contents_line(text: str, number: int, page: int, begin: str, end: str) -> str:
    """One line of the contents: text, dots, page number, all a link to the heading."""
    return (
        f'<w:p {nsdecls("w")}>{begin}<w:hyperlink w:anchor="_Toc{number}" w:history="1">'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r><w:r><w:tab/></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> PAGEREF _Toc{number} \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r>'
        f'<w:t>{page}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:hyperlink>{end}</w:p>'
    )


def _turned_number(odd: bool) -> str:
    """The page number of a lying sheet: at its left edge, turned, odd below and even above.

    A floating table of one cell with vertical text: Word, WPS and LibreOffice all turn a cell.
    """
    width, height = round(8 * _TWIPS_IN_MM), round(156 * _TWIPS_IN_MM)
    place = f'w:tblpX="{round((35 - 7 - 4) * _TWIPS_IN_MM)}" w:tblpY="{round(28 * _TWIPS_IN_MM)}"'
    side = '<w:jc w:val="right"/>' if odd else '<w:jc w:val="left"/>'
    indent = '<w:ind w:right="280"/>' if odd else '<w:ind w:left="280"/>'
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="page" '
        f'w:horzAnchor="page" {place}/><w:tblW w:w="{width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val="{height}" '
        f'w:hRule="exact"/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        '<w:textDirection w:val="tbRl"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{NUMBER_STYLE}"/>{indent}{side}</w:pPr><w:r><w:t xml:space="preserve">— </w:t>'
        "</w:r>"
        + _PAGE_FIELD.replace(f" {nsdecls('w')}", "")
        + '<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:tc></w:tr></w:tbl>'
    )


_VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'


def _watermark(text: str, number: int) -> str:
    size = min(180, max(40, 420 // max(1, round(_characters(text)))))
    width = round(size * _characters(text))
    return (
        f"<w:r {nsdecls('w')} {_VML}><w:rPr><w:noProof/></w:rPr><w:pict>"
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
        'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/><v:handles>'
        '<v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" '
        'shapetype="t"/></v:shapetype>'
        f'<v:shape id="Watermark{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" '
        f'style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{size}pt;rotation:315;'
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" '
        'fillcolor="#d9d9d9" stroked="f"><v:fill opacity=".6"/>'
        f'<v:textpath style="font-family:&quot;{HEI}&quot;;font-size:1pt" string={quoteattr(text)}/>'
        "</v:shape></w:pict></w:r>"
    )


# Tables


def table_xml(table: Table, width: int) -> str:
    """A ruled table of this width in twips, as the XML of Word."""
    columns = [max(1, round(part * width)) for part in fractions(table)]
    head = header_rows(table)
    small = len(columns) >= _MANY_COLUMNS
    margin = 80 if len(columns) < _MANY_COLUMNS else 20
    covered: list[dict[int, tuple[Placed, bool]]] = [{} for _ in table.rows]
    for placed in place(table):
        for row in range(placed.row, placed.row + placed.rowspan):
            covered[row][placed.column] = (placed, row == placed.row)
    rows = "".join(
        _row_xml(covered[number], columns, row.min_height, number < head, small)
        for number, row in enumerate(table.rows)
    )
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in (
            ("top", 8),
            ("left", 8),
            ("bottom", 8),
            ("right", 8),
            ("insideH", 4),
            ("insideV", 4),
        )
    )
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:top w:w="30" w:type="dxa"/><w:left w:w="{margin}" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>'
        f'<w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row_xml(
    cells: dict[int, tuple[Placed, bool]], columns: list[int], height: float | None, head: bool, small: bool
) -> str:
    least = max(330 if not small else 220, round((height or 0) * _TWIPS_IN_MM))
    repeated = "<w:tblHeader/>" if head else ""
    inside = "".join(
        _cell_xml(placed, columns, begins, head, small) for _, (placed, begins) in sorted(cells.items())
    )
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{min(least, 31000)}" w:hRule="atLeast"/>{repeated}'
        f"</w:trPr>{inside}</w:tr>"
    )


def _cell_xml(placed: Placed, columns: list[int], begins: bool, head: bool, small: bool) -> str:
    cell = placed.cell
    width = sum(columns[placed.column : placed.column + placed.colspan])
    span = f'<w:gridSpan w:val="{placed.colspan}"/>' if placed.colspan > 1 else ""
    merge = ""
    if placed.rowspan > 1:
        merge = '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    strong = cell.bold or head
    if small:
        style = SMALL_HEAD_STYLE if strong else SMALL_CELL_STYLE
    else:
        style = HEAD_STYLE if strong else CELL_STYLE
    align = "" if cell.align == "center" else f'<w:jc w:val="{cell.align}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{align}</w:pPr>{_run_xml(cell) if begins else ""}</w:p></w:tc>'
    )


def _run_xml(cell: Cell) -> str:
    lines = printable(cell.text).strip(" \n").split("\n")
    texts = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines]
    return f"<w:r>{'<w:br/>'.join(texts)}</w:r>" if any(lines) else ""


def _cover_table(rows: list[tuple[str, str]]) -> str:
    """Labels and values of the cover: labels spread to one width, values over a rule."""
    label_width, value_width = 2300, 4700
    inside = "".join(
        '<w:tr><w:trPr><w:trHeight w:val="700" w:hRule="atLeast"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{label_width}" w:type="dxa"/><w:vAlign w:val="bottom"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{COVER_LINE_STYLE}"/><w:jc w:val="distribute"/></w:pPr>'
        f'<w:r><w:rPr><w:rFonts w:eastAsia="{HEI}"/></w:rPr><w:t>{escape(label)}：</w:t></w:r></w:p></w:tc>'
        f'<w:tc><w:tcPr><w:tcW w:w="{value_width}" w:type="dxa"/><w:tcBorders>'
        '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tcBorders>'
        '<w:vAlign w:val="bottom"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{COVER_LINE_STYLE}"/></w:pPr>'
        f"<w:r><w:t>{escape(value)}</w:t></w:r></w:p></w:tc></w:tr>"
        for label, value in rows
    )
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{label_width + value_width}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
        f'<w:gridCol w:w="{label_width}"/><w:gridCol w:w="{value_width}"/></w:tblGrid>{inside}</w:tbl>'
    )


__all__ = ["HEADING_STYLES", "to_docx"]
