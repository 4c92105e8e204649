"""The report as HTML sheets of paper, for the preview and the public page.

A fragment of safe markup: every text is escaped, there is no style attribute and no script (content policy). All looks
are in ``static/css/paper.css``; relative column widths are classes ``col-1`` … ``col-100`` (per cent).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from reports.documents.grid import Placed, fractions, header_rows, place
from reports.documents.model import (
    Annex,
    Block,
    Cover,
    Enclosures,
    Heading,
    Paragraph,
    ReportDocument,
    Signature,
    Table,
    Verification,
)
from reports.documents.plaintext import paragraphs, printable
from reports.documents.qr import QUIET, modules, svg_path

_NUMBER = re.compile(r"[≥≤+−-]?[0-9][0-9.,]{0,15}[%％]?")
"""A figure that stays on one line however narrow its column is."""

_STEP = 10
"""Millimetres between two classes of row height, ``tall-1`` … ``tall-12``."""


CONTENTS_LEVELS = 2


def to_html(document: ReportDocument) -> str:
    """The document as ``<article class="paper">`` elements inside one ``<div class="papers">``."""
    sheets: list[SafeString] = []
    if document.cover:
        sheets.append(_sheet(document, "paper-cover", _cover(document.cover, document.verification)))
    if document.contents:
        sheets.append(_sheet(document, "paper-contents", _contents(document)))
    body = [_title(document.title), *map(_block, document.body)]
    if any(body) or not sheets:
        sheets.append(_sheet(document, "paper-body", _joined(body)))
    sheets.extend(
        _sheet(document, "paper-annex paper-landscape" if annex.landscape else "paper-annex", _annex(annex))
        for annex in document.annexes
    )
    return format_html('<div class="papers" lang="zh-CN">{}</div>', _joined(sheets))


def _sheet(document: ReportDocument, kind: str, content: SafeString) -> SafeString:
    watermark, footer = printable(document.watermark).strip(), printable(document.footer).strip()
    return format_html(
        '<article class="paper {}">{}{}{}</article>\n',
        kind,
        format_html('<p class="paper-watermark" aria-hidden="true" data-mark="{}"></p>', watermark)
        if watermark
        else "",
        content,
        format_html('<footer class="paper-footer">{}</footer>', footer)
        if footer and kind != "paper-cover"
        else "",
    )


def _title(title: str) -> SafeString:
    lines = paragraphs(title)
    if not lines:
        return SafeString("")
    return format_html('<h2 class="paper-title">{}</h2>\n', _lines(lines))


def _contents(document: ReportDocument) -> SafeString:
    """The headings of the first two levels and the annexes; pages are numbered on paper only."""
    entries = [
        (SafeString(f"contents-{block.level}"), " ".join(paragraphs(block.text)))
        for block in document.body
        if isinstance(block, Heading) and block.level <= CONTENTS_LEVELS
    ]
    entries += [
        (SafeString("contents-1"), f"{annex.mark}　{annex.title}".strip("　")) for annex in document.annexes
    ]
    return format_html(
        '<h2 class="paper-title">目　录</h2><ol class="contents">{}</ol>',
        format_html_join("", '<li class="{}">{}</li>', entries),
    )


def qr_svg(verification: Verification) -> SafeString:
    """The QR code as a drawing of its own: no file, no script, no style."""
    rows = modules(verification.address)
    side = len(rows) + 2 * QUIET
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="核验二维码">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{1}" fill="#000"/></svg>',
        side,
        svg_path(rows),
    )


def _verification(verification: Verification | None) -> SafeString:
    if verification is None:
        return SafeString("")
    return format_html('<div class="verification">{}<p>{}</p></div>', qr_svg(verification), verification.text)


def _cover(cover: Cover, verification: Verification | None) -> SafeString:
    lines = format_html_join(
        "",
        "<div><dt>{}</dt><dd>{}</dd></div>",
        ((printable(label), printable(value)) for label, value in cover.lines),
    )
    return format_html(
        '{}<dl class="cover-lines">{}</dl><p class="cover-date">{}</p>{}',
        _title(cover.title),
        lines,
        printable(cover.date),
        _verification(verification),
    )


def _annex(annex: Annex) -> SafeString:
    mark = printable(annex.mark).strip()
    return format_html(
        "{}{}{}",
        format_html('<p class="annex-mark">{}</p>\n', mark) if mark else "",
        _title(annex.title),
        _joined(map(_block, annex.blocks)),
    )


def _block(block: Block) -> SafeString:
    match block:
        case Heading():
            # The title of the paper is the second level of the page that shows it.
            tag = SafeString(f"h{block.level + 2}")
            text = " ".join(paragraphs(block.text))
            return format_html('<{0} class="heading-{1}">{2}</{0}>\n', tag, block.level, text)
        case Paragraph():
            return format_html_join(
                "",
                '<p class="paper-text{}" data-origin="{}"{}>{}</p>\n',
                (
                    (" paper-flush" if block.flush else "", block.origin, _where(block.where), text)
                    for text in paragraphs(block.text)
                ),
            )
        case Table():
            return _table(block)
        case Enclosures():
            return format_html(
                '<dl class="enclosures"><dt>{}</dt><dd>{}</dd></dl>\n',
                block.lead,
                format_html_join(
                    "",
                    '<p><span class="enclosure-number">{}</span><span>{}</span></p>',
                    ((number, " ".join(paragraphs(name))) for number, name in block.items),
                ),
            )
        case Signature():
            lines = [text for line in block.lines for text in paragraphs(line)]
            return format_html(
                '<div class="signature"><div class="signature-lines">{}</div></div>\n',
                format_html_join("", "<p>{}</p>", ((line,) for line in lines)),
            )


def _table(table: Table) -> SafeString:
    title, unit, note = (printable(text).strip() for text in (table.title, table.unit, table.note))
    head = header_rows(table)
    rows: list[list[Placed]] = [[] for _ in table.rows]
    for placed in place(table):
        rows[placed.row].append(placed)
    wide = " table-many" if len(table.widths) > 10 else ""
    return format_html(
        '{}{}<div class="table-scroll" role="group" aria-label="{}" tabindex="0">'
        '<table class="ruled{}"><colgroup>{}</colgroup>{}<tbody>{}</tbody></table></div>\n{}',
        format_html('<p class="table-title">{}</p>\n', title) if title else "",
        format_html('<p class="table-unit">{}</p>\n', unit) if unit else "",
        title or "表格",
        wide,
        format_html_join(
            "", '<col class="col-{}">', ((max(1, round(part * 100)),) for part in fractions(table))
        ),
        format_html("<thead>{}</thead>", _rows(table, rows, range(head), "th")) if head else "",
        _rows(table, rows, range(head, len(rows)), "td"),
        format_html_join("", '<p class="table-note">{}</p>\n', ((text,) for text in paragraphs(note))),
    )


def _rows(table: Table, rows: list[list[Placed]], chosen: range, tag: str) -> SafeString:
    return format_html_join(
        "",
        "<tr{}>{}</tr>\n",
        (
            (_height(table.rows[number].min_height), _joined(_cell(placed, tag) for placed in rows[number]))
            for number in chosen
        ),
    )


def _height(least: float | None) -> SafeString:
    if not least:
        return SafeString("")
    return format_html(' class="tall-{}"', min(12, max(1, round(least / _STEP))))


def _cell(placed: Placed, tag: str) -> SafeString:
    cell = placed.cell
    name = SafeString(tag)
    scope = SafeString(' scope="col"' if tag == "th" else "")
    text = printable(cell.text).strip(" \n")
    kind = f"align-{cell.align}"
    if cell.bold:
        kind += " strong"
    if _NUMBER.fullmatch(text):
        kind += " number"
    return format_html(
        '<{0}{1} class="{2}"{3}{4}{5}>{6}</{0}>',
        name,
        scope,
        kind,
        format_html(' colspan="{}"', placed.colspan) if placed.colspan > 1 else "",
        format_html(' rowspan="{}"', placed.rowspan) if placed.rowspan > 1 else "",
        _where(cell.where),
        _lines(text.split("\n")),
    )


def _where(where: str | None) -> SafeString:
    return format_html(' data-where="{}"', where) if where else SafeString("")


def _lines(lines: Iterable[str]) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))


def _joined(parts: Iterable[SafeString | str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  all parts come from format_html
