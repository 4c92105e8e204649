"""Reading what the summary documents are made of; a fixed number of queries beside those of the overview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from departments.models import AuditEntry, User
from reports.findings import Level
from reports.models import Comment, Rectification, Report, Round, RoundSummary, SpotCheck, Waiver
from reports.models.oversight import Conclusion
from reports.overview.figures import Overview, counts_of, overview, reports_of
from reports.overview.slices import DUE
from reports.overview.summary import Material, Reviewing
from reports.overview.table import rows_of
from reports.querysets import LATE

EXAMPLES_OF_A_RULE = 2
RETURNS = ("step-return", "step-department_return")


def words_of(round_: Round) -> RoundSummary:
    """The bureau's words of a round; an unsaved empty row before the first save."""
    return RoundSummary.objects.filter(round=round_).select_related("by").first() or RoundSummary(
        round=round_
    )


def table_material(user: User, round_: Round) -> Material:
    """What the summary table alone needs."""
    return Material(overview(user, round_), rows_of(_reports(user, round_)), words=words_of(round_))


def material_of(user: User, round_: Round, words: RoundSummary | None = None) -> Material:
    """Everything that the summary report is made of; ``words`` previews text that is not saved."""
    data, reports = overview(user, round_), _reports(user, round_)
    late = reports_of(user, round_).filter(LATE).order_by("profile__department__name")
    return Material(
        data=data,
        rows=rows_of(reports),
        late=list(late.values_list("profile__department__name", flat=True)),
        examples=_examples(user, round_, data),
        reviewing=_reviewing(user, round_),
        words=words or words_of(round_),
    )


def _reports(user: User, round_: Round) -> list[Report]:
    """All due reports in the order of the budget codes."""
    department = "profile__department"
    return list(
        reports_of(user, round_)
        .filter(DUE)
        .with_context()
        .order_by(f"{department}__budget_code", f"{department}__name", "pk")
    )


def _examples(user: User, round_: Round, data: Overview) -> dict[str, Sequence[tuple[str, str]]]:
    """The first units of every rule that fired, with the sentence of their first finding; one query."""
    numbered = (
        counts_of(user, round_)
        .exclude(level=Level.OFF)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=F("code"),
                order_by=[F("count").desc(), F("report__profile__department__name").asc(), F("pk").asc()],
            )
        )
        .filter(place__lte=EXAMPLES_OF_A_RULE)
    )
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, unit, message in numbered.order_by("code", "place").values_list(
        "code", "report__profile__department__name", "message"
    ):
        found[code].append((unit, message))
    return dict(found)


def _reviewing(user: User, round_: Round) -> Reviewing:
    due = reports_of(user, round_).filter(DUE)
    returns = (
        AuditEntry.objects.visible_to(user)
        .filter(event__in=RETURNS, profile__in=due.order_by().values("profile"))
        .aggregate(all=Count("pk"), reports=Count("profile", distinct=True))
    )
    keys = due.order_by().values("pk")
    comments = (
        Comment.objects.visible_to(user)
        .filter(report__in=keys)
        .aggregate(all=Count("pk"), answered=Count("pk", filter=~Q(answer="")))
    )
    checks = SpotCheck.objects.visible_to(user).filter(report__in=keys, withdrawn_at=None)
    spot = checks.aggregate(
        drawn=Count("report", distinct=True),
        **{value: Count("pk", filter=Q(conclusion=value)) for value in Conclusion.values},
    )
    notices = (
        Rectification.objects.visible_to(user)
        .filter(report__in=keys)
        .aggregate(all=Count("pk"), closed=Count("pk", filter=Q(closed_at__isnull=False)))
    )
    return Reviewing(
        drawn=spot["drawn"],
        concluded=tuple((one.label, spot[one.value]) for one in Conclusion),
        rectifications=notices["all"],
        rectified=notices["closed"],
        returns=returns["all"],
        returned_reports=returns["reports"],
        comments=comments["all"],
        answered=comments["answered"],
        waivers=Waiver.objects.visible_to(user).filter(report__in=keys).count(),
    )
