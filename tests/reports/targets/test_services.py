"""Taking approved targets in: previewed, written once, replaced with a reason, kept in versions; and what they lead to."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from departments.models import AuditEntry, Department
from indicators.approved import Approved, ApprovedLine
from indicators.models import ApprovedTargets, Goal, Indicator
from reports import workflow
from reports.evaluation import evaluate
from reports.models import Notice, Submission, TargetsImport
from reports.rollover import begin_report
from reports.targets import services
from reports.targets.services import plan, store, take_in, workbook, write_in
from reports.workflow import NotAllowed, Refused, Step
from reports.workspace.approved import fill_in
from reports.workspace.save import NotEditable
from tests.db import make_department, make_region, make_report, make_round, make_user
from tests.factories import make_dossier
from tests.reports.intake.files import as_xls, word
from tests.reports.targets.books import book, row

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def unit() -> Department:
    return make_department()


@pytest.fixture
def manager(unit):
    return make_user("round_manager")


def put_in(data: bytes, manager, *, reason: str = "", year: int = 2023) -> services.Plan:
    item = take_in(region=make_region(), year=year, name="目标.xlsx", data=data, by=manager)
    assert services.complaints_of(item) == []
    shown = plan(item.region, item.year, services.sets_of(item))
    return write_in(item=item, by=manager, token=shown.token, reason=reason)


def test_new_then_unchanged_then_replaced(unit, manager):
    made = put_in(book(), manager)
    assert [one.department for one in made.new] == [unit]
    with pytest.raises(Refused, match="完全一致"):
        put_in(book(), manager)
    with pytest.raises(Refused, match="写明更换的理由"):
        put_in(book([row(target="≥2000人次")]), manager)
    make_user("filler", department=unit)
    report = make_report(department=unit)
    put_in(book([row(target="≥2000人次")]), manager, reason="区财〔2023〕8号调整")
    rows = ApprovedTargets.objects.filter(department=unit).order_by("number")
    assert [(one.number, one.reason, one.approved.indicators[0].target) for one in rows] == [
        (1, "", "≥3000人次"),
        (2, "区财〔2023〕8号调整", "≥2000人次"),
    ]
    entry = AuditEntry.objects.filter(event="targets-import").latest("pk")
    assert "更换1个单位，更换理由：区财〔2023〕8号调整" in entry.sentence
    assert Notice.objects.get(report=report).text.startswith("财政局更换了本单位2023年度批复的绩效目标")


def test_the_preview_says_what_changes(unit, manager):
    put_in(book([row(), row(name="旧指标")], goals=[(unit.name, "旧目标")]), manager)
    item = take_in(
        region=unit.region,
        year=2023,
        name="x.xlsx",
        data=book([row(weight=12), row(name="新指标")], goals=[(unit.name, "新目标")]),
        by=manager,
    )
    found = plan(unit.region, 2023, services.sets_of(item)).changed[0].differences
    assert [(one.what, one.before, one.after) for one in found] == [
        ("年度总体目标", "旧目标", ""),
        ("年度总体目标", "", "新目标"),
        (
            "指标“接待查档人次”",
            "产出·数量，接待查档人次，≥3000人次，10分",
            "产出·数量，接待查档人次，≥3000人次，12分",
        ),
        ("指标“旧指标”", "产出·数量，旧指标，≥3000人次，10分", "（删去）"),
        ("指标“新指标”", "（没有）", "产出·数量，新指标，≥3000人次，10分"),
    ]


def test_nothing_is_written_while_a_cell_is_wrong(unit, manager):
    item = take_in(
        region=unit.region,
        year=2023,
        name="x.xlsx",
        data=book([row(), row(name="乙", target="")]),
        by=manager,
    )
    with pytest.raises(Refused, match="需要改正"):
        write_in(item=item, by=manager, token="")
    assert not ApprovedTargets.objects.exists()


def test_a_second_press_and_an_import_in_between(unit, manager):
    item = take_in(region=unit.region, year=2023, name="x.xlsx", data=book(), by=manager)
    token = plan(unit.region, 2023, services.sets_of(item)).token
    store(region=unit.region, year=2023, sets={unit.pk: Approved(goals=("别的",))}, source="y.xlsx")
    with pytest.raises(services.Stale):
        write_in(item=item, by=manager, token=token, reason="理由")
    fresh = plan(unit.region, 2023, services.sets_of(item)).token
    write_in(item=item, by=manager, token=fresh, reason="理由")
    assert write_in(item=item, by=manager, token=fresh, reason="理由").units == []
    assert ApprovedTargets.objects.count() == 2
    assert TargetsImport.objects.get(pk=item.pk).content == {}


@pytest.mark.parametrize("role", ["reviewer", "auditor", "administrator", "filler", None])
def test_only_the_round_manager_imports(role, unit):
    with pytest.raises(NotAllowed):
        take_in(region=unit.region, year=2023, name="x.xlsx", data=book(), by=make_user(role))


def test_the_manager_of_another_region_does_not(unit):
    far = make_user("round_manager", region=make_region("430408", "邻区"))
    with pytest.raises(NotAllowed):
        take_in(region=unit.region, year=2023, name="x.xlsx", data=book(), by=far)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.xlsx", b"", "空的"),
        ("x.xlsm", b"PK", "宏"),
        ("x.txt", "单位".encode(), "不是 Excel"),
        ("x.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), ".xlsx"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "旧版 Word"),
        ("x.docx", word("单位名称"), "不是 Excel"),
        ("x.png", b"\x89PNG", "不支持“.png”"),
    ],
)
def test_a_file_that_is_no_such_workbook(unit, manager, name, data, words):
    with pytest.raises(Refused, match=words):
        take_in(region=unit.region, year=2023, name=name, data=data, by=manager)
    assert not TargetsImport.objects.exists()


def test_the_file_goes_through_the_virus_scan(unit, manager, monkeypatch):
    seen = []
    monkeypatch.setattr(services, "scan", seen.extend)
    data = book()
    take_in(region=unit.region, year=2023, name="x.xlsx", data=data, by=manager)
    assert seen == [data]


def test_an_old_workbook_is_taken_in_like_a_new_one(unit, manager):
    data = book(
        [row(target=0.95, weight=0.1)], goals=[(unit.name, "做好档案工作")], formats={"E2": "0%", "F2": "0%"}
    )
    item = take_in(region=unit.region, year=2023, name="x.xls", data=as_xls(data), by=manager)
    assert services.complaints_of(item) == []
    (found,) = services.sets_of(item).values()
    assert [(line.target, line.weight) for line in found.indicators] == [("95%", 10)]
    assert found.goals == ("做好档案工作",)


def test_one_unit_is_replaced_alone(unit, manager):
    other = make_department("示例区水利局")
    both = book([row(), row(unit=other.name)])
    with pytest.raises(Refused, match="还有1个别的单位：示例区水利局"):
        take_in(region=unit.region, year=2023, name="x.xlsx", data=both, by=manager, only=unit)


def test_the_downloaded_workbook_read_again_changes_nothing(unit, manager):
    put_in(book([row(), row(name="+乙", weight=None)], goals=[(unit.name, "做好档案工作")]), manager)
    for only in (None, unit):
        item = take_in(
            region=unit.region, year=2023, name="x.xlsx", data=workbook(unit.region, 2023, only), by=manager
        )
        assert services.complaints_of(item) == []
        assert not plan(unit.region, 2023, services.sets_of(item)).writes


def test_what_was_approved_is_never_changed(unit):
    store(region=unit.region, year=2023, sets={unit.pk: Approved(goals=("甲",))}, source="x")
    row_ = ApprovedTargets.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        ApprovedTargets.objects.update(content={})
    with pytest.raises(DatabaseError), transaction.atomic():
        row_.delete()


@pytest.mark.parametrize("count", [2, 20])
def test_queries_do_not_grow_with_the_units(count, manager, django_assert_max_num_queries):
    units = [make_department(f"单位{number}") for number in range(count)]
    sets = {one.pk: Approved(goals=("甲",)) for one in units}
    with django_assert_max_num_queries(14):
        store(region=make_region(), year=2023, sets=sets, source="x", by=manager)


# ------------------------------------------------------------------ what they lead to

SET = Approved(
    goals=("批复的目标",),
    indicators=(
        ApprovedLine(
            level1="产出指标", level2="数量指标", name="新的指标", target="≥5场", weight=Decimal(30)
        ),
        ApprovedLine(level1="产出指标", level2="质量指标", name="另一指标", target="≥95%"),
    ),
)


def approve(
    unit: Department, approved: Approved = SET, year: int = 2023, reason: str = ""
) -> ApprovedTargets:
    store(region=unit.region, year=year, sets={unit.pk: approved}, source="目标.xlsx", reason=reason)
    return ApprovedTargets.objects.filter(department=unit, year=year).latest("number")


def stored(report) -> list[tuple[str, str, Decimal | None]]:
    rows = Indicator.objects.filter(profile=report.profile, project=None)
    return [(one.name, one.target, one.weight) for one in rows]


def test_a_new_report_begins_with_what_was_approved(unit):
    approve(unit)
    report, carried = begin_report(department=unit, round_=make_round())
    assert not carried
    assert stored(report) == [("新的指标", "≥5场", Decimal(30)), ("另一指标", "≥95%", None)]
    assert list(Goal.objects.filter(profile=report.profile).values_list("expected", flat=True)) == [
        "批复的目标"
    ]
    assert "按批复的绩效目标（第1版）填入" in AuditEntry.objects.get(event="report.begin").sentence


def test_approved_targets_win_over_last_years(unit):
    before = make_report(department=unit, dossier=make_dossier(), status="approved")
    kept = Indicator.objects.filter(profile=before.profile, project=None).first()
    line = ApprovedLine(level2=kept.level2, name=kept.name, target="≥77%", weight=Decimal(9))
    approve(unit, Approved(indicators=(SET.indicators[0], line)), year=2024)
    report, carried = begin_report(department=unit, round_=make_round(2024))
    assert carried
    assert stored(report) == [("新的指标", "≥5场", Decimal(30)), (kept.name, "≥77%", Decimal(9))]
    rows = Indicator.objects.filter(profile=report.profile, project=None)
    assert rows[1].formula == kept.formula
    assert Indicator.objects.filter(profile=report.profile).exclude(project=None).exists()
    assert {goal.expected for goal in Goal.objects.filter(profile=report.profile, project=None)} == {
        goal.expected for goal in make_dossier().indicators.goals
    }


def test_without_approved_targets_a_report_begins_as_before(unit):
    report, _ = begin_report(department=unit, round_=make_round())
    assert stored(report) == []


def test_filling_in_leaves_what_is_typed(unit):
    filler = make_user("filler", department=unit)
    report = make_report(department=unit)
    own = Indicator.objects.create(profile=report.profile, name="新的指标", target="≥3场")
    approve(unit)
    done = fill_in(report=report, by=filler)
    assert (done.added, done.completed, done.goals) == (1, 1, 1)
    own.refresh_from_db()
    assert (own.target, own.weight, own.level2) == ("≥3场", Decimal(30), "数量指标")
    with pytest.raises(Exception, match="没有空白"):
        fill_in(report=report, by=filler)
    assert AuditEntry.objects.filter(event="targets-fill").count() == 1


def test_nothing_is_filled_into_a_closed_report(unit):
    filler = make_user("filler", department=unit)
    approve(unit)
    report = make_report(department=unit, status="submitted")
    with pytest.raises(NotEditable):
        fill_in(report=report, by=filler)


def test_a_silent_change_is_found_and_the_submission_keeps_what_it_was_compared_with(unit):
    report = make_report(department=unit, dossier=make_dossier())
    assert not [one for one in evaluate(report).findings if "approved" in one.code]
    rows = Indicator.objects.filter(profile=report.profile, project=None)
    lines = tuple(
        ApprovedLine(
            level1=one.level1, level2=one.level2, name=one.name, target=one.target, weight=one.weight
        )
        for one in rows
    )
    version = approve(unit, Approved(indicators=lines))
    assert not [one for one in evaluate(report).findings if "approved" in one.code]
    one = rows.exclude(weight=None).first()
    one.weight += 1
    one.save()
    evaluation = evaluate(report)
    found = [item for item in evaluation.findings if "approved" in item.code]
    assert [(item.code, item.where) for item in found] == [
        ("weight-differs-from-approved", f"indicators.{one.uid}.weight")
    ]
    assert found[0] in evaluation.unexplained
    assert evaluation.approved == version


def test_a_submission_stays_with_its_version(unit):
    report = make_report(department=unit, dossier=make_dossier())
    head, filler = make_user("unit_head", department=unit), make_user("filler", department=unit)
    rows = Indicator.objects.filter(profile=report.profile, project=None)
    version = approve(
        unit,
        Approved(
            indicators=tuple(
                ApprovedLine(level2=one.level2, name=one.name, target=one.target, weight=one.weight)
                for one in rows
            )
        ),
    )
    report = workflow.apply(report, Step.CERTIFY, by=head).report
    workflow.apply(report, Step.SUBMIT, by=filler)
    approve(unit, SET, reason="区财〔2023〕8号")
    assert Submission.objects.get(report=report).approved == version


# ------------------------------------------------------------------ the command


def command(path, *more: str) -> str:
    out = StringIO()
    call_command(
        "import_targets", str(path), "--region", "430407", "--year", "2023", *more, stdout=out, stderr=out
    )
    return out.getvalue()


def test_the_command_previews_writes_and_complains(unit, tmp_path):
    path = tmp_path / "目标.xlsx"
    path.write_bytes(book())
    assert "新增：示例区档案馆（目标0条，指标1项）" in command(path)
    assert not ApprovedTargets.objects.exists()
    assert "新增1个单位" in command(path, "--write")
    path.write_bytes(book([row(weight=12)]))
    with pytest.raises(CommandError, match="写明更换的理由"):
        command(path, "--write")
    assert "更换1个单位" in command(path, "--write", "--reason", "调整")
    assert ApprovedTargets.objects.latest("number").by is None
    path.write_bytes(book([row(unit="没有的局")]))
    with pytest.raises(CommandError, match="有1处需要改正"):
        command(path, "--write")
    with pytest.raises(CommandError, match="没有区划代码"):
        call_command("import_targets", str(path), "--region", "999999", "--year", "2023")
    with pytest.raises(CommandError, match=r"没有\.xlsx"):
        command(tmp_path / "没有.xlsx")
