"""Scores one department-year by a policy: execution first, then every indicator, then the total.

Pure: no query, no clock, no settings. The order of the indicators never changes a result. A line without weight,
target or actual is unscorable and says which is missing; the total is then not computable, and nothing is spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from budgets.dossier import Money, Project
from budgets.money import percent, plain, wan
from departments.dossier import Profile
from indicators.dossier import Indicator, Indicators, SelfAssessment, Sheet
from indicators.policy import Intervals, Judged, Policy, Rule, Section, Stepped
from indicators.scoring.compare import ONE, ZERO, Unclear, align, comparison_of, typed
from indicators.scoring.rounding import points, to_step
from indicators.scoring.rules import Scored, in_unit, intervals, qualitative, quantitative, stepped
from indicators.scoring.scorecard import ProjectScore, Scorecard, ScoreLine, SectionScore
from indicators.values import EMPTY, NOT_APPLICABLE, QUALITATIVE, Reading, read

LINE_FIELDS = set(ScoreLine.model_fields)
EXECUTION = "execution"
EXECUTION_NAME = "预算执行率"


def score(
    profile: Profile,
    money: Money,
    indicators: Indicators,
    policy: Policy,
    *,
    rules: Mapping[str, Rule] | None = None,
) -> Scorecard:
    """The scorecard of a department-year, with those of its projects.

    An indicator's own rule wins over the policy's; ``rules`` gives single indicators another one, by key.
    """
    rules = rules or {}
    execution = execution_line(
        money.budget,
        money.spent,
        policy,
        explanation=money.execution_explanation,
        stated=indicators.assessment,
    )
    projects = {project.key: project for project in money.projects}
    return _card(
        profile.year,
        execution,
        money.execution_rate,
        indicators,
        policy,
        rules,
        tuple(
            _project_score(
                profile.year, sheet.project, projects.get(sheet.project), sheet, money, policy, rules
            )
            for sheet in indicators.projects
        ),
    )


def _project_score(
    year: int,
    key: str,
    project: Project | None,
    sheet: Sheet,
    money: Money,
    policy: Policy,
    rules: Mapping[str, Rule],
) -> ProjectScore:
    """A project's own 项目支出绩效自评表: execution is 支出数 ÷ 全年预算数, else ÷ 到位资金."""
    name = key if project is None else project.name
    budget = spent = None
    denominator = "全年预算数"
    if project is not None:
        budget, spent = project.full_budget, project.spent
        if budget is None:
            budget, denominator = project.allocated, "到位资金"
    # The unit explains one deviation for the whole; it counts for a project only where it names the project.
    explanation = money.execution_explanation if name and name in money.execution_explanation else ""
    execution = execution_line(
        budget, spent, policy, explanation=explanation, stated=sheet.assessment, denominator=denominator
    )
    rate = spent / budget if budget and spent is not None else None
    return ProjectScore(project=key, name=name, card=_card(year, execution, rate, sheet, policy, rules, ()))


def _line(**values: Any) -> ScoreLine:
    """A line from values that the engine itself has made and need not check again.

    The same as ``ScoreLine.model_construct`` with every field given, in a tenth of its time; a test compares the two.
    """
    line = ScoreLine.__new__(ScoreLine)
    for name, value in (
        ("__dict__", values),
        ("__pydantic_fields_set__", LINE_FIELDS),
        ("__pydantic_extra__", None),
        ("__pydantic_private__", None),
    ):
        object.__setattr__(line, name, value)
    return line


# ------------------------------------------------------------------ execution


def execution_line(
    budget: Decimal | None,
    spent: Decimal | None,
    policy: Policy,
    *,
    explanation: str = "",
    stated: SelfAssessment | None = None,
    denominator: str = "全年预算数",
) -> ScoreLine:
    """预算执行率: weight × min(rate, 1); above 100 % as the policy's ``over_budget`` says."""
    weight = policy.execution.weight
    scored = _execution(budget, spent, policy, explanation.strip(), denominator)
    rounded = None if scored.score is None else to_step(scored.score, policy.rounding)
    own = None if stated is None else stated.execution_score
    outcome = "unscorable" if rounded is None else "met" if scored.met else "unmet"
    if weight == 0:
        rounded, outcome = None, "excluded"
        scored.basis = f"评分办法不单设预算执行率分值（执行率{percent(scored.completion)}）"
    return _line(
        key=EXECUTION,
        level1=EXECUTION_NAME,
        level2="",
        name=EXECUTION_NAME,
        target="100%",
        actual="" if scored.completion is None else percent(scored.completion),
        weight=weight,
        score=rounded,
        self_score=rounded if own is None else own,
        rule="execution-rate",
        basis=scored.basis,
        outcome=outcome,
        completion=scored.completion,
        flags=tuple(scored.flags),
    )


def _execution(
    budget: Decimal | None, spent: Decimal | None, policy: Policy, explanation: str, denominator: str
) -> Scored:
    weight = policy.execution.weight
    kind = "execution-rate"
    missing = [name for name, value in ((denominator, budget), ("全年执行数", spent)) if value is None]
    if budget is None or spent is None:
        return Scored(None, f"缺少{'和'.join(missing)}，无法计算执行率", kind)
    if budget <= 0:
        return Scored(None, f"{denominator}为{plain(budget)}，执行率无法计算，请核对或说明", kind)
    if spent < 0:
        return Scored(None, "全年执行数为负数，执行率无法计算，请核对", kind)
    rate = spent / budget
    head = f"全年执行数{wan(spent)}万元÷{denominator}{wan(budget)}万元={percent(rate)}"
    if rate <= 1:
        value = weight * rate
        shown = to_step(value, policy.rounding)
        text = (
            f"{head}，得满分{points(weight)}"
            if rate == 1
            else f"{head}，{points(weight)}×{percent(rate)}={shown:f}"
        )
        return Scored(value, text, kind, rate == 1, rate)
    over = "超过100%" if percent(rate) != "100.00%" else "略超过100%"
    flags = ["over-budget"]
    setting = policy.execution.over_budget
    if setting == "inverse":
        value = weight / rate
        text = f"{head}，{over}，按预算数÷执行数折算，{points(weight)}÷{percent(rate)}={to_step(value, policy.rounding):f}"
        return Scored(value, text, kind, False, rate, flags)
    if setting == "cap":
        return Scored(weight, f"{head}，{over}，按满分{points(weight)}计", kind, True, rate, flags)
    if not explanation:
        return Scored(None, f"{head}，{over}，未说明原因，暂不计分", kind, False, rate, flags)
    text = f"{head}，{over}，已说明原因：“{' '.join(explanation.split())}”，按满分{points(weight)}计"
    return Scored(weight, text, kind, True, rate, [*flags, "explained"])


# ------------------------------------------------------------------ one indicator


def indicator_line(
    indicator: Indicator, policy: Policy, year: int | None = None, rule: Rule | None = None
) -> ScoreLine:
    """One indicator scored. ``year`` completes a date whose year is not written (12月底前)."""
    if rule is None:
        rule = indicator.rule
    if rule is None:
        rule = policy.rule_for(indicator.level1, indicator.level2, indicator.name)
    outcome = ""
    if indicator.not_applicable:
        scored, outcome = _left_out(indicator)
    else:
        try:
            scored = _indicator(indicator, policy, year, rule)
        except Unclear as doubt:
            scored = Scored(None, f"{doubt}", "question")
    weight = indicator.weight
    rounded = None
    if scored.score is not None and weight is not None:
        rounded = to_step(min(max(scored.score, ZERO), weight), policy.rounding)
        # A weight finer than the step must not let the rounded score exceed it.
        rounded = min(rounded, weight)
    if not outcome:
        outcome = "unscorable" if rounded is None else "met" if scored.met else "unmet"
    own = indicator.self_score
    return _line(
        key=indicator.key,
        level1=indicator.level1,
        level2=indicator.level2,
        name=indicator.name,
        target=indicator.target or "",
        actual=indicator.actual or "",
        weight=weight,
        score=rounded,
        self_score=None if outcome == "not_applicable" else rounded if own is None else own,
        rule=scored.rule,
        basis=scored.basis,
        outcome=outcome,
        completion=scored.completion,
        flags=tuple(scored.flags),
    )


def _left_out(indicator: Indicator) -> tuple[Scored, str]:
    reason = " ".join(indicator.not_applicable_reason.split())
    if not reason:
        return Scored(None, "标为不适用，但没有说明原因", "not-applicable"), ""
    return Scored(
        None, f"不适用：{reason}；不计入总分，其余指标按比例换算", "not-applicable"
    ), "not_applicable"


def _indicator(indicator: Indicator, policy: Policy, year: int | None, rule: Rule | None) -> Scored:
    target, actual = read(indicator.target), read(indicator.actual)
    # Most lines have no rule of their own: for them no class is asked about, which is a good part of the time.
    own_limit = rule is not None and (
        isinstance(rule, Intervals) or (isinstance(rule, Stepped) and rule.limit is not None)
    )
    missing = []
    if indicator.weight is None:
        missing.append("分值")
    if target.reason == EMPTY and not target.question and not own_limit:
        missing.append("年度指标值")
    if actual.reason == EMPTY and not actual.question:
        missing.append("实际完成值")
    if missing or indicator.weight is None:
        return Scored(None, f"缺少{_listed(missing)}，无法评分", "missing")
    weight = indicator.weight
    if weight < 0:
        raise Unclear("分值为负数，请核对")
    for name, reading in (("年度指标值", target), ("实际完成值", actual)):
        if reading.question and not (own_limit and reading is target):
            raise Unclear(_doubt(name, reading))
        if reading.reason == NOT_APPLICABLE and not (own_limit and reading is target):
            raise Unclear(f"{name}填“{typed(reading)}”，没有数值；不适用的请勾选“不适用”并说明原因")
    if rule is not None and isinstance(rule, Judged):
        return _judged(indicator, weight, policy)
    if own_limit:
        return _own_limit(rule, indicator, weight, target, actual, policy)
    comparison = comparison_of(target, indicator.direction)
    if comparison == "定性" or target.reason == QUALITATIVE:
        return _judged(indicator, weight, policy)
    if target.is_date:
        return _date(indicator, weight, target, actual, policy, year)
    if actual.is_date:
        raise Unclear(f"年度指标值是数值，实际完成值“{typed(actual)}”是日期，不能比较")
    if actual.reason == QUALITATIVE:
        raise Unclear(f"年度指标值是数值，实际完成值“{typed(actual)}”没有数值，请填写具体完成数")
    pair = align(target, actual, comparison)
    words = f"目标{typed(target)}，完成{typed(actual)}"
    if indicator.direction.strip() and target.operator is None and comparison in (">=", "<=", ">", "<"):
        words = f"目标{indicator.direction.strip()}{typed(target)}，完成{typed(actual)}"
    if rule is not None and isinstance(rule, Stepped):
        unit = target.unit or rule.unit
        if unit != rule.unit:
            raise Unclear(f"年度指标值的单位“{unit}”与扣分规则的单位“{rule.unit}”不同，请统一单位")
        result = stepped(rule, weight, pair.target, pair.actual, rule.unit, policy, words)
        result.flags.extend(pair.flags)
        return result
    implied = target.operator is None and not indicator.direction.strip()
    result = quantitative(rule, weight, pair, policy, words, implied)
    if implied and not result.met and _sign_doubtful(target, pair.actual, indicator, weight):
        rest = typed(target)[1:]
        raise Unclear(
            f"年度指标值“{typed(target)}”开头的“2”可能是“≥”，请确认是“≥{rest}”还是“{typed(target)}”"
        )
    return result


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else "、".join(names[:-1]) + "和" + names[-1]


def _doubt(name: str, reading: Reading) -> str:
    text = typed(reading)
    question = reading.question
    sentence = f"{name}{question}" if text and text in question else f"{name}“{text}”{question}"
    if reading.candidates:
        sentence += f"（{'或'.join(reading.candidates)}）"
    return sentence


def _judged(indicator: Indicator, weight: Decimal, policy: Policy) -> Scored:
    return qualitative(
        weight,
        " ".join((indicator.target or "").split()),
        " ".join((indicator.actual or "").split()),
        indicator.self_score,
        indicator.evidence,
        policy,
    )


def _own_limit(
    rule: Rule | None, indicator: Indicator, weight: Decimal, target: Reading, actual: Reading, policy: Policy
) -> Scored:
    """Rules that carry their limits themselves and do not need the target."""
    number = actual.number if actual.number is not None else actual.low
    if number is None:
        raise Unclear(f"实际完成值“{typed(actual)}”没有数值，请填写具体完成数")
    if actual.trend == "下降":
        number = -number
    flags = [] if actual.exact else ["approximate"]
    head = f"完成{typed(actual)}"
    if isinstance(rule, Intervals | Stepped):
        value = in_unit(number, actual.unit, rule.unit)
        if value is None:
            raise Unclear(f"实际完成值的单位“{actual.unit}”与评分规则的单位“{rule.unit}”不同，请统一单位")
        if isinstance(rule, Stepped):
            result = stepped(rule, weight, rule.limit or ZERO, value, rule.unit, policy, head)
        else:
            result = intervals(rule, weight, value, head)
        result.flags.extend(flags)
        return result
    raise TypeError(rule)


def _date(
    indicator: Indicator, weight: Decimal, target: Reading, actual: Reading, policy: Policy, year: int | None
) -> Scored:
    """时限: met or not met; a date that gives only the month is asked about where the month decides."""
    words = f"目标{typed(target)}，完成{typed(actual)}，"
    if actual.reason == QUALITATIVE:
        return qualitative(
            weight,
            typed(target),
            typed(actual),
            indicator.self_score,
            indicator.evidence,
            policy,
            "date",
        )
    due, done = target.on(year), actual.on(year)
    if due is None or (actual.is_date and done is None):
        raise Unclear("日期没有写明年份，不能比较，请补充")
    if done is None:
        raise Unclear(f"年度指标值是时限，实际完成值“{typed(actual)}”不是日期，请填写完成日期")
    late = done > due
    if late and actual.approximate and done.replace(day=1) <= due:
        raise Unclear(f"实际完成值“{typed(actual)}”没有写到日，不能判断是否按时，请填写完成日期")
    if late:
        days = (done - due).days
        return Scored(ZERO, f"{words}晚{days}天，未按时完成，不得分", "date", False, ZERO)
    return Scored(weight, f"{words}按时完成，得满分{points(weight)}", "date", True, ONE)


def _sign_doubtful(target: Reading, actual: Decimal, indicator: Indicator, weight: Decimal) -> bool:
    """A bare target like ``26次`` that is missed although the unit claims full marks, while ``≥6次`` would be met."""
    if target.number is None or indicator.self_score != weight:
        return False
    digits = plain(target.number)
    rest = digits[1:]
    if not (digits.startswith("2") and rest and rest[0] in "123456789" and typed(target).startswith("2")):
        return False
    return actual >= Decimal(rest)


# ------------------------------------------------------------------ the total


def _card(
    year: int,
    execution: ScoreLine,
    rate: Decimal | None,
    sheet: Sheet,
    policy: Policy,
    rules: Mapping[str, Rule],
    projects: tuple[ProjectScore, ...],
) -> Scorecard:
    lines = [execution]
    lines += [indicator_line(item, policy, year, rules.get(item.key)) for item in sheet.indicators]
    blocking = _obstacles(lines, sheet, policy)
    sections, uneven = _sections(lines[1:], policy)
    if uneven and policy.section_weights == "fixed":
        blocking += uneven
    stated = sheet.assessment
    computed, notes = None, []
    if not blocking:
        computed, notes = total_of([line.score for line in lines], lines, rate, policy)
        if computed is None:
            blocking, notes = notes, []
    own = stated.score
    if own is None and computed is not None:
        own = computed
    by_line = stated.execution_score is not None or any(
        item.self_score is not None for item in sheet.indicators
    )
    if stated.score is None and by_line:
        own = _own_total(lines, rate, policy)
    weights = [line.weight for line in lines if line.weight is not None]
    return Scorecard.model_construct(
        policy=policy.title,
        lines=tuple(lines),
        sections=sections,
        score=computed,
        grade=policy.grade(computed),
        reasons=tuple(blocking) if blocking else tuple(chain(notes, uneven)),
        self_score=own,
        self_grade=policy.grade(own),
        stated_grade=policy.normal_grade(stated.grade),
        weight_total=sum(weights, ZERO),
        projects=projects,
    )


def _obstacles(lines: list[ScoreLine], sheet: Sheet, policy: Policy) -> list[str]:
    """Why the total cannot be computed, one sentence each; empty when it can."""
    found = []
    if not sheet.indicators:
        found.append("没有设置绩效指标，总分无法计算")
    found += [f"{line.name}：{line.basis}" for line in lines if line.outcome == "unscorable"]
    stated = sheet.assessment.execution_weight
    if stated is not None and stated != policy.execution.weight:
        found.append(
            f"表中预算执行率分值{plain(stated)}分，评分办法规定{plain(policy.execution.weight)}分，请核对"
        )
    if sheet.indicators:
        total = sum((line.weight for line in lines if line.weight is not None), ZERO)
        unstated = sum(line.weight is None and line.outcome != "not_applicable" for line in lines)
        full = plain(policy.total)
        if unstated:
            found.append(f"有{unstated}项指标没有分值，已填分值合计{plain(total)}分，应为{full}分")
        elif total != policy.total:
            found.append(f"分值合计{plain(total)}分，应为{full}分，总分无法计算")
        if all(line.outcome == "not_applicable" for line in lines[1:]):
            found.append("全部指标都标为不适用，总分无法计算")
    return found


def total_of(
    scores: Sequence[Decimal | None], lines: Sequence[ScoreLine], rate: Decimal | None, policy: Policy
) -> tuple[Decimal | None, list[str]]:
    """Sum of the rounded lines, then re-scaling and caps, rounded again; with a sentence for each step taken."""
    notes: list[str] = []
    result = sum((value for value in scores if value is not None), ZERO)
    left_out = sum(
        (line.weight for line in lines if line.outcome == "not_applicable" and line.weight is not None), ZERO
    )
    step = policy.rounding
    if left_out:
        rest = policy.total - left_out
        if rest <= 0:
            return None, ["全部分值都标为不适用，总分无法计算"]
        scaled = result * policy.total / rest
        notes.append(
            f"不适用指标分值{plain(left_out)}分，总分按比例换算："
            f"{plain(result)}÷{plain(rest)}×{plain(policy.total)}={to_step(scaled, step):f}"
        )
        result = scaled
    reached = [cap for cap in policy.caps if rate is not None and rate < cap.rate_below]
    if reached:
        cap = min(reached, key=lambda item: item.at_most)
        if result > cap.at_most:
            notes.append(
                f"预算执行率{percent(rate)}，低于{percent(cap.rate_below)}，"
                f"总分由{to_step(result, step):f}分封顶为{plain(cap.at_most)}分"
            )
            result = cap.at_most
    return to_step(min(max(result, ZERO), policy.total), step), notes


def _own_total(lines: list[ScoreLine], rate: Decimal | None, policy: Policy) -> Decimal | None:
    """Sum of the unit's own line scores, re-scaled and capped like the computed ones; ``None`` if one is missing."""
    own = [line.self_score for line in lines if line.outcome not in ("not_applicable", "excluded")]
    weights = sum((line.weight for line in lines if line.weight is not None), ZERO)
    if any(value is None for value in own) or weights != policy.total:
        return None
    return total_of(own, lines, rate, policy)[0]


def _sections(lines: list[ScoreLine], policy: Policy) -> tuple[tuple[SectionScore, ...], list[str]]:
    """Sums by first-level class in the policy's order, then classes that the policy does not know."""
    grouped: dict[str, list[ScoreLine]] = {}
    known: dict[str, Section] = {section.name: section for section in policy.sections}
    for line in lines:
        section = policy.section(line.level1, line.level2)
        grouped.setdefault(section.name if section else line.level1.strip() or "未归类", []).append(line)
    order = [*known, *sorted(name for name in grouped if name not in known)]
    sections, uneven = [], []
    for name in order:
        members = grouped.get(name, [])
        expected = known[name].weight if name in known else None
        if not members and expected is None:
            continue
        stated = [line.weight for line in members]
        weight = None if None in stated else sum(stated, ZERO)  # type: ignore[arg-type]
        counted = [line for line in members if line.outcome != "not_applicable"]
        scored = [line.score for line in counted]
        total = None if None in scored else sum(scored, ZERO)  # type: ignore[arg-type]
        sections.append(
            SectionScore.model_construct(
                name=name, expected_weight=expected, weight=weight, score=total if counted else None
            )
        )
        if expected is not None and weight is not None and weight != expected:
            uneven.append(f"{name}分值合计{plain(weight)}分，评分办法为{plain(expected)}分")
    return tuple(sections), uneven
