"""``evaluate FILE-or-folder…``: score, grade and findings of report files, without database and configuration.

Exit code 0: nothing to fail on; 1: findings at or above ``--fail-on``; 2: a file could not be read, or
wrong usage.
"""

from __future__ import annotations

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.money import plain
from indicators.policy import DEFAULT_POLICY, Policy, PolicyError, load_policy
from indicators.scoring import score
from indicators.scoring.scorecard import Scorecard, ScoreLine
from reports import checks
from reports.dossier import Dossier
from reports.findings import LEVEL_LABELS, Finding, Level
from reports.intake import IntakeError, read
from reports.management.terminal import WIDTH, indented, table, wrap
from reports.places import place

CLEAN, FOUND, UNREADABLE = 0, 1, 2
FAILING = {"error": {Level.ERROR}, "warning": {Level.ERROR, Level.WARNING}}
COLUMNS = (30, 6, 6, 52)
SUMMARY = (48, 10, 10, 8, 8, 8)
BAR = 30
NOT_SCORABLE = "-"
ENDINGS = (".json", ".txt", ".docx", ".doc", ".pdf", ".xlsx", ".xls")
"""Endings of the files that are read in a folder."""


@dataclass(frozen=True)
class Evaluated:
    """One file with everything computed from it, or the sentence why it could not be read."""

    file: str
    dossier: Dossier | None = None
    card: Scorecard | None = None
    findings: tuple[Finding, ...] = ()
    error: str = ""


def evaluate(path: str, policy: Policy) -> Evaluated:
    """Read, score and check one file."""
    try:
        dossier = read(Path(path))
    except IntakeError as error:
        return Evaluated(path, error=str(error))
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    return Evaluated(path, dossier, card, tuple(checks.run(dossier, policy=policy, scorecard=card)))


def files_of(paths: Sequence[str]) -> Iterator[str | Evaluated]:
    """The files themselves; of a folder all report files below it in the order of their names."""
    for path in paths:
        if not Path(path).is_dir():
            yield path
            continue
        found = sorted(
            file
            for file in Path(path).rglob("*")
            if file.suffix.lower() in ENDINGS and file.is_file() and not _hidden(file.relative_to(path))
        )
        if not found:
            yield Evaluated(path, error=f"文件夹里没有报告文件（{'、'.join(ENDINGS)}）")
        yield from map(str, found)


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)


def exit_code(results: Sequence[Evaluated], fail_on: str) -> int:
    """What the command ends with; a file that could not be read outweighs findings."""
    if any(result.error for result in results):
        return UNREADABLE
    failing = FAILING[fail_on]
    return (
        FOUND if any(finding.level in failing for result in results for finding in result.findings) else CLEAN
    )


# ------------------------------------------------------------------ JSON


def as_json(result: Evaluated) -> dict[str, Any]:
    """One object a file. Scores are decimal strings, ``null`` where not computable."""
    card, dossier = result.card, result.dossier
    if card is None or dossier is None:
        empty = {"score": None, "grade": None, "self_score": None, "self_grade": None}
        return {
            "file": result.file,
            **empty,
            "indicators": [],
            "findings": [],
            "unread": [],
            "error": result.error,
        }
    return {
        "file": result.file,
        "score": _text(card.score),
        "grade": card.grade or None,
        "self_score": _text(card.self_score),
        "self_grade": card.self_grade or None,
        "indicators": [
            {"name": line.name, "weight": _text(line.weight), "score": _text(line.score), "basis": line.basis}
            for line in card.lines
        ],
        "findings": [finding.model_dump(mode="json") for finding in result.findings],
        "unread": [item.model_dump(mode="json") for item in dossier.unread],
    }


def _text(number: Any) -> str | None:
    return None if number is None else plain(number)


# ------------------------------------------------------------------ table


def as_table(result: Evaluated) -> Iterator[str]:
    """The result of one file for a terminal of 100 columns."""
    yield "=" * WIDTH
    yield from wrap(f"文件：{result.file}", WIDTH)
    dossier, card = result.dossier, result.card
    if dossier is None or card is None:
        yield from indented(result.error, 8, "读不了：")
        return
    yield from indented(f"{dossier.profile.department or '（未写明）'}　{dossier.year}年度", 6, "单位：")
    yield from _result(card)
    yield ""
    yield from _lines(card)
    yield ""
    yield from _findings(dossier, result.findings)
    yield from _unread(dossier)


def _result(card: Scorecard) -> Iterator[str]:
    computed = (
        "无法计算"
        if card.score is None
        else f"{plain(card.score)}分" + (f"（{card.grade}）" if card.grade else "")
    )
    own = (
        "未填"
        if card.self_score is None
        else f"{plain(card.self_score)}分" + (f"（{card.self_grade}）" if card.self_grade else "")
    )
    wrote = (
        f"，报告写的等级是“{card.stated_grade}”"
        if card.stated_grade and card.stated_grade != card.self_grade
        else ""
    )
    yield f"得分：系统评分 {computed}；自评得分 {own}{wrote}　　评分办法：{card.policy}"
    shown = {f"{line.name}：{line.basis}" for line in card.lines}
    for reason in (one for one in card.reasons if one not in shown):
        yield from indented(reason, 6)


def _lines(card: Scorecard) -> Iterator[str]:
    right = (False, True, True, False)
    yield from table([("指标", "分值", "得分", "依据")], COLUMNS, right)
    yield "-" * WIDTH
    for line in card.lines:
        yield from table(
            [(_name(line), _text(line.weight) or NOT_SCORABLE, _shown(line), line.basis)], COLUMNS, right
        )
    if not card.lines:
        yield "（没有指标）"


def _name(line: ScoreLine) -> str:
    level = line.level2.removesuffix("指标")
    return f"{level}：{line.name}" if level else line.name


def _shown(line: ScoreLine) -> str:
    if line.score is not None:
        return plain(line.score)
    return "不适用" if line.outcome == "not_applicable" else NOT_SCORABLE


def _findings(dossier: Dossier, findings: Sequence[Finding]) -> Iterator[str]:
    counts = [
        f"{LEVEL_LABELS[level]} {sum(finding.level is level for finding in findings)}"
        for level in (Level.ERROR, Level.WARNING, Level.HINT)
    ]
    yield f"核对发现：{'，'.join(counts)}" if findings else "核对发现：没有"
    for number, finding in enumerate(findings, 1):
        head = f"{number}. [{LEVEL_LABELS[finding.level]}] {place(finding.where, dossier).short}（{finding.code}）"
        yield from wrap(head, WIDTH)
        yield from indented(finding.message, 4)
        if finding.fix:
            yield from indented(finding.fix, 10, "    建议：")


def _unread(dossier: Dossier) -> Iterator[str]:
    questions = [item for item in dossier.unread if item.question]
    rest = [item for item in dossier.unread if not item.question]
    if questions:
        yield ""
        yield f"请确认（{len(questions)}处）："
        for item in questions:
            yield from indented(f"{item.source}：{item.question}", 4, "  -")
    if rest:
        yield ""
        yield f"没有对应栏目、未读入的文字（{len(rest)}处）："
        for item in rest:
            yield from indented(f"{item.source}：{item.words}", 4, "  -")


def as_summary(results: Sequence[Evaluated]) -> Iterator[str]:
    """One line a file: scores and number of findings by level."""
    right = (False, True, True, True, True, True)
    yield from table([("文件", "系统评分", "自评得分", "错误", "疑点", "提示")], SUMMARY, right)
    yield "-" * WIDTH
    for result in results:
        name = Path(result.file).name
        if result.card is None:
            yield from table([(name, "读不了", "", "", "", "")], SUMMARY, right)
            continue
        counts = [
            str(sum(finding.level is level for finding in result.findings))
            for level in (Level.ERROR, Level.WARNING, Level.HINT)
        ]
        scores = (_text(result.card.score) or NOT_SCORABLE, _text(result.card.self_score) or NOT_SCORABLE)
        yield from table([(name, *scores, *counts)], SUMMARY, right)


# ------------------------------------------------------------------ command


class Command(BaseCommand):
    """Score and check report files (给报告文件评分并核对)."""

    help = """Score and check report files; works without database and configuration.
给报告文件评分并核对，不需要数据库和配置。

FILE: dossier JSON, case JSON, report or official workbook (.txt, .docx, .doc, .pdf,
.xlsx), final accounts (.xlsx, .xls); a folder: all such files below it.
Exit code: 0 nothing to fail on, 1 findings, 2 a file could not be read.
退出码：0 没有达到 --fail-on 级别的发现，1 有，2 有文件读不了。"""
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="报告文件，或装有报告文件的文件夹")
        parser.add_argument(
            "--policy", default=DEFAULT_POLICY, metavar="NAME", help="评分办法，默认 %(default)s"
        )
        parser.add_argument(
            "--format", choices=["table", "json"], default="table", help="输出格式，默认 table"
        )
        parser.add_argument(
            "--fail-on",
            choices=["error", "warning"],
            default="warning",
            help="从哪一级起以退出码 1 结束，默认 warning",
        )

        parser.add_argument(
            "--findings", type=Path, metavar="PATH", help="把全部核对发现写成一个 Excel 清单（.xlsx）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            policy = load_policy(options["policy"])
        except PolicyError as error:
            raise CommandError(str(error), returncode=UNREADABLE) from None
        files = list(files_of(options["files"]))
        results = []
        for number, item in enumerate(files, 1):
            self._progress(number, len(files))
            results.append(item if isinstance(item, Evaluated) else evaluate(item, policy))
        if options["findings"] is not None:
            self._list(options["findings"], results)
        if options["format"] == "json":
            self.stdout.write(
                json.dumps([as_json(result) for result in results], ensure_ascii=False, indent=2)
            )
        else:
            self._print(results)
        for result in results:
            if result.error:
                self.stderr.write(f"{result.file}：{result.error}")
        code = exit_code(results, options["fail_on"])
        if code:
            sys.exit(code)

    def _print(self, results: Sequence[Evaluated]) -> None:
        for result in results:
            if not result.error:
                self.stdout.write("\n".join(as_table(result)))
        if len(results) > 1:
            read = [result for result in results if not result.error]
            found = sum(len(result.findings) for result in read)
            self.stdout.write("=" * WIDTH)
            self.stdout.write("\n".join(as_summary(results)))
            self.stdout.write(f"共{len(results)}个文件，读了{len(read)}个，发现{found}处")

    def _progress(self, number: int, count: int) -> None:
        """A bar for a person who waits; nothing in a file or a pipe."""
        if count > 1 and self.stderr.isatty():
            done = number * BAR // count
            self.stderr.write(f"\r{'█' * done}{'░' * (BAR - done)} {number}/{count}", ending="")
            if number == count:
                self.stderr.write("")

    def _list(self, path: Path, results: Sequence[Evaluated]) -> None:
        """All findings as a workbook."""
        from reports.management.findings_list import findings_list

        try:
            path.write_bytes(findings_list(results))
        except OSError as error:
            raise CommandError(f"写不了 {path}：{error.strerror or error}", returncode=UNREADABLE) from None
