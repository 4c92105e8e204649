"""The chain of seals shows every change of the audit trail that somebody made behind the triggers' back."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from departments import locks, sealing
from departments.models import AuditSeal
from departments.services import record

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def write(count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        record(event="test", sentence=f"第{number}件事", by=None, data={"数": number, "a": [1, None, "二"]})


def behind_the_guards(statement: str, *parameters: object) -> None:
    """As somebody who owns the database would."""
    locks.uninstall(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    locks.install(connection)


@pytest.fixture
def sealed():
    """Seven entries under three seals."""
    write(7)
    return sealing.seal(batch=3)


def test_all_entries_are_sealed_in_batches_that_hang_on_one_another(sealed):
    assert [item.entries for item in sealed] == [3, 3, 1]
    assert [item.previous for item in sealed] == [sealing.GENESIS, sealed[0].digest, sealed[1].digest]
    assert sealing.verify() == sealing.Verdict(3, 7, 0, sealed[2].digest)


def test_a_later_run_goes_on_where_the_last_one_stopped(sealed):
    write(2, start=7)
    assert sealing.verify().unsealed == 2
    (fourth,) = sealing.seal()
    assert (fourth.entries, fourth.previous) == (2, sealed[-1].digest)
    assert sealing.verify() == sealing.Verdict(4, 9, 0, fourth.digest)


def test_nothing_new_makes_no_seal(sealed):
    assert sealing.seal() == []
    assert AuditSeal.objects.count() == 3


def test_an_empty_trail_is_sound():
    assert sealing.seal() == []
    assert sealing.verify() == sealing.Verdict(0, 0, 0, sealing.GENESIS)


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("UPDATE departments_auditentry SET sentence = '改了' WHERE id = %s", "有日志被改动"),
        ("UPDATE departments_auditentry SET actor_name = '别人' WHERE id = %s", "有日志被改动"),
        ("DELETE FROM departments_auditentry WHERE id = %s", "封存时有3条，现在有2条"),
    ],
)
def test_a_change_behind_the_triggers_breaks_its_batch(sealed, statement, complaint):
    behind_the_guards(statement, sealed[1].first + 1)
    verdict = sealing.verify()
    assert verdict.broken == sealed[1]
    assert complaint in verdict.complaint
    assert (verdict.seals, verdict.entries, verdict.digest) == (1, 3, sealed[0].digest)


def test_a_removed_seal_is_seen(sealed):
    behind_the_guards("DELETE FROM departments_auditseal WHERE id = %s", sealed[1].pk)
    assert "没有接在上一批之后" in sealing.verify().complaint


def test_a_chain_made_anew_is_seen_by_the_digest_kept_elsewhere(sealed):
    kept = sealed[-1].digest
    behind_the_guards("UPDATE departments_auditentry SET sentence = '改了' WHERE id = %s", sealed[0].first)
    behind_the_guards("DELETE FROM departments_auditseal")
    sealing.seal(batch=3)
    assert sealing.verify().complaint == ""
    assert kept in sealing.verify(kept).complaint
    assert sealing.verify(AuditSeal.objects.first().digest).complaint == ""


def test_two_runs_at_once_cannot_fork_the_chain(sealed):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditSeal.objects.create(
            first=sealed[0].first, last=sealed[-1].last + 1, entries=1, previous=sealed[0].digest, digest="x"
        )


def test_commands(sealed):
    write(1, start=7)
    out = io.StringIO()
    call_command("seal_audit", stdout=out)
    digest = AuditSeal.objects.first().digest
    assert f"最新指纹：{digest}" in out.getvalue()
    call_command("seal_audit", stdout=out)
    assert "没有新的操作日志" in out.getvalue()
    call_command("verify_audit", stdout=out, expect=digest)
    assert "4批8条操作日志与封存时一致，另有0条尚未封存" in out.getvalue()
    behind_the_guards("DELETE FROM departments_auditentry WHERE id = %s", sealed[0].first)
    with pytest.raises(CommandError) as error:
        call_command("verify_audit", stdout=out)
    assert error.value.returncode == 1
