"""Notices by mail: after the commit, by the worker, tried again, never in the way of a step."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reports import notices
from reports.models import Notice
from tests.db import make_report, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def configured(settings):
    settings.MAIL_CONFIGURED = True
    settings.EVALSITE_MAIL_FROM = "绩效股 <pj@example.gov.cn>"
    settings.EVALSITE_ADDRESS = "https://pj.example.gov.cn"


def person(email: str = "zhou@example.gov.cn"):
    user = make_user("filler", name="周填报")
    user.email = email
    user.save()
    return user


def tell(*users, text: str = "请报送") -> None:
    with transaction.atomic():
        notices.send(
            make_report() if not Notice.objects.exists() else Notice.objects.first().report,
            [user.pk for user in users],
            text,
        )


def work() -> None:
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def test_a_notice_goes_by_mail_to_whoever_has_an_address(configured):
    reached, without = person(), person("")
    tell(reached, without)
    assert mail.outbox == [], "nothing is sent in the request"
    work()
    (letter,) = mail.outbox
    assert letter.to == ["zhou@example.gov.cn"]
    assert letter.subject.startswith("【绩效自评】示例区档案馆2023年度自评报告：请报送")
    report = Notice.objects.first().report_id
    assert f"https://pj.example.gov.cn/reports/{report}/" in letter.body
    assert Notice.objects.get(user=reached).mailed_at
    assert Notice.objects.get(user=without).mailed_at is None
    work()
    assert len(mail.outbox) == 1


def test_without_configuration_there_is_no_mail_and_no_task():
    tell(person())
    assert not DBTaskResult.objects.exists()
    assert Notice.objects.get().mail_due is None


def test_a_step_that_is_rolled_back_sends_nothing(configured):
    user, report = person(), make_report()
    with pytest.raises(RuntimeError), transaction.atomic():
        notices.send(report, [user.pk], "请报送")
        raise RuntimeError
    assert not DBTaskResult.objects.exists()
    assert not Notice.objects.exists()


def test_a_mail_server_that_fails_is_asked_again_and_given_up_in_the_end(configured, settings):
    settings.EMAIL_BACKEND = "no.such.Backend"
    tell(person())
    work()
    notice = Notice.objects.get()
    assert (notice.mail_attempts, notice.mailed_at) == (0, None), "a wrong setting is no failed mail"
    settings.EMAIL_BACKEND = "tests.reports.rounds.broken_mail.EmailBackend"
    for attempt in range(1, len(notices.PAUSES) + 2):
        Notice.objects.update(mail_due=timezone.now() - datetime.timedelta(seconds=1))
        assert notices.deliver.call() == 0
        notice.refresh_from_db()
        assert notice.mail_attempts == attempt
    assert notice.mail_due is None, "given up; the notice itself stays"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Notice.objects.update(mail_due=timezone.now())
    assert notices.deliver.call() == 1


def test_a_failure_is_tried_again_by_a_later_task(configured, settings):
    settings.EMAIL_BACKEND = "tests.reports.rounds.broken_mail.EmailBackend"
    tell(person())
    work()
    later = DBTaskResult.objects.exclude(run_after=None).order_by("-run_after").first()
    assert later.run_after > timezone.now() + datetime.timedelta(minutes=4)


def test_what_a_killed_worker_left_is_sent_once_by_the_next(configured):
    tell(person())
    DBTaskResult.objects.all().delete()
    notices.resend()
    work()
    assert len(mail.outbox) == 1


def test_two_workers_do_not_send_the_same_mail(configured):
    tell(person())
    (first,), (second,) = notices._due(), notices._due()
    assert notices._claim(first)
    assert not notices._claim(second)
    assert notices.deliver.call() == 0, "it is due again only if the first worker is killed"


def test_an_address_with_a_line_break_harms_nobody(configured):
    tell(person("a@b.cn\nBcc: all@b.cn"), person())
    assert notices.deliver.call() == 1
    assert len(mail.outbox) == 1
