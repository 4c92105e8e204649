"""Closed lists of the budgets floor."""

from __future__ import annotations

from django.db import models


class AdjustmentCause(models.TextChoices):
    """Why a budget was adjusted. The first three do not count in 预算调整率 (财预〔2013〕53号 framework)."""

    POLICY = "policy", "国家政策变化"
    FORCE_MAJEURE = "force_majeure", "不可抗力"
    ASSIGNED = "assigned", "上级或本级党委政府临时交办"
    SUPPLEMENT = "supplement", "部门申请追加"
    REDUCTION = "reduction", "收回或调减"
    OTHER = "other", "其他"
