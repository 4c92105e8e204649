"""``verify_audit [--expect DIGEST]``: recompute the chain of seals; exit 1 when the audit trail was changed."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from departments import sealing


class Command(BaseCommand):
    help = "重新计算操作日志的封存链，检查日志有没有被改动、删除或插入；发现问题时退出码为1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--expect", default="", metavar="DIGEST", help="以前另行保存的指纹，链上必须有它")

    def handle(self, *args: object, **options: object) -> None:
        verdict = sealing.verify(options["expect"])
        if verdict.complaint:
            raise CommandError(verdict.complaint, returncode=1)
        self.stdout.write(
            f"{verdict.seals}批{verdict.entries}条操作日志与封存时一致，另有{verdict.unsealed}条尚未封存"
        )
        if verdict.seals:
            self.stdout.write(f"最新指纹：{verdict.digest}")
