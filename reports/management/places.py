"""Paths of a dossier as people name them: ``profile.retirees`` → ``基本情况·离退休人数``."""

from __future__ import annotations

import re

from budgets.tables import COLUMN_LABELS, TABLES, TOTAL, Column
from reports.dossier import Dossier

PROFILE = {
    "department": "单位名称",
    "kind": "机构性质",
    "credit_code": "统一社会信用代码",
    "budget_code": "预算单位编码",
    "main_department": "主管部门",
    "authorized_posts": "编制数",
    "staff_on_posts": "在职人数",
    "retirees": "离退休人数",
    "offices_stated": "内设机构数",
    "offices_listed": "内设机构",
    "internal_offices": "内设机构",
    "duties": "主要职责",
    "duties_stated": "主要职责",
    "prepared_by": "填表人",
    "prepared_on": "填报日期",
    "phone": "联系电话",
    "contact": "联系人",
    "head": "单位负责人",
}
INDICATOR = {
    "name": "名称",
    "target": "年度指标值",
    "actual": "实际完成值",
    "weight": "分值",
    "self_score": "自评得分",
    "level2": "二级指标",
    "formula": "计算方法",
    "deviation_reason": "偏差原因",
    "improvement": "改进措施",
    "evidence": "佐证材料",
}
PROJECT = {
    "name": "名称",
    "initial_budget": "年初预算数",
    "full_budget": "全年预算数",
    "allocated": "下达资金",
    "spent": "实际支出",
    "manager_office": "管理机构",
}
MONEY = {
    "project_office": "项目资金管理机构",
    "execution_explanation": "预算执行偏差说明",
    "frugality": "厉行节约保障措施",
    "adjustments": "预算调整",
    "buildings": "楼堂馆所",
    "projects": "项目资金",
}
ASSESSMENT = {
    "score": "自评得分",
    "grade": "自评等级",
    "execution_weight": "预算执行率分值",
    "execution_rate": "预算执行率",
    "execution_score": "预算执行率得分",
    "raise_reason": "自评高于系统评分的理由",
}


def place(dossier: Dossier, where: str) -> str:
    """The path in Chinese; what has no name of its own stays as it is."""
    parts = where.split(".")
    head, rest = parts[0], parts[1:]
    match head:
        case "":
            return "整份报告"
        case "profile":
            return _joined("基本情况", PROFILE.get(rest[0]) if rest else None)
        case "money" if rest and rest[0] in TABLES:
            return _table(dossier, rest)
        case "money":
            return _money(dossier, rest)
        case "indicators":
            return _indicator(dossier, rest)
        case "assessment":
            return _joined("自评结果", ASSESSMENT.get(rest[0]) if rest else None)
        case "narrative":
            return _section(dossier, rest)
        case "goals":
            return "总体绩效目标"
        case "project_sheets":
            names = {project.key: project.name for project in dossier.money.projects}
            inner = place(dossier, ".".join(rest[1:])) if len(rest) > 1 else ""
            return _joined(f"项目“{names.get(rest[0], rest[0])}”自评表" if rest else "项目自评表", inner)
    return where


def _joined(*parts: str | None) -> str:
    return "·".join(part for part in parts if part)


def _table(dossier: Dossier, rest: list[str]) -> str:
    spec = TABLES[rest[0]]
    row = rest[1] if len(rest) > 1 else ""
    line = dossier.money.table(spec.key).row(row)
    label = spec.label_of(row) or (line.label if line else "") or ("合计" if row == TOTAL else "")
    column = rest[2] if len(rest) > 2 else ""
    shown = _short(COLUMN_LABELS[Column(column)]) if column in set(Column) else None
    return _joined(_short(spec.label), label, shown)


def _short(label: str) -> str:
    """Label without what its form says in brackets behind it."""
    return re.sub(r"（[^）]*）$", "", label)


def _money(dossier: Dossier, rest: list[str]) -> str:
    if not rest:
        return "资金"
    if rest[0] != "projects" or len(rest) < 2:
        return MONEY.get(rest[0], "资金")
    name = next((project.name for project in dossier.money.projects if project.key == rest[1]), rest[1])
    return _joined(f"项目“{name}”", PROJECT.get(rest[2]) if len(rest) > 2 else None)


def _indicator(dossier: Dossier, rest: list[str]) -> str:
    if not rest:
        return "绩效指标"
    name = next((line.name for line in dossier.indicators.indicators if line.key == rest[0]), None)
    return _joined(f"指标“{name}”" if name else "绩效指标", INDICATOR.get(rest[1]) if len(rest) > 1 else None)


def _section(dossier: Dossier, rest: list[str]) -> str:
    title = next((section.title for section in dossier.narrative if rest and section.key == rest[0]), "")
    return f"正文“{title}”" if title else "正文"
