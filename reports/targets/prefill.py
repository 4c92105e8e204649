"""A year's table from what was approved: at its beginning, and later where the unit left something empty."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Max

from departments.models import AnnualProfile
from indicators import dossier as parts
from indicators.approved import Approved, ApprovedLine, matched
from indicators.models import Goal, Indicator
from reports.dossier import Dossier

FIELDS = ("level1", "level2", "target", "weight")
"""What of an approved line is put where the unit's row has nothing."""


@dataclass
class Filled:
    """What :func:`fill` put in."""

    added: int = 0
    completed: int = 0
    goals: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.completed or self.goals)

    def __str__(self) -> str:
        said = (
            (self.goals, f"目标{self.goals}条"),
            (self.added, f"指标{self.added}项"),
            (self.completed, f"{self.completed}项指标的空白栏"),
        )
        return "、".join(text for number, text in said if number)


def led_by(dossier: Dossier, approved: Approved) -> Dossier:
    """A dossier carried over from last year with this year's approved goals and indicators instead of last year's.

    Of last year's rows only the way of computing, the rule and the mark of a core indicator stay, where the indicator is
    still approved.
    """
    sheet = dossier.indicators
    changes: dict[str, object] = {}
    if approved.indicators:
        changes["indicators"] = tuple(
            _line(line, row) for line, row in matched(approved.indicators, sheet.indicators)
        )
    if approved.goals:
        changes["goals"] = tuple(parts.Goal(expected=goal) for goal in approved.goals)
    return dossier.model_copy(update={"indicators": sheet.model_copy(update=changes)})


def _line(line: ApprovedLine, row: parts.Indicator | None) -> parts.Indicator:
    own = row or parts.Indicator(key=str(uuid.uuid4()), name=line.name)
    return own.model_copy(
        update={
            "level1": line.level1 or own.level1,
            "level2": line.level2 or own.level2,
            "name": line.name,
            "target": line.target or None,
            "weight": line.weight,
        }
    )


def fill(profile: AnnualProfile, approved: Approved) -> Filled:
    """Put approved goals and indicators where the department's own table has nothing; what is typed stays as it is.

    Rows are matched by name; a row marked 不适用 is left alone. Call it inside the transaction of the act.
    """
    done = Filled()
    rows = list(Indicator.objects.filter(profile=profile, project=None))
    position = _next(Indicator, profile)
    for line, row in matched(approved.indicators, rows):
        if row is None:
            Indicator.objects.create(
                profile=profile,
                position=position,
                name=line.name,
                **{name: getattr(line, name) for name in FIELDS},
            )
            position, done.added = position + 1, done.added + 1
            continue
        empty = [name for name in FIELDS if getattr(line, name) and not getattr(row, name)]
        if empty and not row.not_applicable:
            for name in empty:
                setattr(row, name, getattr(line, name))
            row.save(update_fields=empty)
            done.completed += 1
    if (
        approved.goals
        and not Goal.objects.filter(profile=profile, project=None).exclude(expected="").exists()
    ):
        start = _next(Goal, profile)
        Goal.objects.bulk_create(
            Goal(profile=profile, position=number, expected=goal)
            for number, goal in enumerate(approved.goals, start)
        )
        done.goals = len(approved.goals)
    return done


def _next(model: type[Goal | Indicator], profile: AnnualProfile) -> int:
    last = model.objects.filter(profile=profile, project=None).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
