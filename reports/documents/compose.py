"""Order and numbering of the printed report (成文): dossier and outline in, one :class:`ReportDocument` out.

Pure: no query, no clock, no settings. Sentences with figures come from :mod:`reports.documents.wording`, the annex tables
from :mod:`reports.documents.forms`. Numbering 一、 （一） 1. （1） follows GB/T 9704-2012 (domain notes 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indicators.scoring.scorecard import Scorecard
from reports.documents.forms import annexes
from reports.documents.forms.findings_sheet import findings_sheet
from reports.documents.model import (
    Annex,
    Block,
    Cover,
    Enclosures,
    Heading,
    Paragraph,
    ReportDocument,
    Signature,
    Verification,
)
from reports.documents.nil import compose_nil
from reports.documents.plaintext import paragraphs
from reports.documents.wording import NOT_FILLED, WRITERS, Statement, chinese_date, trimmed
from reports.dossier import Dossier
from reports.findings import Finding
from reports.outline import Outline, OutlineSection

LEFT_OVER = OutlineSection(key="other_matters", level=1, title="其他需要说明的情况")
"""Heading for texts of the dossier that the outline has no place for: nothing that a unit wrote is dropped."""

LARGEST_LEVEL = 4
LONG = 10 * 22
"""Lines of a body that gets a page of contents: more than ten pages."""


def compose(
    dossier: Dossier,
    scorecard: Scorecard | None,
    findings: Iterable[Finding],
    outline: Outline,
    *,
    watermark: str = "草稿",
    footer: str = "",
    created: str = "",
    verification: Verification | None = None,
    with_findings: bool = False,
) -> ReportDocument:
    """The whole paper of one department-year: cover, numbered body, 附件说明, signature and annexes.

    ``scorecard`` may be ``None`` where nothing was scored; then the unit's own score is printed. ``findings`` are not
    printed (the paper says what the unit states, the review desk says what was found); only a required section that is
    empty shows, in its prompt, what the check asks for. ``with_findings`` adds them to the workbook as a sheet, for those
    who work on the report. ``created`` is an ISO date-time for the files' metadata.
    """
    if dossier.nil:
        return compose_nil(dossier, watermark=watermark, footer=footer, created=created)
    forms = annexes(dossier, scorecard, outline)
    title = titled(outline.title, dossier)
    findings = tuple(findings)
    body = tuple(_body(dossier, scorecard, findings, outline))
    return ReportDocument(
        title=title,
        author=dossier.profile.department,
        subject=f"{dossier.year}年度部门整体支出绩效自评",
        cover=_cover(dossier, title),
        contents=_lines(body) > LONG,
        body=(*body, *_closing(dossier, forms)),
        annexes=forms,
        workbook=(findings_sheet(dossier, findings),) if with_findings else (),
        watermark=watermark,
        created=created,
        footer=footer,
        verification=verification,
    )


def chinese_number(number: int) -> str:
    """Number of a heading in Chinese: 1 → 一, 12 → 十二, 105 → 一百零五. Headings go up to 999."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{'' if tens == 1 and not hundreds else digits[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones or not number else "")


def mark(level: int, number: int) -> str:
    """Number of a heading or item of a level: ``一、`` ``（一）`` ``1.`` ``（1）``, below that ``①``."""
    if level == 1:
        return f"{chinese_number(number)}、"
    if level == 2:
        return f"（{chinese_number(number)}）"
    if level == 3:
        return f"{number}."
    if level == LARGEST_LEVEL or number > len(CIRCLED):
        return f"（{number}）"
    return CIRCLED[number - 1]


CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


# ------------------------------------------------------------------ body


@dataclass
class _Filled:
    """A section of the outline with what it will print."""

    section: OutlineSection
    statements: list[Statement]
    children: list[_Filled] = field(default_factory=list)

    @property
    def printed(self) -> bool:
        return bool(self.statements) or any(child.printed for child in self.children)


def _body(
    dossier: Dossier, card: Scorecard | None, findings: Sequence[Finding], outline: Outline
) -> Iterable[Block]:
    filled = [_Filled(section, _content(section, dossier, card, findings)) for section in outline.sections]
    filled.extend(_left_over(dossier, outline))
    return _printed(_tree(filled))


def _content(
    section: OutlineSection, dossier: Dossier, card: Scorecard | None, findings: Sequence[Finding]
) -> list[Statement]:
    """Generated statements and the unit's text (first or last, as the section says); a prompt where both are missing
    and something is required."""
    generated = [statement for block in section.data for statement in WRITERS[block](dossier, card)]
    own = _text(dossier, section.key)
    statements = [*own, *generated] if section.text_first else [*generated, *own]
    if not statements and section.required:
        where = f"narrative.{section.key}"
        asked = next((finding.fix for finding in findings if finding.where == where and finding.fix), "")
        return [Statement(f"（本节未填写：{trimmed(asked)}）" if asked else NOT_FILLED, where, "prompt")]
    return statements


def _text(dossier: Dossier, key: str) -> list[Statement]:
    """The unit's paragraphs of a section, one a line; a key that occurs twice keeps both texts."""
    return [
        Statement(text, f"narrative.{key}", "unit")
        for section in dossier.narrative
        if section.key == key
        for text in paragraphs(section.text)
    ]


def _left_over(dossier: Dossier, outline: Outline) -> list[_Filled]:
    known = {section.key for section in outline.sections}
    others = {
        section.key: section.title for section in reversed(dossier.narrative) if section.key not in known
    }
    if not others:
        return []
    parts = [
        _Filled(
            OutlineSection(key=key, level=2, title=trimmed(others[key]) or "补充说明"), _text(dossier, key)
        )
        for key in dict.fromkeys(section.key for section in dossier.narrative if section.key in others)
    ]
    return [_Filled(LEFT_OVER, []), *parts]


def _tree(filled: Iterable[_Filled]) -> list[_Filled]:
    """Sections put under the nearest one above them of a higher level."""
    roots: list[_Filled] = []
    open_sections: list[_Filled] = []
    for one in filled:
        while open_sections and open_sections[-1].section.level >= one.section.level:
            open_sections.pop()
        (open_sections[-1].children if open_sections else roots).append(one)
        open_sections.append(one)
    return roots


def _printed(siblings: Iterable[_Filled]) -> Iterable[Block]:
    """Headings and paragraphs of the sections that have something to say, numbered without gaps."""
    numbers: dict[int, int] = {}
    for one in siblings:
        if not one.printed:
            continue
        level = one.section.level
        numbers[level] = numbers.get(level, 0) + 1
        yield Heading(level=level, text=f"{mark(level, numbers[level])}{one.section.title.strip()}")
        yield from _numbered(one)
        yield from _printed(one.children)


def _numbered(one: _Filled) -> Iterable[Paragraph]:
    """Paragraphs of a section; each run of listed ones is numbered on a level that its headings do not use."""
    levels = [child.section.level for child in one.children if child.printed]
    level = max(3, one.section.level + 1, *(used + 1 for used in levels))
    number = 0
    for statement in one.statements:
        number = number + 1 if statement.listed else 0
        yield Paragraph(
            text=f"{mark(level, number)}{statement.text}" if statement.listed else statement.text,
            origin=statement.origin,
            where=statement.where,
        )


# ------------------------------------------------------------------ cover and closing


def _lines(body: Iterable[Block]) -> int:
    """About how many lines of 28 characters the body takes."""
    return sum(-(-(len(block.text) + 2) // 28) for block in body if isinstance(block, Heading | Paragraph))


def titled(pattern: str, dossier: Dossier) -> str:
    """A title of the template with year and department put in."""
    return pattern.replace("{year}", str(dossier.year)).replace("{department}", dossier.profile.department)


def _cover(dossier: Dossier, title: str) -> Cover:
    """封面: title, who reports, main department and 预算编码 where stated, 填报日期."""
    unit = dossier.profile
    lines = [
        ("填报单位", unit.department),
        ("主管部门", unit.main_department),
        ("预算编码", unit.budget_code),
    ]
    return Cover(
        title=title,
        lines=tuple((label, value) for label, value in lines if value.strip()),
        date=chinese_date(unit.prepared_on) if unit.prepared_on else "",
    )


def _closing(dossier: Dossier, forms: Sequence[Annex]) -> Iterable[Block]:
    """附件说明 (``附件：1.××``, no mark at the end) and the signature: unit over date."""
    several = len(forms) > 1
    if forms:
        yield Enclosures(
            items=tuple(
                (f"{number}." if several else "", annex.title) for number, annex in enumerate(forms, 1)
            )
        )
    date = chinese_date(dossier.profile.prepared_on) if dossier.profile.prepared_on else ""
    yield Signature(lines=tuple(line for line in (dossier.profile.department, date) if line))
