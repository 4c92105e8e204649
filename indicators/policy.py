"""Scoring policy (评分办法) as data: one validated, frozen shape for the shipped presets and a bureau's own versions.

A preset is a TOML file in ``indicators/policies``. A bureau's own policy has the same shape and goes through
:func:`build_policy`, so that both are refused with the same sentences. A policy never changes once it has been
used: a change is a new version.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from budgets.money import plain
from indicators.faults import sentence

DEFAULT_POLICY = "national-2020-10"
FOLDER = Path(__file__).parent / "policies"

Number = Annotated[
    Decimal, Field(allow_inf_nan=False), PlainSerializer(plain, return_type=str, when_used="json")
]
Share = Annotated[Number, Field(ge=0, le=1)]
Weight = Annotated[Number, Field(ge=0, le=1000, decimal_places=2)]
Mark = Literal["confirmed", "confirmed-2nd", "from-memory", "derived", "house", "bureau"]
"""``house`` is a choice of this program, ``bureau`` one of the finance bureau that made the version."""
OverBudget = Literal["cap", "inverse", "unscorable_until_explained"]


class PolicyError(ValueError):
    """The policy cannot be used; the message names the file and the key in Chinese."""


class Frozen(BaseModel):
    """Base of every part: frozen, and a misspelt key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Frozen):
    """Where a value of the policy comes from, and how sure it is."""

    key: str
    mark: Mark
    source: str


class Execution(Frozen):
    """预算执行率: its weight, and what follows when more was spent than the budget of the year."""

    weight: Weight
    over_budget: OverBudget = "unscorable_until_explained"


class Section(Frozen):
    """A first-level class (一级指标). ``weight`` is ``None`` where the policy leaves it to the unit or the bureau."""

    name: str = Field(min_length=1)
    weight: Weight | None = None
    level1: tuple[str, ...] = ()
    """First-level names that mean this section, without 指标."""
    level2: tuple[str, ...] = ()
    """Second-level names that belong to it, without 指标; they win over the first-level name."""


class Grade(Frozen):
    """等次: reached from ``at_least`` (含) upwards."""

    name: str = Field(min_length=1)
    at_least: Number
    aliases: tuple[str, ...] = ()


class Cap(Frozen):
    """总分封顶: execution rate (a fraction) below ``rate_below`` limits the total to ``at_most``."""

    rate_below: Annotated[Number, Field(gt=0)]
    at_most: Number


class OverAchievement(Frozen):
    """超额完成: what follows when completion (a fraction, unrounded) goes beyond ``threshold``.

    ``flag`` only asks for a reason; ``proportional`` takes weight × the excess over the threshold; ``fixed`` takes
    ``points``; ``zero`` gives nothing. Applies to targets of the ``comparisons`` listed.
    """

    threshold: Annotated[Number, Field(gt=1)] = Decimal("1.30")
    inclusive: bool = False
    """Whether exactly the threshold is already beyond it."""
    consequence: Literal["flag", "proportional", "fixed", "zero"] = "flag"
    points: Weight = Decimal(0)
    comparisons: tuple[Literal[">=", "<=", "=", ">", "<", "range"], ...] = (">=", ">", "=")

    @model_validator(mode="after")
    def _points_go_with_fixed(self) -> OverAchievement:
        if (self.consequence == "fixed") != (self.points > 0):
            raise ValueError("consequence 为 fixed 时 points 应大于0，其余情况不填 points")
        return self


class QualitativeBand(Frozen):
    """One band of a qualitative indicator: shares of the weight, and wordings of the actual that fall into it."""

    name: str = Field(min_length=1)
    low: Share
    high: Share
    phrases: tuple[str, ...] = ()


class Qualitative(Frozen):
    """定性指标: bands from the best to the worst.

    The wording of the actual value chooses the band; the unit's own score places the line inside it. Without an
    own score the best band gives full marks ``with_evidence`` (evidence is stated), ``always`` or ``never``.
    """

    full_marks: Literal["with_evidence", "always", "never"] = "with_evidence"
    bands: Annotated[tuple[QualitativeBand, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _bands_join(self) -> Qualitative:
        if self.bands[0].high != 1 or self.bands[-1].low != 0:
            raise ValueError("bands 应从1开始、到0为止")
        for upper, lower in pairwise(self.bands):
            if upper.low != lower.high:
                raise ValueError(f"“{upper.name}”的下限应等于“{lower.name}”的上限")
        for band in self.bands:
            if band.low > band.high:
                raise ValueError(f"“{band.name}”的下限大于上限")
        return self


# ------------------------------------------------------------------ rules of single indicators


class ProRata(Frozen):
    """按比例: completion × weight for ≥, ≤, = and ranges."""

    kind: Literal["pro-rata"] = "pro-rata"


class PassLine(Frozen):
    """完成比例赋分: pro rata, but completion below ``line`` gives nothing."""

    kind: Literal["pass-line"] = "pass-line"
    line: Share


class YesNo(Frozen):
    """直接赋分: met gives full marks, not met nothing."""

    kind: Literal["yes-no"] = "yes-no"


class Stepped(Frozen):
    """每超（少）一档扣分: ``points`` for every ``every`` that the actual lies on the wrong side of ``limit``.

    ``limit`` and ``every`` are in ``unit``; without ``limit`` the target is the limit.
    """

    kind: Literal["stepped"] = "stepped"
    side: Literal["above", "below"]
    """On which side of the limit points are lost."""
    limit: Number | None = None
    unit: str = "%"
    every: Annotated[Number, Field(gt=0)]
    points: Annotated[Weight, Field(gt=0)]
    part_step: Literal["proportional", "started", "completed"]
    """How a step not fully used counts: 按比例, 不足一档按一档, 不足一档不扣."""


class Step(Frozen):
    """One row of a table of bands or intervals: at most (``at_most``) or at least (``at_least``), both 含."""

    at_least: Number | None = None
    at_most: Number | None = None
    share: Share | None = None
    points: Weight | None = None

    @model_validator(mode="after")
    def _one_bound_one_result(self) -> Step:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("at_least 与 at_most 应填且只填一个")
        if (self.share is None) == (self.points is None):
            raise ValueError("share 与 points 应填且只填一个")
        return self


class Bands(Frozen):
    """分档赋分: the first row whose bound the *completion* (a fraction) satisfies decides; none gives nothing."""

    kind: Literal["bands"] = "bands"
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Intervals(Frozen):
    """区间赋分: the first row whose bound the *actual value* (in ``unit``) satisfies decides; none gives nothing."""

    kind: Literal["intervals"] = "intervals"
    unit: str = "%"
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Judged(Frozen):
    """定性: scored in the qualitative bands even where a number is typed."""

    kind: Literal["qualitative"] = "qualitative"


Rule = Annotated[
    ProRata | PassLine | YesNo | Stepped | Bands | Intervals | Judged, Field(discriminator="kind")
]


class IndicatorRule(Frozen):
    """The rule of named indicators; ``level1`` and ``level2`` narrow it where a name occurs twice."""

    names: Annotated[tuple[str, ...], Field(min_length=1)]
    level1: str = ""
    level2: str = ""
    rule: Rule


class Deduction(Frozen):
    """One entry of the scale of deductions (扣分标准) that reviewers apply and departments can read."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    label: str = Field(min_length=1)
    share: Share
    """Share of the line's weight that is taken."""


class Review(Frozen):
    """复核: the scale of deductions, and the factor on the total when the grade falls by 1, 2, 3 … grades."""

    deductions: tuple[Deduction, ...] = ()
    grade_drop_factors: tuple[Share, ...] = ()


class Policy(Frozen):
    """A complete scoring policy (评分办法)."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    version: str = Field(min_length=1)
    label: str = Field(min_length=1)
    source: str = ""
    note: str = ""
    total: Annotated[Weight, Field(gt=0)] = Decimal(100)
    step: Literal["0.01", "0.1", "0.5", "1"] = "0.01"
    """Last digit of every shown score; scores are rounded half up to it."""
    section_weights: Literal["fixed", "advisory"] = "advisory"
    """Whether a section whose weights differ from the policy makes the total not computable."""
    execution: Execution
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    grades: Annotated[tuple[Grade, ...], Field(min_length=1)]
    caps: tuple[Cap, ...] = ()
    equal_above: Literal["met", "deviation"] = "met"
    """A written ＝ that is exceeded: counts as met, or loses marks in proportion (target ÷ actual)."""
    over_achievement: OverAchievement = OverAchievement()
    qualitative: Qualitative
    rules: tuple[IndicatorRule, ...] = ()
    review: Review = Review()
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Policy:
        weights = [section.weight for section in self.sections]
        if None not in weights:
            stated = sum((weight for weight in weights if weight is not None), self.execution.weight)
            if stated != self.total:
                raise ValueError(
                    f"预算执行率与各类指标的分值合计{plain(stated)}分，与总分{plain(self.total)}分不一致"
                )
        cuts = [grade.at_least for grade in self.grades]
        if any(upper <= lower for upper, lower in pairwise(cuts)):
            raise ValueError("grades 应按分数线从高到低排列，且各不相同")
        if cuts[-1] != 0:
            raise ValueError("grades 最后一个等次的 at_least 应为0")
        for field in ("name", "level2"):
            seen: set[str] = set()
            for section in self.sections:
                for word in (section.name,) if field == "name" else section.level2:
                    if word in seen:
                        raise ValueError(f"sections 中“{word}”出现了两次")
                    seen.add(word)
        for cap in self.caps:
            if not 0 <= cap.at_most <= self.total:
                raise ValueError(f"caps 的 at_most 应在0到{plain(self.total)}之间")
        for item in self.evidence:
            if not self._has(item.key):
                raise ValueError(f"evidence 的 key“{item.key}”不是本办法的键")
        return self

    def _has(self, path: str) -> bool:
        here: Any = self
        for part in path.split("."):
            if not isinstance(here, BaseModel) or part not in type(here).model_fields:
                return False
            here = getattr(here, part)
        return True

    @property
    def title(self) -> str:
        """Name and version, as a scorecard carries it."""
        return f"{self.name}@{self.version}"

    @cached_property
    def rounding(self) -> Decimal:
        """The rounding step; quantising with 0.5 is done by the engine."""
        return Decimal(self.step)

    def grade(self, score: Decimal | None) -> str:
        """Grade of a shown total; empty without a total."""
        if score is None:
            return ""
        return next((grade.name for grade in self.grades if score >= grade.at_least), self.grades[-1].name)

    def normal_grade(self, word: str) -> str:
        """Grade word as people write it (优秀, 合格) in the policy's own words; unknown words stay as they are."""
        stripped = word.strip().strip("“”\"'。")
        for grade in self.grades:
            if stripped == grade.name or stripped in grade.aliases:
                return grade.name
        return stripped

    @cached_property
    def _by_level2(self) -> dict[str, Section]:
        return {word: section for section in self.sections for word in section.level2}

    @cached_property
    def _by_level1(self) -> dict[str, Section]:
        named = {bare(section.name): section for section in self.sections}
        return {word: section for section in self.sections for word in section.level1} | named

    def section(self, level1: str, level2: str) -> Section | None:
        """The section that an indicator belongs to, by its second-level name, else by its first-level name."""
        second, first = bare(level2), bare(level1)
        return self._by_level2.get(second) or self._by_level1.get(first) or self._by_level1.get(second)

    @cached_property
    def _rules_by_name(self) -> dict[str, tuple[IndicatorRule, ...]]:
        found: dict[str, tuple[IndicatorRule, ...]] = {}
        for entry in self.rules:
            for name in entry.names:
                found[name] = (*found.get(name, ()), entry)
        return found

    def rule_for(self, level1: str, level2: str, name: str) -> Rule | None:
        """The rule that the policy sets for an indicator of that name; ``None`` leaves it to the target's kind."""
        if not self.rules:
            return None
        entries = self._rules_by_name.get(QUOTES.sub("", name.strip()))
        if not entries:
            return None
        for entry in entries:
            if entry.level1 and bare(entry.level1) != bare(level1):
                continue
            if entry.level2 and bare(entry.level2) != bare(level2):
                continue
            return entry.rule
        return None


QUOTES = re.compile(r"[“”\"‘’'\s]")


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """Name of a class of indicators without blanks and without a closing 指标: ``数量指标`` → ``数量``."""
    word = QUOTES.sub("", name)
    return word.removesuffix("指标") if word != "指标" else word


# ------------------------------------------------------------------ loading


def policy_names() -> tuple[str, ...]:
    """Names of the shipped presets, the default first."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return tuple(sorted(names, key=lambda name: (name != DEFAULT_POLICY, name)))


@cache
def load_policy(name: str = DEFAULT_POLICY) -> Policy:
    """The shipped preset of that name. Raises :class:`PolicyError` when there is none or it is faulty."""
    if name not in policy_names():
        raise PolicyError(f"没有名为“{name}”的评分办法，可用的有：{'、'.join(policy_names())}")
    path = FOLDER / f"{name}.toml"
    policy = parse_policy(path.read_text(encoding="utf-8"), source=path.name)
    if policy.name != name:
        raise PolicyError(f"{path.name}：键 name：应与文件名一致，现为“{policy.name}”")
    return policy


def parse_policy(text: str, source: str = "评分办法") -> Policy:
    """Policy from TOML text; ``source`` is the name shown in errors."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{source}：不是有效的TOML文件：{error}") from None
    return build_policy(data, source)


def build_policy(data: Mapping[str, Any], source: str = "评分办法") -> Policy:
    """Policy from plain data such as a stored row. Raises :class:`PolicyError` naming source and key."""
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        lines = [f"{source}：键 {_path(item['loc'])}：{sentence(item, SENTENCES)}" for item in error.errors()]
        raise PolicyError("\n".join(lines)) from None


RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def build_rule(data: Any, source: str = "评分规则") -> Rule | None:
    """An indicator's own rule from plain data; nothing (``None`` or empty) is no rule. Raises :class:`PolicyError`."""
    if not data:
        return None
    try:
        return RULE.validate_python(data)
    except ValidationError as error:
        lines = [f"{source}：键 {_path(item['loc'])}：{sentence(item, SENTENCES)}" for item in error.errors()]
        raise PolicyError("\n".join(lines)) from None


def _path(loc: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in loc if part not in KINDS_OF_RULE]
    return ".".join(parts) or "（整体）"


KINDS_OF_RULE = frozenset(
    {"pro-rata", "pass-line", "yes-no", "stepped", "bands", "intervals", "qualitative"}
) - {
    "qualitative",
    "bands",
}

SENTENCES = {
    "string_too_short": "不能为空",
    "too_short": "至少要有一项",
    "union_tag_invalid": "kind 不是已知的评分方式",
    "union_tag_not_found": "缺少 kind（评分方式）",
}
