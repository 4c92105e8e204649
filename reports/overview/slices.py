"""Into what a round is divided: each division covers every report that is due, each part exactly once.

A part is one condition, used both for counting it and for listing its reports, so that a figure and the list behind it
cannot differ. 应报 are all reports of the round but the cancelled ones. What a unit has not delivered (未报送) counts
as such in every division, whatever its draft says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q

from indicators.policy import Policy
from reports.checks.per_head_outlier import FAR
from reports.choices import DONE, OWED, REVIEWABLE, Status
from reports.querysets import LATE

SENT = tuple(sorted(REVIEWABLE | DONE))
"""States in which what is shown is what the unit delivered."""
DUE = ~Q(status=Status.CANCELLED)
IS_SENT = Q(status__in=SENT)
LARGE_GAP = Decimal(10)
LOW_RATE = Decimal("0.8")


@dataclass(frozen=True)
class Part:
    """One part of a division: what it is called and which reports belong to it."""

    key: str
    label: str
    where: Q


@dataclass(frozen=True)
class Division:
    """One way of dividing the round (划分)."""

    key: str
    title: str
    parts: tuple[Part, ...]


UNSENT = Part("unsent", "未报送", Q(status__in=OWED))

PROGRESS = Division(
    "progress",
    "报送和审核进度",
    (
        Part("done", "已审核", Q(status__in=sorted(DONE))),
        Part("reviewing", "审核中", Q(status__in=sorted(REVIEWABLE))),
        Part("open", "未报送", Q(status__in=OWED) & ~LATE),
        Part("late", "逾期未报", LATE),
    ),
)


def grades_of(policy: Policy, kind: str, title: str, field: str) -> Division:
    """By the grade word that was stored when the report was submitted."""
    names = [grade.name for grade in policy.grades]
    parts = [
        Part(f"{kind}-{number}", name, IS_SENT & Q(**{field: name})) for number, name in enumerate(names)
    ]
    rest = Part(f"{kind}-none", "没有等级", IS_SENT & ~Q(**{f"{field}__in": names}))
    return Division(kind, title, (*parts, rest, UNSENT))


def reviewed_grades_of(policy: Policy) -> Division:
    """By the reviewed score and the policy's cut-offs; most reports have none."""
    parts = []
    above: Decimal | None = None
    for number, grade in enumerate(policy.grades):
        where = Q(reviewed_score__gte=grade.at_least)
        if above is not None:
            where &= Q(reviewed_score__lt=above)
        parts.append(Part(f"reviewed-{number}", grade.name, IS_SENT & where))
        above = grade.at_least
    rest = Part("reviewed-none", "没有复核得分", IS_SENT & Q(reviewed_score=None))
    return Division("reviewed", "复核得分等级", (*parts, rest, UNSENT))


def _bands(kind: str, title: str, field: str, bands: list[tuple[str, str, Q]], missing: str) -> Division:
    parts = [Part(f"{kind}-{key}", label, IS_SENT & where) for key, label, where in bands]
    rest = Part(f"{kind}-none", missing, IS_SENT & Q(**{field: None}))
    return Division(kind, title, (*parts, rest, UNSENT))


RATES = _bands(
    "rate",
    "预算执行率",
    "shown_rate",
    [
        ("half", "不到50%", Q(shown_rate__lt=Decimal("0.5"))),
        ("low", "50%—80%", Q(shown_rate__gte=Decimal("0.5"), shown_rate__lt=LOW_RATE)),
        ("fair", "80%—95%", Q(shown_rate__gte=LOW_RATE, shown_rate__lt=Decimal("0.95"))),
        ("full", "95%—100%", Q(shown_rate__gte=Decimal("0.95"), shown_rate__lte=1)),
        ("over", "超过100%", Q(shown_rate__gt=1)),
    ],
    "无法计算",
)

GAPS = _bands(
    "gap",
    "自评得分与系统评分之差",
    "shown_gap",
    [
        ("lower", "低5分以上", Q(shown_gap__lt=-5)),
        ("low", "低1—5分", Q(shown_gap__gte=-5, shown_gap__lt=-1)),
        ("same", "相差1分以内", Q(shown_gap__gte=-1, shown_gap__lte=1)),
        ("high", "高1—5分", Q(shown_gap__gt=1, shown_gap__lte=5)),
        ("higher", "高5—10分", Q(shown_gap__gt=5, shown_gap__lt=LARGE_GAP)),
        ("highest", "高10分以上", Q(shown_gap__gte=LARGE_GAP)),
    ],
    "系统无法评分",
)

_MET, _ALL = F("shown_targets_met") * 100, F("shown_targets")
_JUDGED = Q(shown_targets__gt=0)
TARGETS = Division(
    "targets",
    "绩效指标完成情况",
    (
        Part("targets-all", "全部完成", IS_SENT & _JUDGED & Q(shown_targets_met=_ALL)),
        Part(
            "targets-most",
            "完成90%以上",
            IS_SENT & _JUDGED & Q(shown_targets_met__lt=_ALL, hundredfold_met__gte=_ALL * 90),
        ),
        Part(
            "targets-some",
            "完成70%—90%",
            IS_SENT & _JUDGED & Q(hundredfold_met__lt=_ALL * 90, hundredfold_met__gte=_ALL * 70),
        ),
        Part("targets-few", "完成不到70%", IS_SENT & _JUDGED & Q(hundredfold_met__lt=_ALL * 70)),
        Part("targets-none", "没有可判断的指标", IS_SENT & Q(shown_targets=0)),
        UNSENT,
    ),
)
HUNDREDFOLD = {"hundredfold_met": _MET}
"""Annotation that :data:`TARGETS` needs."""


@dataclass(frozen=True)
class Usual:
    """Medians of the round, 元 a head; ``None`` where too few units state the amount."""

    running: Decimal | None = None
    basic: Decimal | None = None


def unusual(usual: Usual) -> tuple[Part, ...]:
    """Parts that ask for a second look (需要关注); they may overlap."""
    heads = [
        ("running", "人均公用经费", "shown_running_per_head", usual.running),
        ("basic", "人均基本支出", "shown_basic_per_head", usual.basic),
    ]
    return (
        Part("unusual-gap", f"自评得分比系统评分高{LARGE_GAP}分以上", IS_SENT & Q(shown_gap__gte=LARGE_GAP)),
        Part("unusual-over", "预算执行率超过100%", IS_SENT & Q(shown_rate__gt=1)),
        Part("unusual-under", "预算执行率低于80%", IS_SENT & Q(shown_rate__lt=LOW_RATE)),
        Part("unusual-satisfied", "满意度全部填100%", IS_SENT & Q(shown_all_satisfied=True)),
        *(
            Part(
                f"unusual-{key}",
                f"{label}超过本区中位数的{FAR}倍",
                IS_SENT & Q(**{f"{field}__gt": median * FAR}),
            )
            for key, label, field, median in heads
            if median
        ),
    )


def divisions(policy: Policy) -> tuple[Division, ...]:
    """All divisions of a round that goes by this policy."""
    return (
        PROGRESS,
        grades_of(policy, "self", "自评等级", "shown_grade"),
        grades_of(policy, "system", "系统评分等级", "shown_system_grade"),
        reviewed_grades_of(policy),
        GAPS,
        RATES,
        TARGETS,
    )


def parts_of(policy: Policy, usual: Usual) -> Iterator[Part]:
    """Every part that can be listed, each once."""
    seen = set()
    for part in (*(part for one in divisions(policy) for part in one.parts), *unusual(usual)):
        if part.key not in seen:
            seen.add(part.key)
            yield part
