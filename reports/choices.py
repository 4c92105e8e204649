"""Closed lists of the reports floor."""

from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    """States of a report (design: the workflow)."""

    DRAFT = "draft", "填报中"
    CERTIFIED = "certified", "负责人已确认"
    DEPARTMENT_REVIEW = "department_review", "主管部门审核"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已审核"
    PUBLISHED = "published", "已公开"
    CANCELLED = "cancelled", "已取消"


EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
"""States in which the unit types. The trigger on the profile names them too (:mod:`departments.locks`)."""

OWED = (Status.DRAFT, Status.CERTIFIED, Status.RETURNED)
"""States in which the unit has still to deliver."""

REVIEWABLE = frozenset({Status.DEPARTMENT_REVIEW, Status.SUBMITTED})
DONE = frozenset({Status.APPROVED, Status.PUBLISHED})

STATUS_COLOURS = {
    Status.DRAFT: "secondary",
    Status.CERTIFIED: "info",
    Status.DEPARTMENT_REVIEW: "primary",
    Status.SUBMITTED: "primary",
    Status.RETURNED: "warning",
    Status.APPROVED: "success",
    Status.PUBLISHED: "success",
    Status.CANCELLED: "dark",
}
