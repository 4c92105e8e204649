"""``seal_audit``: seal the audit entries written since the last run; prints the newest digest to be kept elsewhere."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from departments import sealing


class Command(BaseCommand):
    help = "封存新的操作日志，并给出最新的封存指纹；请把指纹另行保存在数据库以外的地方"

    def handle(self, *args: object, **options: object) -> None:
        made = sealing.seal()
        if not made:
            self.stdout.write("没有新的操作日志需要封存")
            return
        self.stdout.write(f"封存{sum(item.entries for item in made)}条操作日志，共{len(made)}批")
        self.stdout.write(f"最新指纹：{made[-1].digest}")
