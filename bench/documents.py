"""Printing beside other ways to the same pages: LibreOffice from our Word file, WeasyPrint from our HTML, typst.

All in one run on the same content; a tool that is not installed is reported as not measured. Times are processor
milliseconds of one document, the best of several runs (on a shared machine a clock on the wall would measure its other
work); the ratio is against our PDF, warm in its process. ``python -m bench.documents`` runs this
part alone.
"""

from __future__ import annotations

import logging
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
django.setup()

import pypdfium2  # noqa: E402

from indicators.policy import load_policy  # noqa: E402
from indicators.scoring import score  # noqa: E402
from reports.documents import compose, to_docx, to_html, to_pdf, to_xlsx  # noqa: E402
from reports.documents.model import (  # noqa: E402
    Enclosures,
    Heading,
    Paragraph,
    ReportDocument,
    Signature,
    Table,
)
from reports.outline import load_outline  # noqa: E402
from tests.factories import make_dossier  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
REPORTS = 300
CORES = 2
TARGETS = {
    "LibreOffice": ("at least 25", lambda ratio: ratio >= 25),
    "WeasyPrint": ("at least 6", lambda ratio: ratio >= 6),
}


def report(number: int = 0, extra: int = 0) -> ReportDocument:
    """An invented report; ``extra`` paragraphs make it longer."""
    text = "本馆按月核对预算执行进度，重点支出先审批后支付，全年支出206.00万元，没有超范围支出。" * 3
    dossier = make_dossier(
        department=f"示例区第{number}档案馆", narrative={"process": "\n".join([text] * extra) or text}
    )
    outline, policy = load_outline(), load_policy()
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    return compose(dossier, card, (), outline, watermark="", created="2024-05-13T10:00:00+08:00")


def body(document: ReportDocument) -> ReportDocument:
    """The running text and the form that all tools are given."""
    return document.model_copy(update={"cover": None, "annexes": document.annexes[:1], "contents": False})


def quickest(call: Callable[[], object], times: int) -> float:
    """Processor milliseconds, child processes included, of the run that was disturbed least."""
    call()
    taken = []
    for _ in range(times):
        start = clock()
        call()
        taken.append((clock() - start) * 1000)
    return min(taken)


def clock() -> float:
    """Processor seconds of this process and of its finished children: other work on the machine does not count."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def with_libreoffice(document: ReportDocument) -> float | str:
    """Docx → PDF by a program started for each document, as a server would."""
    office = shutil.which("soffice")
    if not office:
        return "not measured: soffice is not installed"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "a.docx").write_bytes(to_docx(document))
        command = [
            *(office, f"-env:UserInstallation=file://{folder}/profile", "--headless"),
            *("--convert-to", "pdf", "--outdir", folder, str(place / "a.docx")),
        ]
        return quickest(lambda: subprocess.run(command, check=True, capture_output=True, timeout=120), 5)


def with_weasyprint(document: ReportDocument) -> float | str:
    """HTML and CSS → PDF, warm in this process."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        return f"not measured: {error}"
    page = "@page { size: A4; margin: 37mm 26mm 35mm 28mm } .paper { padding: 0 !important; width: auto !important }"
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    css = (ROOT / "static/css/paper.css").read_text(encoding="utf-8")
    html = (
        f"<html lang=zh><meta charset=utf-8><style>{css}{page}</style><body>{to_html(document)}</body></html>"
    )
    return quickest(lambda: weasyprint.HTML(string=html).write_pdf(), 3)


def with_typst(document: ReportDocument) -> float | str:
    """The same texts and tables as typst markup, one-shot: the compiler is started anew each time."""
    try:
        import typst
    except ImportError as error:
        return f"not measured: {error}"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "a.typ"
        place.write_text(markup(document), encoding="utf-8")
        return quickest(lambda: typst.compile(str(place)), 5)


def markup(document: ReportDocument) -> str:
    """Typst markup of headings, paragraphs and tables."""

    def text(words: str) -> str:
        return "#" + repr_typst(words)

    lines = [
        '#set page(paper: "a4", margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm), numbering: "— 1 —")',
        '#set text(size: 16pt, lang: "zh", font: ("Noto Serif CJK SC", "Noto Sans CJK SC"))',
        "#set par(first-line-indent: 2em, justify: true, leading: 13pt)",
    ]
    annexes = [block for annex in document.annexes for block in annex.blocks]
    for block in (*document.body, *annexes):
        match block:
            case Heading() | Paragraph():
                lines += [text(block.text), ""]
            case Enclosures():
                lines += [part for item in block.texts for part in (text(item), "")]
            case Signature():
                lines += [part for item in block.lines for part in (text(item), "")]
            case Table():
                cells = ", ".join(
                    f"table.cell(colspan: {cell.colspan}, rowspan: {cell.rowspan})[{text(cell.text)}]"
                    for row in block.rows
                    for cell in row.cells
                )
                columns = ", ".join(f"{width}fr" for width in block.widths)
                lines += [f"#text(size: 10.5pt, table(columns: ({columns}), {cells}))", ""]
    return "\n".join(lines)


def repr_typst(words: str) -> str:
    """A string of typst; quotes and backslashes are escaped."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def pages(data: bytes) -> int:
    return len(pypdfium2.PdfDocument(data))


def one(number: int) -> int:
    """A report in three formats, in a worker."""
    document = report(number)
    return len(to_pdf(document)) + len(to_docx(document)) + len(to_xlsx(document))


def measure(reports: int = REPORTS) -> list[str]:
    """The lines for RESULTS.md."""
    document = body(report())
    own = quickest(lambda: to_pdf(document), 15)
    count = pages(to_pdf(document))
    lines = [
        f"The same {count} pages (text and one form), one core, processor milliseconds a document:",
        "",
        "| | ms | times our PDF | target |",
        "| --- | ---: | ---: | --- |",
        f"| our PDF, warm in the process | {own:.0f} | 1.0 | |",
    ]
    for name, call in (
        ("LibreOffice", with_libreoffice),
        ("WeasyPrint", with_weasyprint),
        ("typst", with_typst),
    ):
        found = call(document)
        if isinstance(found, str):
            lines.append(f"| {name} | | | {found} |")
            continue
        ratio = found / own
        if name == "typst":
            verdict = (
                f"ours at most 2 × typst: {'met' if own <= 2 * found else 'missed'} ({own / found:.1f} ×)"
            )
            label = "typst, compiler started anew"
        else:
            words, met = TARGETS[name]
            verdict = f"{words}: {'met' if met(ratio) else 'missed'}"
            label = f"{name}, {'docx → PDF' if name == 'LibreOffice' else 'HTML → PDF, warm'}"
        lines.append(f"| {label} | {found:.0f} | {ratio:.1f} | {verdict} |")
    lines += ["", "Growth with the pages:", "", "| pages | ms | ms a page |", "| ---: | ---: | ---: |"]
    for extra in (1, 40, 100, 220):
        longer = body(report(extra=extra))
        taken, count = quickest(lambda longer=longer: to_pdf(longer), 3), pages(to_pdf(longer))
        lines.append(f"| {count} | {taken:.0f} | {taken / count:.1f} |")
    if reports:
        start = time.perf_counter()
        with ProcessPoolExecutor(CORES) as pool:
            size = sum(pool.map(one, range(reports), chunksize=10))
        taken = time.perf_counter() - start
        lines += [
            "",
            f"A round of {reports} reports in three formats on {CORES} processes: {taken:.0f} s, "
            f"{taken / reports * 1000:.0f} ms a report, {size / 1e6:.0f} MB.",
        ]
    return lines


if __name__ == "__main__":
    print("\n".join(measure(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS)))
