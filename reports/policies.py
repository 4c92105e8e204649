"""Scoring policies as a round and a reader meet them: presets, a bureau's versions, recomputing, trying one out.

:func:`policy_of` is the one place where the name that a round carries becomes a policy (see :mod:`reports.versions`).
Writing is in :mod:`reports.policy_services`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from departments.models import Region, User
from indicators.choices import LEVELS
from indicators.models import PolicyVersion
from indicators.policy import Policy, PolicyError, build_policy, load_policy, policy_names
from indicators.scoring import score
from indicators.scoring.scorecard import Scorecard
from reports.choices import Status
from reports.models import Report, Round, Submission
from reports.versions import Shelf, named

BATCH = 50
SHELF = Shelf(
    field="policy",
    listing="policies",
    thing="评分办法",
    short="办法",
    model=PolicyVersion,
    names=policy_names,
    load=load_policy,
    build=build_policy,
    error=PolicyError,
    uncompared=frozenset({"version", "note", "source", "evidence"}),
)


def policy_of(round: Round) -> Policy:
    """The policy that the round names. Raises :class:`~indicators.policy.PolicyError`."""
    return policy_named(round.policy, round.region_id)


def policy_named(title: str, region: Region | int) -> Policy:
    """The preset of that name, or the region's version ``name@version``. Raises :class:`PolicyError`."""
    return named(SHELF, title, region)


def regions_of(user: User) -> frozenset[int]:
    """Regions whose policies and templates the person may read: those of every role held, also of the unit's."""
    access = user.access
    departments = {department for _, department, _ in access.roles if department}
    held = {region for _, _, region in access.roles if region}
    if departments:
        held |= set(
            Region.objects.filter(departments__in=departments).order_by().values_list("pk", flat=True)
        )
    return frozenset(held)


# ------------------------------------------------------------------ computing again


def recompute(submission: Submission, policy: Policy | None = None) -> Scorecard:
    """The scorecard of a stored submission under its own stored policy, or under another."""
    policy = policy or build_policy(submission.policy, "报送时的评分办法")
    dossier = submission.dossier
    return score(dossier.profile, dossier.money, dossier.indicators, policy)


def differences(before: Scorecard, after: Scorecard) -> list[str]:
    """What differs in figures and grades, one sentence each; the wording of a basis does not count."""
    found = []
    if before.score != after.score or before.grade != after.grade:
        found.append(f"系统评分 {shown(before.score, before.grade)} → {shown(after.score, after.grade)}")
    if before.self_score != after.self_score or before.self_grade != after.self_grade:
        found.append(
            f"自评得分 {shown(before.self_score, before.self_grade)} → {shown(after.self_score, after.self_grade)}"
        )
    new = {line.key: line for line in after.lines}
    for line in before.lines:
        other = new.pop(line.key, None)
        if other is None:
            found.append(f"{line.name}：不再计分")
        elif (line.score, line.weight, line.outcome) != (other.score, other.weight, other.outcome):
            found.append(f"{line.name} {shown(line.score)} → {shown(other.score)}（{other.basis}）")
    found += [f"{line.name}：新增 {shown(line.score)}" for line in new.values()]
    projects = {item.project: item for item in after.projects}
    for item in before.projects:
        if item.project in projects:
            inner = differences(item.card, projects[item.project].card)
            found += [f"项目“{item.name}”：{text}" for text in inner]
    return found


def shown(value: Decimal | None, grade: str = "") -> str:
    """A score and its grade in a sentence."""
    return "无法计算" if value is None else f"{value:f}{f'（{grade}）' if grade else ''}"


@dataclass(frozen=True)
class Change:
    """One submission before and after."""

    report: Report
    submission: Submission
    before: Scorecard
    after: Scorecard

    @cached_property
    def sentences(self) -> list[str]:
        return differences(self.before, self.after)

    @property
    def score_changes(self) -> bool:
        return self.before.score != self.after.score

    @property
    def grade_changes(self) -> bool:
        return self.before.grade != self.after.grade

    @property
    def self_grade_changes(self) -> bool:
        return self.before.self_grade != self.after.self_grade

    @property
    def change(self) -> Decimal | None:
        """By how many points the computed score moves."""
        if self.before.score is None or self.after.score is None:
            return None
        return self.after.score - self.before.score


@dataclass(frozen=True)
class Trial:
    """A policy tried on the newest submissions of a round (试算): who would be scored and graded otherwise."""

    round: Round
    policy: Policy
    rows: tuple[Change, ...]

    @property
    def changed(self) -> list[Change]:
        """Rows whose score or grade would differ, the largest loss first."""
        moved = [row for row in self.rows if row.score_changes or row.grade_changes or row.self_grade_changes]
        return sorted(moved, key=lambda row: (row.change is None, row.change or 0))

    @property
    def score_count(self) -> int:
        return sum(row.score_changes for row in self.rows)

    @property
    def grade_count(self) -> int:
        return sum(row.grade_changes or row.self_grade_changes for row in self.rows)

    @property
    def grades(self) -> list[tuple[str, int, int]]:
        """How many reports get each grade before and after; the last row counts those not computable."""
        before = [row.before.grade for row in self.rows]
        after = [row.after.grade for row in self.rows]
        names = [grade.name for grade in self.policy.grades]
        names += sorted({name for name in before if name and name not in names})
        return [(name or "无法计算", before.count(name), after.count(name)) for name in [*names, ""]]


def newest_submissions(rounds: Iterable[Round]) -> Iterator[Submission]:
    """The newest submission of every report of the rounds, cancelled and nil ones left out, read in batches."""
    found = (
        Submission.objects.filter(report__round__in=list(rounds), report__profile__nil_reason=None)
        .exclude(report__status=Status.CANCELLED)
        .select_related("report__profile__department__region", "report__round")
        .defer("findings")
        .order_by("report__profile__department__budget_code", "report_id", "-number")
    )
    last = None
    for submission in found.iterator(BATCH):
        if submission.report_id != last:
            last = submission.report_id
            yield submission


def try_out(policy: Policy, round: Round) -> Trial:
    """Score the round's newest submissions by the policy; nothing is written."""
    rows = tuple(
        Change(
            submission.report,
            submission,
            Scorecard.model_validate(submission.scorecard),
            recompute(submission, policy),
        )
        for submission in newest_submissions([round])
    )
    return Trial(round, policy, rows)


# ------------------------------------------------------------------ classes that a unit picks from


def classes_of(policy: Policy) -> list[tuple[str, list[str]]]:
    """First-level classes of a policy, each with the second-level ones to offer.

    Those of the usual form stand where the policy counts them; behind them what the policy names beyond the shipped preset,
    whose longer lists are only other ways of writing the same.
    """
    shipped = {section.name: set(section.level2) for section in load_policy().sections}
    usual = [name for names in LEVELS.values() for name in names]
    found = []
    for section in policy.sections:
        names = [name for name in usual if policy.section("", name) == section]
        known = shipped.get(section.name, set())
        names += [
            word if word.endswith("指标") else f"{word}指标" for word in section.level2 if word not in known
        ]
        found.append((section.name, list(dict.fromkeys(names))))
    return found
