"""Kinds of findings in the words of a summary report (问题类型), in the order in which it lists them."""

from __future__ import annotations

from dataclasses import dataclass

from reports.overview.figures import Fired

KIND_LABELS = {
    "sum": "合计与分项不符",
    "balance": "收支结转不平衡",
    "ratio": "比率与金额不符或执行异常",
    "count": "数量与清单不符",
    "headcount": "人员编制数据不符",
    "unit": "金额单位有误",
    "digit": "数字书写有误",
    "basis": "口径或对比基数不一致",
    "missing-target": "缺年度指标值",
    "missing-actual": "缺实际完成值",
    "missing-score": "缺得分",
    "missing-year": "缺年度",
    "missing-grade": "缺评价等级",
    "missing-initial": "缺年初预算数",
    "missing-rate": "缺预算执行率",
    "missing-text": "正文内容不完整",
    "unquantified": "指标没有量化",
    "category": "指标分类不当",
    "direction": "指标方向不当",
    "over-achievement": "完成值远超指标值",
    "low-target": "指标值偏低",
    "score": "得分与依据不符",
    "score-sum": "得分合计不符",
    "weight-sum": "分值合计不符",
    "grade": "等级与得分不符",
    "full-marks": "满分依据不足",
    "template-text": "套用模板文字",
    "duplicate-text": "文字重复",
    "copied-text": "与其他报告雷同",
    "foreign-unit": "出现其他单位名称或职能",
    "foreign-year": "出现其他年度",
    "foreign-project": "出现其他项目",
    "year-text": "文字中的年度有误",
    "unknown-office": "机构名称前后不一致",
    "reason-direction": "偏差原因与数据方向相反",
    "unexplained-adjustment": "预算调整没有说明",
    "mislabel": "名目填写不当",
    "definition": "指标口径混用",
    "outlier": "数据明显偏离",
    "rule-fault": "规则未能执行",
}

GROUPS = (
    (
        "数据勾稽和预算执行",
        ("sum", "balance", "ratio", "count", "headcount", "unit", "digit", "basis", "outlier"),
    ),
    (
        "填报不完整",
        (
            "missing-target",
            "missing-actual",
            "missing-score",
            "missing-year",
            "missing-grade",
            "missing-initial",
            "missing-rate",
            "missing-text",
        ),
    ),
    (
        "绩效目标和指标设置",
        ("unquantified", "category", "direction", "over-achievement", "low-target", "mislabel", "definition"),
    ),
    ("评分和等级", ("score", "score-sum", "weight-sum", "grade", "full-marks")),
    (
        "报告文字质量",
        (
            "template-text",
            "duplicate-text",
            "copied-text",
            "foreign-unit",
            "foreign-year",
            "foreign-project",
            "year-text",
            "unknown-office",
        ),
    ),
    ("原因和情况说明", ("reason-direction", "unexplained-adjustment", "rule-fault")),
)


@dataclass(frozen=True)
class Kind:
    """One kind of problem with the rules that found it."""

    key: str
    label: str
    rules: tuple[Fired, ...]

    @property
    def findings(self) -> int:
        return sum(rule.findings for rule in self.rules)

    @property
    def waived(self) -> int:
        return sum(rule.waived for rule in self.rules)


@dataclass(frozen=True)
class Group:
    """Kinds that a summary report treats together."""

    title: str
    kinds: tuple[Kind, ...]

    @property
    def findings(self) -> int:
        return sum(kind.findings for kind in self.kinds)


def grouped(rules: tuple[Fired, ...] | list[Fired]) -> tuple[Group, ...]:
    """Rules by group and kind, in the fixed order of the groups; groups and kinds without a rule are left out."""
    groups = []
    for title, keys in GROUPS:
        kinds = tuple(
            Kind(key, KIND_LABELS[key], found)
            for key in keys
            if (found := tuple(rule for rule in rules if rule.kind == key))
        )
        if kinds:
            groups.append(Group(title, kinds))
    return tuple(groups)
