"""Sending notices (通知): into the in-app inbox at once, by mail afterwards where mail is configured.

The notice is a row written in the transaction of the step that it tells of. Mail never takes part in that step: the row
says when it is due, a background task sends it after the commit and tries again later when the mail server does not answer.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from departments.models import User
from reports.models import Notice, Report

log = logging.getLogger(__name__)

LONGEST = 500
PAUSES = tuple(datetime.timedelta(minutes=minutes) for minutes in (5, 30, 120, 720))
"""How long to wait after the first, second, … failure; after the last one the mail is given up, the notice stays."""
CLAIMED_FOR = datetime.timedelta(minutes=10)
"""A mail that a worker took and did not finish (it was killed) is due again after this time."""
BATCH = 100


def send(report: Report | None, to: Iterable[int], text: str) -> int:
    """Tell people about a report (站内通知), inside the transaction of what happened; how many were told."""
    name = f"{report.department.name}{report.year}年度自评报告：" if report else ""
    return send_all([Notice(user_id=user, report=report, text=name + text) for user in sorted(set(to))])


def send_all(notices: list[Notice]) -> int:
    """Write many notices at once; those whose person has an address are due by mail after the commit."""
    if not notices:
        return 0
    for notice in notices:
        notice.text = notice.text[:LONGEST]
    if settings.MAIL_CONFIGURED:
        people = {notice.user_id for notice in notices}
        reachable = set(
            User.objects.filter(pk__in=people, is_active=True).exclude(email="").values_list("pk", flat=True)
        )
        now = timezone.now()
        for notice in notices:
            notice.mail_due = now if notice.user_id in reachable else None
        if reachable:
            transaction.on_commit(_queue, robust=True)
    Notice.objects.bulk_create(notices, batch_size=500)
    return len(notices)


def _queue() -> None:
    """Ask the worker for the mails that are due. A failure here only delays them: the rows say that they are due."""
    deliver.enqueue()


def resend() -> None:
    """Ask for mails that are due although nobody asked lately: the queue was lost, or its worker killed."""
    if settings.MAIL_CONFIGURED and Notice.objects.filter(mail_due__lte=timezone.now()).exists():
        _queue()


@task
def deliver() -> int:
    """Send the mails that are due; how many went out. What fails is tried again after a pause."""
    sent, later = 0, []
    if not settings.MAIL_CONFIGURED:
        return sent
    taken = [notice for notice in _due() if _claim(notice)]
    if not taken:
        return sent
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:  # the server does not answer: nothing can be sent now
        later = [_failed(notice, error) for notice in taken]
        taken = []
    for notice in taken:
        try:
            _message(notice, connection).send()
        except Exception as error:
            later.append(_failed(notice, error))
        else:
            sent += 1
            Notice.objects.filter(pk=notice.pk).update(
                mail_due=None, mailed_at=timezone.now(), mail_attempts=F("mail_attempts") + 1
            )
    with suppress(Exception):  # what was sent is sent, whatever the server says at the end
        connection.close()
    if times := [moment for moment in later if moment]:
        deliver.using(run_after=min(times)).enqueue()
    elif _due():
        deliver.enqueue()  # more than one batch
    return sent


def _due() -> list[Notice]:
    due = Notice.objects.filter(mail_due__lte=timezone.now()).select_related("user")
    return list(due.order_by("mail_due", "pk")[:BATCH])


def _claim(notice: Notice) -> bool:
    """Take a mail to send; only one of several workers gets it."""
    until = timezone.now() + CLAIMED_FOR
    return bool(Notice.objects.filter(pk=notice.pk, mail_due=notice.mail_due).update(mail_due=until))


def _failed(notice: Notice, error: Exception) -> datetime.datetime | None:
    """When it is tried again, if it is."""
    attempts = notice.mail_attempts + 1
    again = timezone.now() + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
    Notice.objects.filter(pk=notice.pk).update(mail_due=again, mail_attempts=attempts)
    log.warning(
        "mail of notice %s failed (%s), %s", notice.pk, error, f"again {again}" if again else "given up"
    )
    return again


def _message(notice: Notice, connection: object) -> EmailMessage:
    """Subject and text; the address leads to the report or the inbox, for which one has to sign in."""
    page = reverse("report", args=[notice.report_id]) if notice.report_id else reverse("inbox")
    first_line = " ".join(notice.text.split())
    subject = first_line if len(first_line) <= 60 else f"{first_line[:59]}…"
    return EmailMessage(
        subject=f"【绩效自评】{subject}",
        body=f"{notice.user.name}，您好：\n\n{notice.text}\n\n办理地址：{settings.EVALSITE_ADDRESS}{page}\n\n"
        "本邮件由系统自动发出，请勿回复；同样的内容在系统的“通知”中可以查到。",
        from_email=settings.EVALSITE_MAIL_FROM,
        to=[notice.user.email],
        connection=connection,
    )
