"""Deadlines as an .ics file (RFC 5545), for the calendar of a phone or of Outlook."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from reports.rounds.reading import Due

CONTENT_TYPE = "text/calendar; charset=utf-8"
DAYS_BEFORE = (7, 3, 1)


def ics(days: Iterable[Due], *, name: str, page: str) -> bytes:
    """All-day entries with an alarm 7, 3 and 1 days before. The same day of the same report keeps its UID, so that a file
    fetched again after an extension moves the entry instead of doubling it."""
    host = settings.EVALSITE_ADDRESS.partition("://")[2].partition(":")[0]
    calendar = Calendar()
    calendar.add("prodid", "-//Evalsite//部门整体支出绩效自评//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for due in days:
        event = Event.new(
            summary=due.title,
            description=f"{due.text}\n{settings.EVALSITE_ADDRESS}{page}",
            start=due.date,
            end=due.date + datetime.timedelta(days=1),
            uid=f"{due.uid}@{host}",
            url=f"{settings.EVALSITE_ADDRESS}{page}",
        )
        for days_before in DAYS_BEFORE:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", f"{due.title}：还有{days_before}天")
            # An all-day entry begins at midnight; nine o'clock of the day is when people are at their desks.
            alarm.add("trigger", datetime.timedelta(hours=9) - datetime.timedelta(days=days_before))
            event.add_component(alarm)
        calendar.add_component(event)
    return calendar.to_ical()
