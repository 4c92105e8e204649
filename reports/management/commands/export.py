"""``export``: one report as PDF, Word, Excel or JSON, from a file or from the database; or a whole district.

A file needs neither database nor configuration: everything that does is imported in the branch that uses it.
"""

from __future__ import annotations

import importlib
import re
import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.policy import PolicyError, load_policy
from indicators.scoring import score
from reports import checks
from reports.documents.compose import compose
from reports.dossier import Dossier
from reports.intake import IntakeError, read
from reports.outline import DEFAULT_TEMPLATE, OutlineError, load_outline

if TYPE_CHECKING:
    from reports.models import Report

KINDS = ("pdf", "docx", "xlsx", "json")
DRAFT = "草稿"
FAILED, UNREADABLE = 1, 2


class ExportRefused(Exception):
    """The export cannot be done; the message says why in Chinese."""


def printed(kind: str, document: Any) -> bytes:
    """A composed document in one of the file kinds."""
    module = importlib.import_module(f"reports.documents.{kind}")
    data = getattr(module, f"to_{kind}")(document)
    return bytes(data)


def as_json(dossier: Dossier) -> bytes:
    """The dossier as people can read it; reading it again gives the same dossier."""
    return (dossier.model_dump_json(indent=2) + "\n").encode()


def from_file(path: Path, kind: str, *, template: str, policy_name: str | None) -> bytes:
    """A report's file, always marked as a draft: a file has no approval."""
    dossier = read(path)
    if kind == "json":
        return as_json(dossier)
    outline = load_outline(template)
    policy = load_policy(policy_name or outline.policy)
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    findings = checks.run(dossier, policy=policy, scorecard=card)
    return printed(kind, compose(dossier, card, findings, outline, watermark=DRAFT))


def from_database(report: Report, kind: str) -> bytes:
    """A stored report as its page shows it: what was submitted, else the work in progress; a draft until approved."""
    from reports import paper

    content = paper.shown(report)
    if kind == "json":
        return as_json(content.evaluation.dossier)
    return printed(kind, paper.document(report, content))


def one_report(number: int) -> Report:
    """A report by its primary key."""
    from reports.models import Report

    report = Report.objects.with_context().filter(pk=number).first()
    if report is None:
        raise ExportRefused(f"没有编号为 {number} 的报告")
    return report


def reports_of(year: int, region: str) -> list[Report]:
    """All reports of a district's round that were not cancelled, by department."""
    from reports.choices import Status
    from reports.models import Report

    found = Report.objects.with_context().filter(round__year=year, round__region__code=region)
    reports = list(found.exclude(status=Status.CANCELLED).order_by("profile__department__name", "pk"))
    if not reports:
        raise ExportRefused(f"区划 {region} 没有 {year} 年度的报告")
    return reports


def file_name(report: Report, kind: str) -> str:
    """``2023年度-单位名称-12.pdf``; the number keeps two units of one name apart."""
    name = re.sub(r"[\\/:*?\"<>|\x00-\x1f]", "_", report.department.name).strip(". ") or "单位"
    return f"{report.year}年度-{name[:60]}-{report.pk}.{kind}"


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise ExportRefused(f"写不了 {path}：{error.strerror or error}") from None


class Command(BaseCommand):
    """Write a report, or a district's reports, to files (导出报告)."""

    help = """Write one report as PDF, Word, Excel or JSON; FILE works without database and configuration.
导出一份报告；从文件导出不需要数据库和配置。

  export report.txt --to pdf -o report.pdf          from a file (marked as a draft)
  export 12 --to docx -o report.docx                report number 12 of the database
  export --round 2023 --region 430407 --to pdf -o DIR   a whole district, one file a report"""
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", nargs="?", metavar="FILE-or-id", help="报告文件，或数据库里报告的编号")
        parser.add_argument("--to", choices=KINDS, required=True, dest="kind", help="文件种类")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="PATH", help="写到哪里")
        parser.add_argument("--round", type=int, metavar="YEAR", help="整个区县的某一年度")
        parser.add_argument("--region", metavar="CODE", help="区划代码")
        parser.add_argument(
            "--template", default=DEFAULT_TEMPLATE, metavar="NAME", help="报告模板（从文件导出时用）"
        )
        parser.add_argument("--policy", metavar="NAME", help="评分办法（从文件导出时用），默认随模板")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._export(options)
        except (IntakeError, OutlineError, PolicyError) as error:
            raise CommandError(f"{options['source']}：{error}", returncode=UNREADABLE) from None
        except ExportRefused as error:
            raise CommandError(str(error), returncode=FAILED) from None

    def _export(self, options: dict[str, Any]) -> None:
        source, kind, output = options["source"], options["kind"], options["output"]
        if options["round"] is not None or options["region"] is not None:
            self._district(options)
        elif source is None:
            raise CommandError(
                "请给出文件或报告编号，或者同时给出 --round 和 --region", returncode=UNREADABLE
            )
        elif output.is_dir():
            raise ExportRefused(f"{output} 是一个文件夹，请给出文件名")
        elif source.isdecimal() and not Path(source).exists():
            write(output, from_database(one_report(int(source)), kind))
        else:
            template, policy = options["template"], options["policy"]
            write(output, from_file(Path(source), kind, template=template, policy_name=policy))

    def _district(self, options: dict[str, Any]) -> None:
        """One file a report; a report that fails is named and the others are still written."""
        if options["source"] or options["round"] is None or not options["region"]:
            raise CommandError(
                "导出整个区县时同时给出 --round 和 --region，不再给出文件或编号", returncode=UNREADABLE
            )
        reports = reports_of(options["round"], options["region"])
        failed = 0
        for report in reports:
            try:
                write(
                    options["output"] / file_name(report, options["kind"]),
                    from_database(report, options["kind"]),
                )
            except Exception as error:
                failed += 1
                self.stderr.write(f"{report.department.name}（编号 {report.pk}）导出失败：{error}")
        self.stdout.write(f"导出{len(reports) - failed}份，在 {options['output']}")
        if failed:
            sys.exit(FAILED)
