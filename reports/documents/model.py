"""The printed report, decided once (一份文稿，四种打印): headings, paragraphs, tables and signatures.

:func:`reports.documents.compose` builds a :class:`ReportDocument`; the printers (PDF, Word, Excel, HTML) lay it out
and know no rule. All texts are final: numbered, rounded and worded.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Align = Literal["left", "center", "right"]


class Part(BaseModel):
    """Frozen piece of a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Heading(Part):
    """Heading of a level: 1 ``一、`` 黑体, 2 ``（一）`` 楷体, 3 ``1.`` 仿宋, 4 ``（1）`` 仿宋 (GB/T 9704-2012)."""

    kind: Literal["heading"] = "heading"
    level: Literal[1, 2, 3, 4]
    text: str


class Paragraph(Part):
    """Body text, first line indented by two characters. ``origin`` says where it came from, for the preview.

    ``flush`` is for the one to whom a paper is sent (主送机关, GB/T 9704-2012, 7.3.2): no indent.
    """

    kind: Literal["paragraph"] = "paragraph"
    text: str
    origin: Literal["unit", "generated", "prompt"] = "unit"
    where: str | None = None
    flush: bool = False


class Cell(Part):
    """One cell of a table.

    ``number`` carries the exact value behind the shown text (元 turned into 万元, a rate as a fraction, a score) and
    ``format`` how a workbook shows it; ``formula`` is the live formula of the workbook with ``{c}`` names resolved by
    the Excel printer (see :class:`Table`). Other printers use ``text`` only.
    """

    text: str = ""
    colspan: int = 1
    rowspan: int = 1
    align: Align = "center"
    bold: bool = False
    number: str | None = None
    format: Literal["text", "amount", "percent", "score", "integer"] = "text"
    formula: str | None = None
    name: str | None = None
    where: str | None = None


class Row(Part):
    cells: tuple[Cell, ...]
    min_height: float | None = None
    """Smallest height in millimetres (signature and free-text rows)."""


class Table(Part):
    """A ruled table. Merged cells are stated once, at their top left; covered places are left out of later rows.

    ``widths`` are relative column widths. ``header_rows`` rows repeat on every page. ``formula`` of a cell names other
    cells of the same sheet by ``{name}`` (each such cell has ``name``), e.g. ``"=SUM({a1}:{a9})"``.
    """

    kind: Literal["table"] = "table"
    title: str = ""
    widths: tuple[float, ...]
    header_rows: int = 0
    rows: tuple[Row, ...]
    note: str = ""
    joined: bool = False
    """A further part of the form begun by the table before it: same size of type, directly below it."""
    unit: str = ""
    """Shown above the table at the right, e.g. ``单位：万元``."""


class Signature(Part):
    """Closing lines, right of the page: signer over the date (署名, 成文日期)."""

    kind: Literal["signature"] = "signature"
    lines: tuple[str, ...]


class Enclosures(Part):
    """附件说明 (GB/T 9704-2012, 7.3.4): a blank line below the text, ``附件：1.××`` two characters in, names aligned."""

    kind: Literal["enclosures"] = "enclosures"
    items: tuple[tuple[str, str], ...]
    """Number (``1.``, empty for a single one) and name."""

    @property
    def lead(self) -> str:
        return "附件："

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines as one would read them aloud, each whole."""
        return tuple(
            f"{'　' * len(self.lead) if place else self.lead}{number}{name}"
            for place, (number, name) in enumerate(self.items)
        )


Block = Heading | Paragraph | Table | Signature | Enclosures


class Annex(Part):
    """附件: begins a new page with its mark (``附件1``) and its title; wide forms lie on a landscape page."""

    mark: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = True
    sheet: str
    """Name of the sheet in the workbook, at most 31 characters."""


class Cover(Part):
    title: str
    lines: tuple[tuple[str, str], ...]
    """Label and value, e.g. ``("填报单位", "……")``."""
    date: str = ""


class Verification(Part):
    """核验信息 of an approved report: short hash and address, printed as text and as a QR code on the cover."""

    code: str
    address: str

    @property
    def text(self) -> str:
        return f"核验码 {self.code}"


class ReportDocument(Part):
    """The whole paper. ``watermark`` is drawn across every page (``草稿`` until it is approved), empty for none."""

    title: str
    author: str
    subject: str = ""
    cover: Cover | None = None
    contents: bool = False
    """A page of contents between cover and body, for long papers."""
    body: tuple[Block, ...] = ()
    annexes: tuple[Annex, ...] = ()
    workbook: tuple[Annex, ...] = ()
    """Sheets of the workbook that are not printed: the findings, for those who work on the report."""
    watermark: str = ""
    created: str = ""
    """ISO date-time put into the files' metadata, so that the same dossier gives the same bytes."""
    footer: str = ""
    """Verification line under the body (short hash of the frozen dossier), empty for none."""
    verification: Verification | None = None
    """Where the paper can be checked; only an approved one has it."""
