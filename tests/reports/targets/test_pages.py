"""Pages of the approved targets: list, unit, workbook, import with preview; the unit's own page beside its table."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from departments.models import AuditEntry
from indicators.models import ApprovedTargets, Indicator
from reports.models import TargetsImport
from tests.db import make_approved, make_department, make_report, make_round, make_user
from tests.factories import make_dossier
from tests.reports.targets.books import book, row

pytestmark = pytest.mark.django_db

LINES = [{"level2": "数量指标", "name": "接待查档人次", "target": "≥3000人次", "weight": "10"}]


@pytest.fixture
def unit():
    make_round()
    return make_department()


@pytest.fixture
def manager(unit, client):
    user = make_user("round_manager")
    client.force_login(user)
    return user


def upload(client, data: bytes, address: str = "", name: str = "目标.xlsx"):
    return client.post(reverse("targets-import") + address, {"file": SimpleUploadedFile(name, data)})


def test_from_the_upload_to_the_unit(client, manager, unit):
    answer = upload(client, book(goals=[(unit.name, "做好档案工作")]))
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert "新增 1 个，更换 0 个，不变 0 个" in page.text
    done = client.post(answer.url, {"token": page.context["plan"].token}, follow=True)
    assert "已导入：新增1个单位" in done.text
    assert "1 个在用单位中 1 个已导入" in done.text
    shown = client.get(reverse("targets-unit", args=[unit.pk, 2023])).text
    assert "≥3000人次" in shown
    assert "做好档案工作" in shown


def test_complaints_are_shown_with_their_cells_and_nothing_can_be_written(client, manager, unit):
    answer = upload(client, book([row(unit="没有的局"), row(weight="很多")]))
    page = client.get(answer.url)
    assert "有 2 处需要改正" in page.text
    assert "绩效指标!A2" in page.text
    assert "绩效指标!F3" in page.text
    assert "确认写入" not in page.text
    refused = client.post(answer.url, {"token": ""})
    assert refused.status_code == 422
    assert not ApprovedTargets.objects.exists()


def test_a_replacement_without_a_reason_is_refused_and_the_reason_stays(client, manager, unit):
    make_approved(unit, indicators=LINES)
    answer = upload(client, book([row(target="≥2000人次")]), f"?department={unit.pk}")
    page = client.get(answer.url)
    assert "≥2000人次" in page.text
    token = page.context["plan"].token
    refused = client.post(answer.url, {"token": token, "reason": " "})
    assert refused.status_code == 422
    assert "请写明更换的理由" in refused.text
    long = client.post(answer.url, {"token": token, "reason": "长" * 301})
    assert "最多300个字，现有301个字" in long.text
    assert "长" * 301 in long.text
    client.post(answer.url, {"token": token, "reason": "区财〔2023〕8号"})
    page = client.get(reverse("targets-unit", args=[unit.pk, 2023])).text
    assert "区财〔2023〕8号" in page
    assert "与上一版相比" in page
    old = client.get(reverse("targets-unit", args=[unit.pk, 2023]) + "?version=1").text
    assert "≥3000人次" in old
    assert client.get(reverse("targets-unit", args=[unit.pk, 2023]) + "?version=9").status_code == 404


@pytest.mark.parametrize(("data", "words"), [(b"", "空的"), (b"PK\x03\x04", "损坏")])
def test_a_broken_file_is_told_on_the_page(client, manager, data, words):
    answer = upload(client, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert not TargetsImport.objects.exists()


def test_no_file_and_one_that_is_too_large(client, manager, settings):
    assert "请先选择文件" in client.post(reverse("targets-import")).text
    settings.ATTACHMENT_MAX_BYTES = 10
    assert "没有读取" in upload(client, b"PK" + b"x" * 20).text


def test_the_template_offers_units_and_classes(client, manager, unit):
    answer = client.get(reverse("targets-workbook"))
    assert "attachment" in answer["Content-Disposition"]
    read = load_workbook(BytesIO(answer.content))
    assert read.sheetnames == ["绩效指标", "年度总体目标", "单位名单", "填写说明"]
    sheet = read["绩效指标"]
    assert [cell.value for cell in sheet[3]] == [
        "单位名称",
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "分值（分）",
    ]
    assert all(cell.comment for cell in sheet[3])
    assert {one.type for one in sheet.data_validations.dataValidation} == {"list", "decimal"}
    assert read["单位名单"]["A2"].value == unit.name
    assert AuditEntry.objects.filter(event="targets-workbook").exists()


@pytest.mark.parametrize("query", ["?year=abcd", "?year=1999", "?region=0", "?region=x"])
def test_an_address_that_names_nothing(client, manager, query):
    assert client.get(reverse("targets") + query).status_code == 404


def test_the_list_is_filtered_and_its_queries_do_not_grow(
    client, manager, unit, django_assert_max_num_queries
):
    make_approved(unit, indicators=LINES)
    for number in range(60):
        one = make_department(f"单位{number}")
        if number % 2:
            make_approved(one, indicators=LINES)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("targets")).text
    assert "61 个在用单位中 31 个已导入" in page
    assert "共 2 页" in page
    assert unit.name not in client.get(reverse("targets") + "?only=without").text
    assert "单位7<" in client.get(reverse("targets") + "?q=单位7").text


def test_another_persons_import_does_not_exist(client, manager, unit):
    item = TargetsImport.objects.create(
        region=unit.region, year=2023, by=make_user("round_manager"), name="x", content={}
    )
    assert client.get(reverse("targets-import-preview", args=[item.pk])).status_code == 404


# ------------------------------------------------------------------ in the workspace


@pytest.fixture
def report(unit):
    return make_report(department=unit, dossier=make_dossier())


@pytest.fixture
def filler(unit, client):
    user = make_user("filler", department=unit)
    client.force_login(user)
    return user


def test_the_approved_value_stands_beside_the_field(client, filler, report, unit):
    one = Indicator.objects.filter(profile=report.profile, project=None).first()
    make_approved(
        unit, indicators=[{"level2": one.level2, "name": one.name, "target": "≥77777件", "weight": "33.5"}]
    )
    page = client.get(reverse("workspace-section", args=[report.pk, "indicators"])).text
    assert "批复：≥77777件" in page
    assert "批复：33.5分" in page
    assert reverse("workspace-approved", args=[report.pk]) in page


def test_both_side_by_side_and_filled_where_empty(client, filler, report, unit):
    make_approved(unit, indicators=[*LINES, {"name": "全新的指标", "target": "≥1个"}])
    page = client.get(reverse("workspace-approved", args=[report.pk])).text
    assert "没有列入" in page
    assert "按批复目标填入" in page
    done = client.post(reverse("workspace-approved-fill", args=[report.pk]), follow=True)
    assert "已按批复目标填入" in done.text
    assert Indicator.objects.filter(profile=report.profile, name="全新的指标").exists()
    again = client.post(reverse("workspace-approved-fill", args=[report.pk]), follow=True)
    assert "没有空白需要按批复目标填入" in again.text


def test_without_approved_targets_nothing_is_offered(client, filler, report):
    page = client.get(reverse("workspace-section", args=[report.pk, "indicators"])).text
    assert "批复" not in page
    assert client.get(reverse("workspace-approved", args=[report.pk])).status_code == 404


def test_the_unit_reads_its_own_set_and_no_other(client, filler, unit):
    make_approved(unit, indicators=LINES)
    other = make_department("示例区水利局")
    make_approved(other, indicators=LINES)
    page = client.get(reverse("targets-unit", args=[unit.pk, 2023]))
    assert "≥3000人次" in page.text
    assert "更换</a>" not in page.text
    assert client.get(reverse("targets-unit", args=[other.pk, 2023])).status_code == 404
