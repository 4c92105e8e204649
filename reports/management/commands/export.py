"""``export``: one report as PDF, Word, Excel or JSON, from a file or from the database; or a whole district.

A file needs neither database nor configuration: everything that does is imported in the branch that uses it.
"""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.policy import PolicyError, load_policy
from indicators.scoring import score
from reports import checks
from reports.documents.compose import compose
from reports.exporting import files
from reports.intake import IntakeError, read
from reports.management.terminal import ProgressBar
from reports.outline import DEFAULT_TEMPLATE, OutlineError, load_outline

DRAFT = "草稿"
FAILED, UNREADABLE = 1, 2


def from_file(path: Path, kind: str, *, template: str, policy_name: str | None) -> bytes:
    """A report's file, always marked as a draft: a file has no approval."""
    dossier = read(path)
    if kind == "json":
        return files.as_json(dossier)
    outline = load_outline(template)
    policy = load_policy(policy_name or outline.policy)
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    findings = checks.run(dossier, policy=policy, scorecard=card)
    return files.printed(kind, compose(dossier, card, findings, outline, watermark=DRAFT))


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
        parser.add_argument("--to", choices=tuple(files.KINDS), required=True, dest="kind", help="文件种类")
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
        except files.ExportRefused as error:
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
            raise files.ExportRefused(f"{output} 是一个文件夹，请给出文件名")
        elif source.isdecimal() and not Path(source).exists():
            files.write(output, files.from_database(files.one_report(int(source)), kind))
        else:
            template, policy = options["template"], options["policy"]
            files.write(output, from_file(Path(source), kind, template=template, policy_name=policy))

    def _district(self, options: dict[str, Any]) -> None:
        """One file a report; a report that fails is named and the others are still written."""
        if options["source"] or options["round"] is None or not options["region"]:
            raise CommandError(
                "导出整个区县时同时给出 --round 和 --region，不再给出文件或编号", returncode=UNREADABLE
            )
        kind, folder = options["kind"], options["output"]
        reports = files.reports_of(options["round"], options["region"])
        bar = ProgressBar(self.stderr, len(reports))
        failed = 0
        for number, report in enumerate(reports, 1):
            try:
                files.write(folder / files.file_name(report, kind), files.from_database(report, kind))
            except Exception as error:
                failed += 1
                bar.clear()
                self.stderr.write(f"{report.department.name}（编号 {report.pk}）导出失败：{error}")
            bar.show(number)
        bar.clear()
        self.stdout.write(f"导出{len(reports) - failed}份，在 {folder}")
        if failed:
            sys.exit(FAILED)
