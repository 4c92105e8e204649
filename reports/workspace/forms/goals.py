"""6 绩效目标."""

from __future__ import annotations

from budgets.models import Project
from indicators.models import Goal
from reports.workspace.fields import PathForm, TextField
from reports.workspace.rows import Part, RowsPart


class GoalForm(PathForm):
    """One yearly goal."""

    expected = TextField(label="预期目标", rows=3)
    actual = TextField(label="实际完成情况", rows=3)


def goals_part(prefix: str = "goals", project: Project | None = None) -> RowsPart:
    """Goals of the department, or of one project under ``prefix``."""
    return RowsPart(
        prefix,
        GoalForm,
        Goal,
        title="年度总体目标",
        template="workspace/rows_goals.html",
        add_label="增加一条目标",
        help="预期目标按年初批复的填写，实际完成情况逐条对应，写清数量、质量和时间。",
        only={"project": project},
    )


def parts() -> list[Part]:
    return [goals_part()]
