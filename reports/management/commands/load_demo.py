"""``manage.py load_demo``: the demo district with the real 2023 report, for ``make run``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from departments.models import Department
from reports.demo import load as demo
from reports.documents import compose, to_docx, to_pdf, to_xlsx
from reports.evaluation import evaluate
from reports.models import Report


class Command(BaseCommand):
    help = "Load the demo district (once) and print its accounts; refuses outside demo mode."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--exports", type=Path, help="folder for the real report as PDF, Word and Excel")

    def handle(self, *args: Any, exports: Path | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只能装入演示环境（EVALSITE_ENV=demo）")
        kept = settings.VAR_DIR / "demo" / "password"
        kept.parent.mkdir(parents=True, exist_ok=True)
        password = kept.read_text().strip() if kept.is_file() else demo.new_password()
        if not kept.is_file():
            kept.touch(mode=0o600)
            kept.write_text(password + "\n")
        if demo.is_loaded():
            demo.set_password(password)
            self.stdout.write("演示数据已在库中，保留此前填写的内容")
        else:
            demo.load(password)
            units = Department.objects.count()
            self.stdout.write(f"已装入演示区县：{units} 个单位，{demo.EARLIER}、{demo.LATEST} 两个年度")
        if exports:
            self._export(exports)
        self.stdout.write("演示账号（密码都是 " + password + "）：")
        for account in demo.ACCOUNTS:
            self.stdout.write(f"  {account.username:<12}{account.role.label}：{account.purpose}")

    def _export(self, folder: Path) -> None:
        """Write the real report in three formats."""
        folder.mkdir(parents=True, exist_ok=True)
        report = Report.objects.with_context().get(
            profile__year=demo.LATEST, profile__department__role_assignments__user__username="filler"
        )
        evaluation = evaluate(report)
        document = compose(evaluation.dossier, evaluation.scorecard, evaluation.findings, evaluation.outline)
        stem = f"{report.department.name}_{report.year}年度绩效自评报告"
        for suffix, printer in (("pdf", to_pdf), ("docx", to_docx), ("xlsx", to_xlsx)):
            path = folder / f"{stem}.{suffix}"
            path.write_bytes(printer(document))
            self.stdout.write(f"已导出 {path}")
