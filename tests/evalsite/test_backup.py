"""Backup and restore: everything comes back, on SQLite and PostgreSQL; what is damaged or in the way is refused."""

from __future__ import annotations

import datetime
import io
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from departments import locks
from departments.models import AnnualProfile, AuditEntry, Department
from evalsite.backups import BackupError, engines, make, store
from reports.models import Attachment, Report
from tests.db import make_department, make_report, make_submission, make_user
from tests.evalsite.saving import back_up_under_load
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

LEFT_ALONE = {"departments_auditentry"}
"""Restoring itself is logged."""


def run(name: str, *arguments: object, **options: object) -> str:
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


def all_rows() -> dict[str, list[tuple]]:
    """Every row of every table, as the database itself gives it."""
    with connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


def all_files() -> dict[str, bytes]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def attach(report: Report, name: str, content: bytes) -> Attachment:
    return Attachment.objects.create(
        profile=report.profile,
        name=name,
        file=ContentFile(content, name=name),
        content_type="application/pdf",
        size=len(content),
        sha256=name.ljust(64, "0"),
        uploaded_by=make_user("filler", department=report.department),
    )


@pytest.fixture
def district() -> Report:
    report = make_report(dossier=make_dossier())
    attach(report, "evidence", b"%PDF-1.4 first")
    attach(report, "more", b"%PDF-1.4 second")
    locked = make_report(
        department=make_department("示例区图书馆"), dossier=make_dossier(), status="approved"
    )
    make_submission(locked)
    return report


@pytest.fixture
def saved(district, tmp_path) -> Path:
    run("backup", tmp_path / "saved")
    return tmp_path / "saved"


def spoil(report: Report) -> None:
    """Change, add and remove rows and files."""
    Attachment.objects.filter(name="more").delete()
    Department.objects.filter(pk=report.department.pk).update(name="改过名的单位")
    make_report(department=make_department("后来的单位"))
    for name in all_files():
        (Path(settings.MEDIA_ROOT) / name).unlink()
    (Path(settings.MEDIA_ROOT) / "later").write_bytes(b"later")


def test_everything_comes_back(district, tmp_path):
    rows, files = all_rows(), all_files()
    assert "2个文件" in run("backup", tmp_path / "saved")
    spoil(district)
    said = run("restore", tmp_path / "saved", replace=True)
    assert "已恢复并核对" in said
    after = all_rows()
    assert {table for table in rows if rows[table] != after[table]} <= LEFT_ALONE
    assert set(after) == set(rows)
    assert all_files() == files
    assert AuditEntry.objects.order_by("-pk").first().event == "restore"


def test_the_guards_hold_after_a_restore(district, saved):
    locks.uninstall(connection)
    run("restore", saved, replace=True)
    assert locks.installed_names(connection) == locks.expected_names(connection)
    profile = AnnualProfile.objects.exclude(locked_at=None).get()
    with pytest.raises(DatabaseError), transaction.atomic():
        AnnualProfile.objects.filter(pk=profile.pk).update(head="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_new_rows_get_new_numbers_after_a_restore(district, saved):
    spoil(district)
    run("restore", saved, replace=True)
    make_report(department=make_department("又一个单位"))
    assert Department.objects.count() == 3


def test_what_was_there_is_kept_beside_the_backup(district, saved, tmp_path):
    spoil(district)
    rows, files = all_rows(), all_files()
    run("restore", saved, replace=True)
    kept = next(tmp_path.glob("before-restore-*"))
    run("restore", kept, replace=True)
    after = all_rows()
    # The file that no row names is the one thing that a backup does not hold.
    assert {table for table in rows if rows[table] != after[table]} <= LEFT_ALONE
    assert all_files() == {name: data for name, data in files.items() if name != "later"}


def test_data_in_the_way_is_not_replaced_unasked(district, saved):
    rows = all_rows()
    with pytest.raises(CommandError, match=r"本站已有数据.*--replace"):
        run("restore", saved)
    assert all_rows() == rows


@pytest.mark.parametrize("damage", ["database", "file", "lost file", "manifest", "no manifest", "engine"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(district, saved, damage):
    manifest = json.loads((saved / "manifest.json").read_text())
    file = saved / manifest["files"][0]["name"]
    if damage == "database":
        target = saved / manifest["database"]["name"]
        data = bytearray(target.read_bytes())
        data[len(data) // 2] ^= 1
        target.write_bytes(data)
    elif damage == "file":
        file.unlink()
        file.write_bytes(b"%PDF-1.4 firsT")
    elif damage == "lost file":
        file.unlink()
    elif damage == "manifest":
        (saved / "manifest.json").write_text(json.dumps(manifest | {"tables": {}}))
    elif damage == "no manifest":
        (saved / "manifest.json").unlink()
    else:
        other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
        rewritten = store.read_manifest(saved)
        store.write_manifest(saved, store.Manifest(**rewritten.__dict__ | {"engine": other}))
    rows, files = all_rows(), all_files()
    with pytest.raises(CommandError, match=r"已损坏|不是完整的备份|不能恢复"):
        run("restore", saved, replace=True)
    assert (all_rows(), all_files()) == (rows, files)
    assert not list(saved.parent.glob("before-restore-*"))


def test_a_backup_of_a_newer_program_is_refused(district, saved):
    manifest = store.read_manifest(saved)
    newer = manifest.__dict__ | {"migrations": [*manifest.migrations, "reports.9999_later"]}
    store.write_manifest(saved, store.Manifest(**newer))
    with pytest.raises(CommandError, match=r"更新的程序版本.*reports.9999_later"):
        run("restore", saved, replace=True)


def test_a_name_that_leads_out_of_the_folder_is_refused(district, saved):
    manifest = store.read_manifest(saved)
    evil = store.Stored("files/../../evil", 1, "0" * 64)
    store.write_manifest(saved, store.Manifest(**manifest.__dict__ | {"files": [evil]}))
    with pytest.raises(CommandError, match=r"文件名不可用"):
        run("restore", saved, replace=True)


def test_a_load_that_fails_leaves_everything_as_it_was(district, saved, monkeypatch):
    rows, files = all_rows(), all_files()

    def fails(self, source):
        raise BackupError("断电")

    monkeypatch.setattr(
        {"sqlite": engines.Sqlite, "postgresql": engines.Postgres}[connection.vendor], "load", fails
    )
    with pytest.raises(CommandError, match=r"断电"):
        run("restore", saved, replace=True)
    assert (all_rows(), all_files()) == (rows, files)
    assert not list(Path(settings.MEDIA_ROOT).parent.glob(".media.*"))


def test_a_backup_is_readable_by_its_owner_only_and_whole_or_not_at_all(district, tmp_path, monkeypatch):
    run("backup", tmp_path / "saved", copy=True)
    assert (tmp_path / "saved").stat().st_mode & 0o077 == 0
    assert all(
        path.stat().st_mode & 0o077 == 0
        for path in (tmp_path / "saved" / "files").rglob("*")
        if path.is_file()
    )
    with pytest.raises(CommandError, match=r"已经存在"):
        run("backup", tmp_path / "saved")

    def breaks(*_: object) -> None:
        raise BackupError("磁盘坏了")

    monkeypatch.setattr(store, "write_manifest", breaks)
    with pytest.raises(CommandError, match=r"磁盘坏了"):
        run("backup", tmp_path / "second")
    assert [path.name for path in tmp_path.iterdir() if "second" in path.name] == []


def test_a_file_that_the_site_lost_is_named(district, tmp_path):
    lost = Attachment.objects.get(name="evidence").file.name
    (Path(settings.MEDIA_ROOT) / lost).unlink()
    said = run("backup", tmp_path / "saved")
    assert f"磁盘上没有的文件 {lost}" in said
    run("restore", tmp_path / "saved", replace=True)
    assert len(all_files()) == 1


def test_a_file_removed_between_the_snapshot_and_its_turn_is_there(district, tmp_path, monkeypatch):
    """The row is in the snapshot; its file was taken before it."""
    engine = engines.engine()
    snapshot = type(engine).snapshot

    def removes(self, target):
        facts = snapshot(self, target)
        item = Attachment.objects.get(name="more")
        item.delete()
        Path(item.file.path).unlink()
        return facts

    monkeypatch.setattr(type(engine), "snapshot", removes)
    assert "2个文件" in run("backup", tmp_path / "saved")


def test_a_file_added_and_removed_while_we_look_makes_us_look_again(district, tmp_path, monkeypatch):
    engine = engines.engine()
    snapshot, rounds = type(engine).snapshot, []

    def churns(self, target):
        rounds.append(1)
        if len(rounds) > often:
            return snapshot(self, target)
        item = attach(district, f"churn{len(rounds)}", b"%PDF-1.4 x")
        facts = snapshot(self, target)
        item.delete()
        Path(item.file.path).unlink()
        return facts

    monkeypatch.setattr(type(engine), "snapshot", churns)
    often = 2
    assert "2个文件" in run("backup", tmp_path / "saved")
    assert len(rounds) == 3
    often = 99
    with pytest.raises(CommandError, match="没有得到一致的备份"):
        run("backup", tmp_path / "second")
    assert not list(tmp_path.glob("*second*"))


def test_a_disk_without_hard_links(district, tmp_path, monkeypatch):
    def refuses(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(store.os, "link", refuses)
    run("backup", tmp_path / "saved")
    files = all_files()
    shutil.rmtree(settings.MEDIA_ROOT)
    run("restore", tmp_path / "saved", replace=True)
    assert all_files() == files


def test_missing_tools_are_said(district, tmp_path, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL needs tools")
    monkeypatch.setattr(engines.glob, "glob", lambda _: [])
    monkeypatch.setattr(engines.shutil, "which", lambda _: None)
    with pytest.raises(CommandError, match=r"没有找到 pg_dump.*postgresql-client"):
        run("backup", tmp_path / "saved")
    assert list(tmp_path.glob("*saved*")) == []


def test_emptiness_does_not_look_at_what_a_migration_fills():
    assert make.is_empty(engines.Facts({"django_migrations": 40, "auth_permission": 99}, frozenset(), ()))
    assert make.is_empty(engines.Facts({}, frozenset(), ()))
    assert not make.is_empty(engines.Facts({"departments_region": 1}, frozenset(), ()))


def test_the_manifest_states_when_and_what(saved):
    manifest = store.read_manifest(saved)
    assert datetime.datetime.fromisoformat(manifest.made_at).tzinfo
    assert manifest.engine == connection.vendor
    assert manifest.tables["reports_report"] == 2
    assert "reports.0001_initial" in manifest.migrations


def test_backups_while_people_save_restore_to_a_consistent_state(tmp_path):
    back_up_under_load(people=4, backups=3, pause=0.5, folder=tmp_path)
