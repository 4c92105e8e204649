"""Copied passages in the database, levels of checks, and what an evaluation makes of them."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from departments.models import AuditEntry
from reports.copies import refresh, refresh_round
from reports.district import district_of
from reports.evaluation import evaluate
from reports.findings import Level
from reports.level_services import set_level
from reports.levels import levels_of
from reports.models import CheckLevel, CopiedPassage
from reports.workflow import NotAllowed, Refused
from tests.db import make_department, make_region, make_report, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]

COPIED = (
    "1.预算编制不够细化，部分项目支出没有细化到具体内容，年中调整较多，影响了预算执行的进度和准确性。"
    "2.绩效管理意识有待加强，各股室重投入轻产出的观念没有根本转变，指标设置缺乏针对性。"
)


def report_with(text: str, name: str, status: str = "submitted"):
    return make_report(
        department=make_department(name), dossier=make_dossier(narrative={"problems": text}), status=status
    )


def copied_findings(report):
    return [item for item in evaluate(report).findings if item.code == "copied-passage"]


def test_a_copy_is_found_before_certification_and_shows_both_passages():
    theirs = report_with(COPIED, "示例区水利局")
    mine = report_with(COPIED.replace("部分", "少数"), "示例区档案馆", "draft")
    assert copied_findings(mine) == []
    refresh(mine)
    (finding,) = [item for item in copied_findings(mine) if item.where == "narrative.problems"]
    assert "示例区水利局" in finding.message
    assert "少数项目支出" in finding.evidence[0].value
    assert "部分项目支出" in finding.evidence[1].value
    assert [item.where for item in copied_findings(theirs)].count("narrative.problems") == 1


def test_a_draft_is_never_shown_to_another_unit():
    mine = report_with(COPIED, "示例区档案馆")
    report_with(COPIED, "示例区水利局", "draft")
    assert refresh(mine) == 0
    assert refresh_round(mine.round) == 0


def test_rewritten_text_counts_no_longer():
    report_with(COPIED, "示例区水利局")
    mine = report_with(COPIED, "示例区档案馆", "draft")
    refresh(mine)
    mine.profile.narrativesection_set.filter(key="problems").update(text="今年库房漏雨，修复经费没有落实。")
    assert [item for item in copied_findings(mine) if item.where == "narrative.problems"] == []


def test_a_second_comparison_replaces_the_first():
    report_with(COPIED, "示例区水利局")
    mine = report_with(COPIED, "示例区档案馆")
    refresh(mine)
    before = CopiedPassage.objects.count()
    refresh(mine)
    refresh_round(mine.round)
    assert CopiedPassage.objects.count() == before


def test_the_command_compares_a_round(capsys):
    report_with(COPIED, "示例区水利局")
    report_with(COPIED, "示例区档案馆")
    call_command("find_copies", round=2023, region="430407")
    assert "示例区水利局" in capsys.readouterr().out
    assert CopiedPassage.objects.exists()
    with pytest.raises(CommandError, match="没有行政区划代码"):
        call_command("find_copies", round=1999, region="430407")


def test_the_evaluation_costs_the_same_queries_with_2_and_with_12_reports(django_assert_num_queries):
    mine = report_with(COPIED, "示例区档案馆")
    report_with(COPIED, "示例区水利局")
    refresh_round(mine.round)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        evaluate(mine)
    for number in range(10):
        report_with(COPIED, f"示例区第{number}局")
    refresh_round(mine.round)
    with django_assert_num_queries(len(few)):
        evaluate(mine)


def test_the_district_leaves_out_drafts_and_the_report_itself():
    mine = report_with("没有。", "示例区档案馆")
    report_with("没有。", "示例区水利局")
    report_with("没有。", "示例区文化局", "draft")
    district = district_of(mine)
    assert {key: len(values) for key, values in district.per_head.items()} == {"running_costs": 1, "basic": 1}
    assert (district.satisfied, district.surveyed) == (0, 1)


# ------------------------------------------------------------------ levels


def test_a_region_changes_the_level_of_a_rule_with_a_reason():
    manager, region = make_user("round_manager"), make_region()
    report_with(COPIED, "示例区水利局")
    mine = report_with(COPIED, "示例区档案馆")
    refresh(mine)
    set_level(region=region, code="copied-passage", level="hint", reason="先提示一年", by=manager)
    assert {item.level for item in copied_findings(mine)} == {Level.HINT}
    entry = AuditEntry.objects.latest("pk")
    assert entry.event == "check-level"
    assert "由“疑点”调整为“提示”，理由：先提示一年" in entry.sentence
    set_level(region=region, code="copied-passage", level="off", reason="停用", by=manager)
    assert copied_findings(mine) == []


def test_the_default_level_takes_the_row_away():
    manager, region = make_user("round_manager"), make_region()
    set_level(region=region, code="table-sum", level="hint", reason="试行", by=manager)
    assert levels_of(region) == {"table-sum": Level.HINT}
    set_level(region=region, code="table-sum", level="error", reason="恢复", by=manager)
    assert levels_of(region) == {}
    assert AuditEntry.objects.filter(event="check-level").count() == 2


@pytest.mark.parametrize(
    ("code", "level", "reason", "words"),
    [
        ("table-sum", "hint", " ", "理由"),
        ("table-sum", "error", "x", "已经是"),
        ("no-such-rule", "hint", "x", "没有这条规则"),
        ("table-sum", "fatal", "x", "没有这条规则"),
    ],
)
def test_a_level_is_refused(code, level, reason, words):
    with pytest.raises(Refused, match=words):
        set_level(region=make_region(), code=code, level=level, reason=reason, by=make_user("round_manager"))
    assert not CheckLevel.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "auditor", "administrator", "filler", None])
def test_only_the_round_manager_changes_a_level(role):
    with pytest.raises(NotAllowed):
        set_level(region=make_region(), code="table-sum", level="hint", reason="x", by=make_user(role))


def test_a_manager_of_another_region_changes_nothing_here():
    far = make_user("round_manager", region=make_region("430408", "邻区"))
    with pytest.raises(NotAllowed):
        set_level(region=make_region(), code="table-sum", level="hint", reason="x", by=far)
    set_level(region=make_region("430408", "邻区"), code="table-sum", level="hint", reason="x", by=far)
    assert levels_of(make_region()) == {}


def test_the_database_refuses_a_level_without_a_reason_or_unknown():
    values = {"region": make_region(), "code": "x", "by": make_user("round_manager")}
    for fields in ({"level": "hint", "reason": ""}, {"level": "fatal", "reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CheckLevel.objects.create(**values, **fields)
