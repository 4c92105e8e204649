"""Every named route × every role against a written table; a route that is not in the table fails.

Codes: 200 the page, 302 done (or refused with a sentence on the report's page), 403 visible but not this person's to do,
404 the row does not exist for this person, ``login`` sent to the sign-in page.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from budgets.models import Project
from departments.models import AccountList, BusinessOffice, RoleAssignment, SignIn, User
from departments.services import record
from reports.choices import Status
from reports.handover import EVENT
from reports.models import (
    Attachment,
    BulkRun,
    Comment,
    Import,
    LexiconWord,
    Notice,
    PublicationMark,
    RectificationAnswer,
    RectificationFile,
    Report,
    SavedView,
    TargetsImport,
    UnreadPassage,
    Waiver,
)
from tests.db import (
    make_approved,
    make_department,
    make_export,
    make_mark,
    make_policy,
    make_public_row,
    make_region,
    make_report,
    make_scan,
    make_template,
    make_user,
)
from tests.evidence import pdf
from tests.factories import make_dossier
from tests.oversight_rows import make_rectification, make_spot_check

pytestmark = pytest.mark.django_db

PEOPLE = (
    "filler",
    "head",
    "main_reviewer",
    "other_filler",
    "reviewer",
    "manager",
    "auditor",
    "far_reviewer",
    "administrator",
    "security",
    "nobody",
    "anonymous",
)
LOGIN = "login"

# Columns as in PEOPLE: 填报人, 单位负责人, 主管部门审核, 乙单位填报人, 业务股室, 绩效股, 审计,
# 邻区业务股室, 系统管理员, 安全管理员, 无角色, 未登录
EVERYONE = "200 200 200 200 200 200 200 200 200 200 200 login"
PUBLIC = "200 200 200 200 200 200 200 200 200 200 200 200"
REGION_READING = "403 403 403 403 200 200 200 200 403 403 403 login"
READERS = "200 200 200 404 200 200 200 404 404 404 404 login"
UNIT_PAGE = "200 200 403 404 403 403 403 404 404 404 404 login"
UNIT_ACT = "302 302 403 404 403 403 403 404 404 404 404 login"
HEAD_ACT = "403 302 403 404 403 403 403 404 404 404 404 login"
REVIEW_ACT = "403 403 302 404 302 302 403 404 404 404 404 login"
BUREAU_ACT = "403 403 403 404 302 302 403 404 404 404 404 login"
MANAGER_ACT = "403 403 403 404 403 302 403 404 404 404 404 login"
IMPORTER_PAGE = "200 404 403 404 403 403 403 404 404 404 404 login"
IMPORTER_ACT = "302 404 403 404 403 403 403 404 404 404 404 login"
ADMINISTRATOR = "403 403 403 403 403 403 403 403 200 403 403 login"
KEEPERS = "403 200 403 403 403 403 403 403 200 403 403 login"
ROLE_KEEPERS = "403 200 403 403 403 403 403 403 200 200 403 login"
KEEPER_ACT = KEEPERS.replace("200", "302")
REGION_PAGE = "403 403 403 403 200 200 200 200 403 403 403 login"
SHEET = "403 403 200 404 200 200 200 404 404 404 404 login"
CHECK_ACT = "404 404 404 404 302 302 403 404 404 404 404 login"
CHECK_MANAGER_ACT = "404 404 404 404 403 302 403 404 404 404 404 login"
MAIN_ACT = "403 403 302 404 403 403 403 404 404 404 404 login"

ROUND_PAGE = "404 404 404 404 200 200 200 404 404 404 404 login"
ROUND_MANAGER_PAGE = "404 404 404 404 403 200 403 404 404 404 404 login"


@dataclass(frozen=True)
class Route:
    """One line of the table. A route with several kinds of use has several lines, ``name:use``."""

    codes: str
    method: str = "get"
    arguments: tuple[str, ...] = ("report",)
    data: dict[str, Any] = field(default_factory=dict)
    status: Status = Status.DRAFT


def post(codes: str, *arguments: str, status: Status = Status.DRAFT, **data: Any) -> Route:
    return Route(codes, "post", arguments or ("report",), data, status)


TABLE = {
    "login": Route("302 302 302 302 302 302 302 302 302 302 302 200", arguments=()),
    "sign-in-code": Route("302 302 302 302 302 302 302 302 302 302 302 login", arguments=()),
    "admin-sign-in": Route("403 403 403 403 403 403 403 403 403 403 403 login", arguments=()),
    "admin-password": Route("302 302 302 302 302 302 302 302 302 302 302 302", arguments=()),
    "second-factor": Route(EVERYONE, arguments=()),
    "second-factor-set-up": post(EVERYONE.replace("200", "302"), "none"),
    "second-factor-qr": Route(EVERYONE.replace("200", "404"), arguments=()),
    "second-factor-confirm": post(EVERYONE.replace("200", "422"), "none", code="000000"),
    "second-factor-codes": post(EVERYONE.replace("200", "422"), "none", code="000000"),
    "second-factor-off": post(EVERYONE.replace("200", "422"), "none", code="000000"),
    "logout": post("302 302 302 302 302 302 302 302 302 302 302 302", "none"),
    "health-live": Route("200 200 200 200 200 200 200 200 200 200 200 200", arguments=()),
    "health-ready": Route("200 200 200 200 200 200 200 200 200 200 200 200", arguments=()),
    "metrics": Route("200 200 200 200 200 200 200 200 200 200 200 200", arguments=()),
    "my-account": Route(EVERYONE, arguments=()),
    "my-account:save": post(EVERYONE.replace("200", "302"), "none", phone="0734-8120000"),
    "session-end": post("302 404 404 404 404 404 404 404 404 404 404 login", "sign_in"),
    "sessions-end": post(EVERYONE.replace("200", "302"), "none", others="1"),
    "accounts-locked": Route("403 403 403 403 403 403 403 403 200 200 403 login", arguments=()),
    "account-unlock": post("403 403 403 403 403 403 403 403 302 302 403 login", "person", region="430407"),
    "confirm-again": Route(EVERYONE.replace("200", "302"), arguments=()),
    "session-state": Route(PUBLIC, arguments=()),
    "session-keep": post(EVERYONE, "none"),
    "sign-in-again": post("409 409 409 409 409 409 409 409 409 409 409 422", "none"),
    "resume": Route(EVERYONE.replace("200", "302"), arguments=()),
    "home": Route(EVERYONE, arguments=()),
    "inbox": Route(EVERYONE, arguments=()),
    "inbox-read-all": post("302 302 302 302 302 302 302 302 302 302 302 login", "none"),
    "notice-read": post("302 404 404 404 404 404 404 404 404 404 404 login", "notice"),
    "banner": Route("403 403 403 403 403 403 403 403 200 403 403 login", arguments=()),
    "banner:set": post(
        "403 403 403 403 403 403 403 403 302 403 403 login",
        "none",
        text="今晚维护",
        starts="2024-05-20 18:00",
        ends="2099-05-20 20:00",
    ),
    "rounds": Route("403 403 403 403 200 200 200 200 403 403 403 login", arguments=()),
    "round": Route(ROUND_PAGE, arguments=("round",)),
    "round-calendar": Route(ROUND_PAGE, arguments=("round",)),
    "round-open": Route("403 403 403 403 403 200 403 403 403 403 403 login", arguments=()),
    "round-open:preview": post("403 403 403 403 403 422 403 403 403 403 403 login", "none", do="preview"),
    "round-add": Route(ROUND_MANAGER_PAGE, arguments=("round",)),
    "round-add:preview": post(ROUND_MANAGER_PAGE.replace("200", "422"), "round"),
    "round-begin": post(ROUND_MANAGER_PAGE.replace("200", "302"), "round"),
    "round-settings": Route(ROUND_MANAGER_PAGE, arguments=("round",)),
    "round-settings:save": post(
        ROUND_MANAGER_PAGE.replace("200", "302"),
        "round",
        opens="2024-03-01",
        deadline="2099-12-31",
        reason="核对",
    ),
    "round-close": Route(ROUND_MANAGER_PAGE, arguments=("round",)),
    "round-close:close": post(ROUND_MANAGER_PAGE.replace("200", "302"), "round"),
    "round-reopen": post(ROUND_MANAGER_PAGE.replace("200", "302"), "round", reason="补报"),
    "round-act": post(ROUND_MANAGER_PAGE, "round", "remind", all="owed"),
    "round-act:done": post(ROUND_MANAGER_PAGE, "round", "remind", all="owed", confirm="1", text="请报送"),
    "report-calendar": Route(READERS),
    "scan-upload": post(UNIT_ACT, status=Status.CERTIFIED),
    "scan": Route(READERS, arguments=("report", "scan")),
    "queue": Route("403 403 200 403 200 200 200 200 403 403 403 login", arguments=()),
    "queue-view-save": post(
        "403 403 302 403 302 302 302 302 403 403 403 login", "none", name="甲", query="mine=on"
    ),
    "queue-view-default": post("404 404 404 404 302 404 404 404 404 404 404 login", "view"),
    "queue-view-delete": post("404 404 404 404 302 404 404 404 404 404 404 login", "view"),
    "bulk-start": post("403 403 403 403 302 302 403 302 403 403 403 login", "none", act="claim"),
    "bulk-start:office": post("403 403 403 403 403 302 403 403 403 403 403 login", "none", act="office"),
    "bulk-start:main": post(
        "403 403 302 403 403 403 403 403 403 403 403 login", "none", act="department_pass"
    ),
    "bulk-runs": Route("403 403 200 403 200 200 200 200 403 403 403 login", arguments=()),
    "bulk-run": Route("404 404 404 404 200 404 404 404 404 404 404 login", arguments=("run",)),
    "bulk-go-on": post("404 404 404 404 302 404 404 404 404 404 404 login", "run"),
    "offices": Route("403 403 403 403 403 200 403 403 200 403 403 login", arguments=()),
    "office-add": Route("403 403 403 403 403 200 403 403 200 403 403 login", arguments=("region",)),
    "office-add:save": post("403 403 403 403 403 302 403 403 302 403 403 login", "region", name="农业股"),
    "office": Route("403 403 403 403 403 200 403 403 200 403 403 login", arguments=("office",)),
    "office-delete": post("403 403 403 403 403 302 403 403 302 403 403 login", "office"),
    "report-presence": post("200 200 200 404 200 200 200 404 404 404 404 login"),
    "report-recheck": post(BUREAU_ACT, status=Status.SUBMITTED),
    "report-step:recall": post(UNIT_ACT, "report", "recall", status=Status.SUBMITTED),
    "audit": Route("403 403 403 403 403 200 200 403 403 200 403 login", arguments=()),
    "audit-export": Route("403 403 403 403 403 200 200 403 403 200 403 login", arguments=()),
    "password": Route(EVERYONE, arguments=()),
    "password:change": post("422 422 422 422 422 422 422 422 422 422 422 login", "none"),
    "accounts": Route(ADMINISTRATOR, arguments=()),
    "account-template": Route(ADMINISTRATOR, arguments=()),
    "account-upload": post("403 403 403 403 403 403 403 403 422 403 403 login", "none"),
    "account-preview": Route(ADMINISTRATOR, arguments=("account-list",)),
    "account-write": post("403 403 403 403 403 403 403 403 409 403 403 login", "account-list"),
    "account-reissue": post("403 403 403 403 403 403 403 403 422 403 403 login", "none"),
    "account-slips": post(KEEPER_ACT, "pdf"),
    "people": Route(ROLE_KEEPERS, arguments=()),
    "person-add": Route(KEEPERS, arguments=()),
    "person-add:save": post(KEEPERS.replace("200", "422"), "none"),
    "person": Route(ROLE_KEEPERS, arguments=("person",)),
    "person-change": post(KEEPER_ACT, "person", name="改名某"),
    "role-give": post(ROLE_KEEPERS.replace("200", "422"), "person"),
    "role-take": post(ROLE_KEEPERS.replace("200", "302"), "person", "assignment"),
    "role-requests": Route("403 403 403 403 403 403 403 403 403 200 403 login", arguments=()),
    "role-requests:give": post("403 403 403 403 403 403 403 403 403 422 403 login", "none"),
    "person-off": post(KEEPER_ACT, "person", reason="调离"),
    "person-on": post(KEEPER_ACT, "person"),
    "person-password": post(KEEPERS, "person"),
    "person-second-factor": post(
        "403 403 403 403 403 403 403 403 422 422 403 login", "person", reason="手机丢失"
    ),
    "handover": Route(KEEPERS, arguments=("person",)),
    "handover:done": post(KEEPERS.replace("200", "422"), "person"),
    "handover-receipt": Route("403 404 403 403 403 403 403 403 200 404 403 login", arguments=("receipt",)),
    "help": Route("302 302 302 302 302 302 302 302 302 302 302 302", arguments=()),
    "help-role": Route(PUBLIC, arguments=("filler",)),
    "help-questions": Route(PUBLIC, arguments=()),
    "help-terms": Route(PUBLIC, arguments=()),
    "units": Route(ADMINISTRATOR, arguments=()),
    "unit-add": Route(ADMINISTRATOR, arguments=("region",)),
    "unit-add:save": post(ADMINISTRATOR.replace("200", "422"), "region"),
    "unit": Route(ADMINISTRATOR, arguments=("department",)),
    "unit:save": post(ADMINISTRATOR.replace("200", "302"), "department", name="示例区档案局", is_active="on"),
    "overview": Route("403 403 200 403 200 200 200 200 403 403 403 login", arguments=()),
    "overview-ranking": Route("403 403 200 403 200 200 200 200 403 403 403 login", arguments=()),
    "overview-problems": Route("403 403 200 403 200 200 200 200 403 403 403 login", arguments=()),
    "overview-problems-export": Route("403 403 200 403 200 200 200 404 403 403 403 login", arguments=()),
    "overview-table": Route("403 403 200 403 200 200 200 404 403 403 403 login", arguments=()),
    "overview-summary": Route("403 403 403 403 200 200 200 404 403 403 403 login", arguments=()),
    "overview-summary-save": post(
        "403 403 403 403 403 302 403 404 403 403 403 login", "none", advice="加强培训", version="0"
    ),
    "overview-summary-download": Route(
        "403 403 403 403 200 200 200 404 403 403 403 login", arguments=("docx",)
    ),
    "policies": Route(EVERYONE, arguments=()),
    "policy-preset": Route(EVERYONE, arguments=("hunan-overall",)),
    "policy": Route("200 200 200 200 200 200 200 404 200 200 404 login", arguments=("policy",)),
    "policy-copy": Route("403 403 403 403 403 200 403 403 403 403 403 login", arguments=()),
    "policy-save": post("403 403 403 403 403 422 403 403 403 403 403 login", "none", do="try"),
    "policy-choose": post(
        "403 403 403 403 403 404 403 403 403 403 403 login", "none", round="0", policy="hunan-overall"
    ),
    "checks": Route("403 403 403 403 200 200 200 200 403 403 403 login", arguments=()),
    "check-level": Route("403 403 403 403 200 200 200 200 403 403 403 login", arguments=("table-sum",)),
    "check-level-change": post(
        "403 403 403 403 403 302 403 403 403 403 403 login", "table-sum", level="hint", reason="试行"
    ),
    "lexicon": Route("403 403 403 403 200 200 200 200 403 403 403 login", arguments=()),
    "lexicon-add": post("403 403 403 403 403 422 403 403 403 403 403 login", "none"),
    "lexicon-retire": post(
        "403 403 403 403 403 302 403 403 403 403 403 login", "lexicon_word", reason="误报"
    ),
    "findings-export": Route("403 403 403 403 200 200 200 404 403 403 403 login", arguments=()),
    "exports": Route("403 403 403 403 200 200 200 200 403 403 403 login", arguments=()),
    "export-new": Route("403 403 403 403 422 422 422 422 403 403 403 login", arguments=()),
    "export-new:order": post("403 403 403 403 422 422 422 422 403 403 403 login", "none", round="0"),
    "export": Route("404 404 404 404 200 200 404 404 404 404 404 login", arguments=("export",)),
    "export-cancel": post("404 404 404 404 302 302 404 404 404 404 404 login", "export"),
    "export-retry": post("404 404 404 404 302 302 404 404 404 404 404 login", "export"),
    "export-download": Route("404 404 404 404 302 302 404 404 404 404 404 login", arguments=("export",)),
    "targets": Route("403 403 403 403 200 200 200 200 403 403 403 login", arguments=()),
    "targets-unit": Route(READERS, arguments=("department", "2023")),
    "targets-workbook": Route("403 403 403 403 403 200 403 403 403 403 403 login", arguments=()),
    "targets-import": Route("403 403 403 403 403 200 403 403 403 403 403 login", arguments=()),
    "targets-import:upload": post("403 403 403 403 403 422 403 403 403 403 403 login", "none"),
    "targets-import-preview": Route(
        "403 403 403 403 403 200 403 403 403 403 403 login", arguments=("targets_import",)
    ),
    "targets-import-preview:write": post(
        "403 403 403 403 403 409 403 403 403 403 403 login", "targets_import"
    ),
    "templates": Route(EVERYONE, arguments=()),
    "template-preset": Route(EVERYONE, arguments=("sichuan",)),
    "template": Route("200 200 200 200 200 200 200 404 200 200 404 login", arguments=("template",)),
    "template-copy": Route("403 403 403 403 403 200 403 403 403 403 403 login", arguments=()),
    "template-save": post("403 403 403 403 403 422 403 403 403 403 403 login", "none", do="preview"),
    "template-choose": post(
        "403 403 403 403 403 404 403 403 403 403 403 login", "none", round="0", template="sichuan"
    ),
    "verify-ask": Route("200 200 200 200 200 200 200 200 200 200 200 200", arguments=()),
    "verify": Route("404 404 404 404 404 404 404 404 404 404 404 404", arguments=("0123456789abcdef",)),
    "report-difference": Route(READERS),
    "report-difference-download": Route(
        "404 404 404 404 404 404 404 404 404 404 404 login", arguments=("report", "pdf")
    ),
    "report": Route(READERS),
    "report-download": Route(READERS, arguments=("report", "pdf")),
    "report-step:certify": post(HEAD_ACT, "report", "certify"),
    "report-step:submit": post(UNIT_ACT, "report", "submit"),
    "report-step:unlock": post(UNIT_ACT, "report", "unlock"),
    "report-step:send_back": post(HEAD_ACT, "report", "send_back"),
    "report-step:file_nil": post(UNIT_ACT, "report", "file_nil", reason="已并入其他单位"),
    "report-step:withdraw_nil": post(UNIT_ACT, "report", "withdraw_nil"),
    "report-step:department_pass": post(MAIN_ACT, "report", "department_pass"),
    "report-step:department_return": post(MAIN_ACT, "report", "department_return"),
    "report-step:return": post(BUREAU_ACT, "report", "return"),
    "report-step:approve": post(BUREAU_ACT, "report", "approve"),
    "report-step:reopen": post(MANAGER_ACT, "report", "reopen"),
    "report-step:publish": post(MANAGER_ACT, "report", "publish"),
    "report-step:cancel": post(MANAGER_ACT, "report", "cancel"),
    "report-step:restore": post(MANAGER_ACT, "report", "restore"),
    "comment-add": post(REVIEW_ACT, text="请核对", status=Status.DEPARTMENT_REVIEW),
    "comment-answer": post(UNIT_ACT, "comment", text="已核对", status=Status.RETURNED),
    "comment-resolve": post(REVIEW_ACT, "comment", status=Status.DEPARTMENT_REVIEW),
    "waiver-add": post(MANAGER_ACT, code="table-sum", reason="口径不同"),
    "waiver-withdraw": post(MANAGER_ACT, "waiver"),
    "review-score": post(BUREAU_ACT, score="90", reason="复核", status=Status.SUBMITTED),
    "review-mark-add": post(BUREAU_ACT, line="execution", points="9", reason="复核", status=Status.SUBMITTED),
    "review-mark-withdraw": post(BUREAU_ACT, "mark", status=Status.SUBMITTED),
    "report-extend": post(MANAGER_ACT, until="2099-12-31", reason="系统故障"),
    "report-claim": post(BUREAU_ACT, status=Status.SUBMITTED),
    "report-release": post(BUREAU_ACT, status=Status.SUBMITTED),
    "report-assign": post(MANAGER_ACT, status=Status.SUBMITTED),
    "review-sheet": Route(SHEET, arguments=("report", "1", "pdf")),
    "attachment-view": Route(READERS, arguments=("report", "attachment")),
    "attachment-page": Route(READERS, arguments=("report", "attachment", "1")),
    "spot-checks": Route(REGION_PAGE, arguments=()),
    "spot-checks-export": Route("403 403 403 403 200 200 200 404 403 403 403 login", arguments=()),
    "spot-check-draw-form": Route("403 403 403 403 403 200 403 404 403 403 403 login", arguments=()),
    "spot-check-draw": post("403 403 403 403 403 422 403 404 403 403 403 login", "none", method="risk"),
    "spot-check": Route("404 404 404 404 200 200 200 404 404 404 404 login", arguments=("check",)),
    "spot-check:recorded": Route(READERS, arguments=("recorded",)),
    "spot-check-record": post(
        CHECK_ACT, "check", score="80", conclusion="untrue", findings="台账不全", status=Status.APPROVED
    ),
    "spot-check-assign": post(CHECK_MANAGER_ACT, "check", status=Status.APPROVED),
    "spot-check-withdraw": post(CHECK_MANAGER_ACT, "check", reason="重复", status=Status.APPROVED),
    "rectification-form": Route("403 403 403 404 200 200 403 404 404 404 404 login", status=Status.APPROVED),
    "rectification-issue": post("403 403 403 404 422 422 403 404 404 404 404 login", status=Status.APPROVED),
    "rectifications": Route(EVERYONE, arguments=()),
    "rectification": Route(READERS, arguments=("notice_of_rectification",)),
    "rectification-answer": post(
        "422 422 403 404 403 403 403 404 404 404 404 login", "notice_of_rectification"
    ),
    "rectification-judge": post(
        "403 403 403 404 422 422 403 404 404 404 404 login", "notice_of_rectification"
    ),
    "rectification-remind": post(BUREAU_ACT, "notice_of_rectification"),
    "rectification-withdraw": post(BUREAU_ACT, "notice_of_rectification", reason="下发有误"),
    "rectification-download": Route(READERS, arguments=("notice_of_rectification", "pdf")),
    "rectification-file": Route(READERS, arguments=("rectification_file",)),
    "rectification-file-view": Route(READERS, arguments=("rectification_file",)),
    "rectification-file-page": Route(READERS, arguments=("rectification_file", "1")),
    "report-step:withdraw": post(MANAGER_ACT, "report", "withdraw"),
    "publication": Route(REGION_READING, arguments=()),
    "publication-round-date": post(
        "404 404 404 404 403 302 403 404 404 404 404 login", "round", date="2024-08-01"
    ),
    "report-publication": Route("403 403 403 404 200 200 200 404 404 404 404 login"),
    "report-publication-date": post(MANAGER_ACT, date="2024-08-01"),
    "report-publication-mark": post(
        MANAGER_ACT, where="narrative.problems", reason="涉及敏感事项", status=Status.APPROVED
    ),
    "publication-unmark": post(MANAGER_ACT, "publication_mark", status=Status.APPROVED),
    "classified": Route("403 403 403 403 403 200 403 403 200 403 403 login", arguments=()),
    "classify": post(
        "403 403 403 403 403 302 403 403 302 403 403 login", "unit", classified="1", reason="涉密"
    ),
    "public-list": Route(PUBLIC, arguments=()),
    "public-terms": Route(PUBLIC, arguments=()),
    "public-api": Route(PUBLIC, arguments=()),
    "public-data": Route(PUBLIC, arguments=()),
    "public-schema": Route(PUBLIC, arguments=()),
    "public-data-csv": Route(PUBLIC, arguments=("adcode", "year")),
    "public-data-json": Route(PUBLIC, arguments=("adcode", "year")),
    "public-data-zip": Route(PUBLIC, arguments=("adcode", "year")),
    "public-report": Route(PUBLIC, arguments=("adcode", "year", "unit_code")),
    "public-pdf": Route(PUBLIC, arguments=("adcode", "year", "unit_code")),
    "public-report-json": Route(PUBLIC, arguments=("adcode", "year", "unit_code")),
    "public-report-csv": Route(PUBLIC, arguments=("adcode", "year", "unit_code")),
    "robots": Route(PUBLIC, arguments=()),
    "sitemap": Route(PUBLIC, arguments=()),
    "sitemap-part": Route(PUBLIC, arguments=("reports",)),
    "api-openapi": Route(PUBLIC, arguments=()),
    "api-unknown": Route("404 404 404 404 404 404 404 404 404 404 404 404", arguments=("v1/nothing",)),
    "api:api-root": Route("404 404 404 404 404 404 404 404 404 404 404 404", arguments=()),
    "api:regions": Route(PUBLIC, arguments=()),
    "api:years": Route(PUBLIC, arguments=()),
    "api:reports": Route(PUBLIC, arguments=()),
    "api:report": Route(PUBLIC, arguments=("adcode", "year", "unit_code")),
    "api:schema": Route(PUBLIC, arguments=()),
    "workspace": Route(UNIT_ACT),
    "workspace-section": Route(UNIT_PAGE, arguments=("report", "income")),
    "workspace-section:save": post(UNIT_ACT, "report", "income", version="0"),
    "workspace-common": Route(UNIT_PAGE),
    "workspace-common-add": post(UNIT_ACT, path="过程/预算执行/结转结余率"),
    "workspace-approved": Route(UNIT_PAGE),
    "workspace-approved-fill": post(UNIT_ACT),
    "workspace-project": Route(UNIT_PAGE, arguments=("report", "project")),
    "workspace-import": Route(UNIT_PAGE),
    "workspace-import:upload": post(UNIT_ACT),
    "workspace-import-preview": Route(IMPORTER_PAGE, arguments=("report", "import")),
    "workspace-import-preview:write": post(
        IMPORTER_ACT, "report", "import", section="income", **{"version:income": "0"}
    ),
    "workspace-import-marked": Route(IMPORTER_PAGE, arguments=("report", "import")),
    "workspace-passage-settle": post(UNIT_ACT, "report", "passage"),
    "workspace-workbook": Route(UNIT_PAGE),
    "workspace-attachment-upload": post(UNIT_ACT),
    "workspace-attachment": Route(READERS, arguments=("report", "attachment")),
    "workspace-attachment-delete": post(UNIT_ACT, "report", "attachment"),
}


@dataclass
class World:
    """A report with everything that hangs on it, and one person of each kind."""

    report: Report
    people: dict[str, User | None]
    values: dict[str, Any]
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, person: str) -> Client:
        """A browser in which the person is signed in; the session is made once and lent to every further one."""
        client = Client()
        if person in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        elif user := self.people[person]:
            client.force_login(user)
            self.sessions[person] = client.session.session_key
        return client


@pytest.fixture(scope="module")
def _made(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, Path]]:
    """Made once for all tests of this module, as in ``setUpTestData``: each test's own changes end at a savepoint."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=media):
        made = make_world()
        for person in PEOPLE:
            made.client(person)
        yield made, media
        transaction.set_rollback(True)


@pytest.fixture
def world(_made, db, settings) -> World:
    made, settings.MEDIA_ROOT = _made
    # The people signed in when the module began, however long ago that is by now.
    settings.CONFIRM_AGAIN_SECONDS = settings.SESSION_IDLE_SECONDS = 24 * 3600
    return copy.deepcopy(made)


def make_world() -> World:
    """The rows that stand behind the arguments of the table, for every test that goes through it."""
    main = make_department("示例区文化局")
    unit = make_department("示例区档案馆", parent=main)
    report = make_report(department=unit, dossier=make_dossier())
    far = make_region("430408", "邻区")
    people = {
        "filler": make_user("filler", department=unit),
        "head": make_user("unit_head", department=unit),
        "main_reviewer": make_user("main_reviewer", department=main),
        "other_filler": make_user("filler", department=make_department("示例区水利局")),
        "reviewer": make_user("reviewer"),
        "manager": make_user("round_manager"),
        "auditor": make_user("auditor"),
        "far_reviewer": make_user("reviewer", region=far),
        "administrator": make_user("administrator"),
        "security": make_user("security_officer"),
        "nobody": make_user(),
        "anonymous": None,
    }
    data = pdf()
    content = ContentFile(data, name="evidence")
    attachment = Attachment.objects.create(
        profile=report.profile,
        name="佐证.pdf",
        file=content,
        content_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=people["filler"],
    )
    recorded = make_spot_check(
        report, score=80, conclusion="true", recorded_by=people["reviewer"], recorded_at=timezone.now()
    )
    notice = make_rectification(report, by=people["reviewer"])
    file = RectificationFile.objects.create(
        answer=RectificationAnswer.objects.create(notice=notice, number=1, by=people["filler"]),
        name="整改.pdf",
        file=ContentFile(data, name="evidence"),
        content_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    make_approved(unit, goals=["批复的目标"], indicators=[{"name": "批复的指标", "target": "≥1个"}])
    values = {
        "check": make_spot_check(report, by=people["manager"], reviewer=people["reviewer"]).pk,
        "recorded": recorded.pk,
        "notice_of_rectification": notice.pk,
        "rectification_file": file.pk,
        "report": report.pk,
        "project": Project.objects.filter(profile=report.profile).first().uid,
        "attachment": attachment.uid,
        "import": Import.objects.create(
            profile=report.profile,
            by=people["filler"],
            name="决算.xlsx",
            kind="accounts",
            marked=b"PK",
            content={
                "kind": "accounts",
                "dossier": {
                    "profile": {"department": unit.name, "year": report.year},
                    "money": {
                        "income_source": {"rows": [{"key": "fiscal", "label": "财政拨款收入", "actual": "1"}]}
                    },
                },
                "origins": {},
                "unread": [],
                "complaints": [],
                "notes": [],
            },
        ).pk,
        "region": unit.region.pk,
        "person": people["filler"].pk,
        "assignment": people["filler"].role_assignments.get().pk,
        "receipt": record(
            event=EVENT,
            sentence="交接",
            by=people["administrator"],
            region=unit.region,
            data={"from": [1, "甲", "a"], "to": [2, "乙", "b"], "lines": [], "ended": False},
        ).pk,
        "office": BusinessOffice.objects.create(region=unit.region, name="教科文股").pk,
        "view": SavedView.objects.create(user=people["reviewer"], name="我的", query="mine=on").pk,
        "run": BulkRun.objects.create(by=people["reviewer"], act="claim").pk,
        "department": unit.pk,
        "lexicon_word": LexiconWord.objects.create(
            region=unit.region,
            function="气象",
            kind="word",
            word="人工增雨",
            reason="本区有",
            by=people["manager"],
        ).pk,
        "targets_import": TargetsImport.objects.create(
            region=unit.region,
            year=2023,
            by=people["manager"],
            name="目标.xlsx",
            content={"sets": {str(unit.pk): {"goals": ["新的目标"]}}, "complaints": []},
        ).pk,
        "round": report.round_id,
        "scan": make_scan(report, by=people["filler"]).pk,
        "notice": Notice.objects.create(user=people["filler"], report=report, text="试").pk,
        "comment": Comment.objects.create(report=report, text="请核对", author=people["reviewer"]).pk,
        "mark": make_mark(report, by=people["reviewer"]).pk,
        "export": make_export(report, by=people["reviewer"]).uid,
        "unit_code": make_public_row(report).unit_code,
        "policy": make_policy(by=people["manager"]).pk,
        "template": make_template(by=people["manager"]).pk,
        "unit": unit.pk,
        "adcode": unit.region.code,
        "year": report.year,
        "publication_mark": PublicationMark.objects.create(
            report=report, where="narrative.measures", label="改进措施", reason="敏感", by=people["manager"]
        ).pk,
        "waiver": Waiver.objects.create(report=report, code="x", reason="y", by=people["manager"]).pk,
    }
    lists = AccountList.objects.create(
        region=unit.region,
        by=people["administrator"],
        name="名单.xlsx",
        content={"departments": [], "people": []},
    )
    RoleAssignment.objects.create(
        user=people["nobody"], role="filler", department=unit, is_active=False, is_requested=True
    )
    values["account-list"] = lists.pk
    values["person"] = people["filler"].pk
    values["sign_in"] = SignIn.objects.create(user=people["filler"], session_key="x").pk
    values["passage"] = UnreadPassage.objects.create(
        profile=report.profile, section="income", words="x", read_id=values["import"]
    ).pk
    return World(report, people, values)


def named_routes(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Names of all addresses but the technical administration's, which has a test of its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"a route without a name: {pattern.pattern}"
            yield f"{space}{pattern.name}"
        elif pattern.namespace != "admin":
            yield from named_routes(pattern, f"{pattern.namespace}:" if pattern.namespace else space)


def test_every_route_is_in_the_table():
    assert set(named_routes()) == {route_of(line) for line in TABLE}


def route_of(line: str) -> str:
    """``report-step:publish`` is a use of the route ``report-step``; ``api:`` is a namespace."""
    return line if line.startswith("api:") else line.partition(":")[0]


def address(world: World, line: str) -> str:
    arguments = [world.values.get(item, item) for item in TABLE[line].arguments if item != "none"]
    return reverse(route_of(line), args=arguments)


def answer(world: World, line: str, person: str) -> str:
    """Status code of one person's request, or ``login``; whatever it changed is taken back."""
    client, route = world.client(person), TABLE[line]
    with transaction.atomic():
        response = getattr(client, route.method)(address(world, line), route.data)
        transaction.set_rollback(True)
    to_login = response.get("Location", "").startswith(reverse("login"))
    return LOGIN if to_login and line != "logout" else str(response.status_code)


@pytest.mark.parametrize("line", TABLE)
def test_access(line, world):
    route = TABLE[line]
    Report.objects.filter(pk=world.report.pk).update(status=route.status)
    answers = {person: answer(world, line, person) for person in PEOPLE}
    assert answers == dict(zip(PEOPLE, route.codes.split(), strict=True))


OWN_PAGES = {
    "role-requests:give",
    "person-add:save",
    "handover:done",
    "unit-add:save",
    "unit:save",
    "workspace-section:save",
    "password:change",
    "my-account:save",
    "office-add:save",
    "export-new:order",
    "targets-import:upload",
    "targets-import-preview:write",
    "round-open:preview",
    "round-add:preview",
    "round-settings:save",
    "round-close:close",
    "banner:set",
}
"""Acts whose address is also a page that may be looked at."""
ACTS = [line for line, route in TABLE.items() if route.method == "post"]


@pytest.mark.parametrize("line", ACTS)
def test_no_act_is_done_by_a_link(line, world):
    response = world.client("manager").get(address(world, line))
    assert response.status_code in {403, 404, 405} or line in OWN_PAGES


@pytest.mark.parametrize("line", ACTS)
def test_no_act_is_done_without_the_form_token(line, world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.people["manager"])
    assert strict.post(address(world, line), TABLE[line].data).status_code == 403


@pytest.mark.parametrize("person", PEOPLE)
def test_the_technical_administration_is_for_staff_only(person, world, client):
    if user := world.people[person]:
        client.force_login(user)
    for name in (
        "admin:index",
        "admin:departments_user_changelist",
        "admin:departments_annualprofile_changelist",
    ):
        assert client.get(reverse(name)).status_code == 302


def test_every_page_carries_the_content_policy(world, client):
    client.force_login(world.people["manager"])
    for line in ("home", "queue", "audit", "inbox"):
        policy = client.get(reverse(line))["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
