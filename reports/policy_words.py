"""A scoring policy in Chinese sentences, for everybody who may read it: bureau, units and the public pages."""

from __future__ import annotations

from decimal import Decimal

from budgets.money import plain
from indicators.policy import (
    Bands,
    Intervals,
    OverAchievement,
    PassLine,
    Policy,
    ProRata,
    Rule,
    Step,
    Stepped,
    YesNo,
)
from reports.policies import classes_of

OVER_BUDGET = {
    "unscorable_until_explained": "说明原因前不计分、不评等次；说明后按满分计，并印出说明",
    "cap": "按满分计",
    "inverse": "按预算数÷执行数折算",
}
EQUAL_ABOVE = {"met": "超过目标视为完成", "deviation": "超过目标按目标÷完成值折算"}
SECTION_WEIGHTS = {
    "advisory": "单位可调整，与规定不同的只作提示",
    "fixed": "必须一致，不一致的总分无法计算",
}
CONSEQUENCES = {
    "flag": "得满分，要说明原因",
    "proportional": "按超出部分的比例扣分",
    "fixed": "扣固定分",
    "zero": "不得分",
}
FULL_MARKS = {
    "with_evidence": "达成且有佐证材料的得满分",
    "always": "达成即得满分",
    "never": "由单位在档内填写得分",
}
STEPS = {"0.01": "0.01分", "0.1": "0.1分", "0.5": "0.5分", "1": "1分"}
PART_STEPS = {"proportional": "按比例扣", "started": "不足一档按一档扣", "completed": "不足一档不扣"}
MARKS = {
    "confirmed": "见于公开文本",
    "confirmed-2nd": "见于他人转述",
    "from-memory": "未见原文",
    "derived": "由其他值推算",
    "house": "本系统的选择",
    "bureau": "财政局确定",
}
KEYS = {
    "total": "总分",
    "step": "得分保留到",
    "section_weights": "各类指标分值",
    "execution": "预算执行率",
    "execution.weight": "预算执行率分值",
    "execution.over_budget": "执行率超过100%",
    "sections": "各类指标",
    "grades": "等次",
    "caps": "总分封顶",
    "equal_above": "超过“＝”目标",
    "over_achievement": "超额完成",
    "qualitative": "定性指标",
    "rules": "单项规则",
    "review": "复核",
    "review.deductions": "扣分标准",
    "review.grade_drop_factors": "复核降等的后果",
}


def section_rows(policy: Policy) -> list[tuple[str, str, str]]:
    """Classes with their points and the second-level classes that a unit picks from; the execution rate last."""
    offered = dict(classes_of(policy))
    rows = [
        (
            section.name,
            "自定" if section.weight is None else plain(section.weight),
            "、".join(name.removesuffix("指标") for name in offered[section.name]),
        )
        for section in policy.sections
    ]
    if policy.execution.weight:
        rows.append(("预算执行率", plain(policy.execution.weight), "全年执行数÷全年预算数"))
    return rows


def formula_rows(policy: Policy) -> list[tuple[str, str]]:
    """How the points of a line come about, in words: what kind of line, and its formula.

    Says what :mod:`indicators.scoring` does where no rule of its own is set for an indicator.
    """
    rows = []
    if policy.execution.weight:
        weight = plain(policy.execution.weight)
        rows.append(
            (
                "预算执行率",
                f"{weight}分 × 全年执行数 ÷ 全年预算数；超过100%的，{OVER_BUDGET[policy.execution.over_budget]}",
            )
        )
    rows += [
        ("越大越好的指标（≥）", "完成值达到指标值得满分；未达到的，分值 × 完成值 ÷ 指标值"),
        ("越小越好的指标（≤）", "完成值不超过指标值得满分；超过的，分值 × 指标值 ÷ 完成值"),
        (
            "定值指标（＝）",
            f"完成值等于指标值得满分；未达到的，分值 × 完成值 ÷ 指标值；{EQUAL_ABOVE[policy.equal_above]}",
        ),
        (
            "区间指标",
            "完成值在区间内得满分；低于下限的，分值 × 完成值 ÷ 下限；高于上限的，分值 × 上限 ÷ 完成值",
        ),
        ("定性指标", "按完成档次在分值的相应比例内得分"),
        ("不适用的指标", "不计分，其余各项得分之和按比例折算到总分"),
        ("总分", f"各项得分分别四舍五入到{STEPS[policy.step]}后相加，等次按总分对照分数线确定"),
    ]
    return rows


def rate_text(share: Decimal) -> str:
    """A fraction as a short percentage: ``0.3`` → ``30%``."""
    return f"{plain(share * 100)}%"


def over_achievement(over: OverAchievement) -> str:
    """What follows when a target is far exceeded."""
    bound = "达到或超过" if over.inclusive else "超过"
    result = f"扣{plain(over.points)}分" if over.consequence == "fixed" else CONSEQUENCES[over.consequence]
    return f"完成程度{bound}{rate_text(over.threshold)}的，{result}"


def rule_text(rule: Rule) -> str:
    """One indicator's rule as a sentence."""
    match rule:
        case ProRata():
            return "按完成比例得分"
        case PassLine():
            return f"按完成比例得分，低于{rate_text(rule.line)}不得分"
        case YesNo():
            return "完成得满分，未完成不得分"
        case Stepped():
            side = "超过" if rule.side == "above" else "低于"
            limit = "目标值" if rule.limit is None else f"{plain(rule.limit)}{rule.unit}"
            return f"{side}{limit}的，每{plain(rule.every)}{rule.unit}扣{plain(rule.points)}分，{PART_STEPS[rule.part_step]}"
        case Bands():
            return "按完成程度分档：" + _steps(rule.steps, "", Decimal(100), "%")
        case Intervals():
            return "按实际值分档：" + _steps(rule.steps, rule.unit, Decimal(1), rule.unit)
    return "定性指标，按档得分"


def _steps(steps: tuple[Step, ...], unit: str, factor: Decimal, shown_unit: str) -> str:
    parts = []
    for step in steps:
        bound = step.at_least if step.at_least is not None else step.at_most
        words = "不低于" if step.at_least is not None else "不超过"
        gives = (
            f"得{rate_text(step.share)}"
            if step.share is not None
            else f"得{plain(step.points or Decimal(0))}分"
        )
        parts.append(f"{words}{plain((bound or Decimal(0)) * factor)}{shown_unit}{gives}")
    return "，".join(parts) + "，其余不得分"


def cap_texts(policy: Policy) -> list[str]:
    """总分封顶, one sentence each."""
    return [
        f"预算执行率低于{rate_text(cap.rate_below)}的，总分不超过{plain(cap.at_most)}分"
        for cap in policy.caps
    ]


def grade_rows(policy: Policy) -> list[tuple[str, str]]:
    """Grades with their ranges."""
    rows, above = [], None
    for grade in policy.grades:
        low = plain(grade.at_least)
        text = f"{low}分（含）以上" if above is None else f"{low}分（含）至{above}分"
        if above is not None and grade.at_least == 0:
            text = f"{above}分以下"
        rows.append((grade.name, text))
        above = low
    return rows


def drop_texts(policy: Policy) -> list[str]:
    """复核降等的后果, one sentence each."""
    return [
        f"复核等次低于自评{number}个等次的，总分按{rate_text(factor)}计"
        for number, factor in enumerate(policy.review.grade_drop_factors, 1)
    ]


def evidence_rows(policy: Policy) -> list[tuple[str, str, str]]:
    """Which of the values are confirmed: what, how sure, by which source."""
    return [(KEYS.get(item.key, item.key), MARKS[item.mark], item.source) for item in policy.evidence]
