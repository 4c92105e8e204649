"""The long part of opening a round, for the worker (``manage.py db_worker``)."""

from __future__ import annotations

from django_tasks import task

from departments.models import User
from reports.models import Round
from reports.rounds import services

AT_ONCE = 3.0
"""Seconds for which the page itself makes reports; a small district is done by then, the rest is the worker's."""


def begin(round: Round, by: User) -> services.Begun:
    """Make the round's reports: the first ones at once, what is left in the background."""
    made = services.begin_awaiting(round=round, by=by, seconds=AT_ONCE)
    if made.left:
        begin_rest.enqueue(round.pk, by.pk)
    return made


@task
def begin_rest(round: int, by: int) -> int:
    """Make the reports that a round still waits for; how many were made. Can run again after a worker was killed."""
    made = services.begin_awaiting(round=Round.objects.get(pk=round), by=User.objects.get(pk=by))
    return made.carried + made.empty
