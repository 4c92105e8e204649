"""Public pages: found, read, cached, gone; the same number of queries for few and for many; open data and sitemap."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import jsonschema_rs
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports import workflow
from reports.choices import Status
from reports.models import Publication, Report
from reports.publication.tables import BOM, safe
from reports.workflow import Step
from tests.db import (
    make_department,
    make_public_row,
    make_publication,
    make_region,
    make_report,
    make_user,
)
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db


def many(count: int) -> None:
    """So many public reports of one region, all rows of one submission's kind."""
    for number in range(count):
        unit = make_department(f"示例区第{number}中学")
        make_public_row(make_report(department=unit), unit_code=f"unit{number}")


def get(address: str, **query: str):
    return Client().get(address, query)


def queries(address: str, **query: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert get(address, **query).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("public-list", {}),
        ("public-list", {"q": "数字化", "grade": "优"}),
        ("public-data", {}),
        ("sitemap", {}),
    ],
)
def test_queries_do_not_grow_with_rows(name, query):
    many(2)
    few = queries(reverse(name), **query)
    many_more = [make_department(f"示例区第{number}小学") for number in range(30)]
    for unit in many_more:
        make_public_row(make_report(department=unit))
    assert queries(reverse(name), **query) == few


def test_search_by_everything():
    far = make_region("430408", "邻区")
    make_public_row(make_report(department=make_department("示例区档案馆")), search_text="馆藏数字化")
    make_public_row(
        make_report(department=make_department("邻区水利局", region=far)), grade="良", search_text="水库加固"
    )
    address = reverse("public-list")
    for query in (
        {"q": "水库"},
        {"q": "水利局 加固"},
        {"unit": "水利"},
        {"region": "430408"},
        {"grade": "良"},
        {"q": "水库 加固", "year": "2023"},
    ):
        text = get(address, **query).content.decode()
        assert "邻区水利局" in text, query
        assert "示例区档案馆" not in text, query
    assert "没有符合条件的报告" in get(address, q="水库 数字化").content.decode()
    wrong = get(address, year="二〇二三", unit="水利")
    assert wrong.status_code == 422
    assert "水利" in wrong.content.decode()
    assert get(address, page="99999999999999999999").status_code == 200
    assert get(address, q="x' OR 1=1 --").status_code == 200
    assert get(address, q="a\x00b").status_code == 422


def test_a_page_is_cacheable_and_ties_to_nobody(client):
    row = make_public_row(make_report())
    client.force_login(make_user("round_manager"))
    for address in (row.get_absolute_url(), reverse("public-list"), f"{row.get_absolute_url()}report.pdf"):
        response = client.get(address)
        assert "public" in response["Cache-Control"]
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies
        assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
        assert client.post(address).status_code == 405
    assert "no-store" in client.get(reverse("home"))["Cache-Control"]


@pytest.mark.parametrize(
    "address", ["/public/430407/2023/unknown/", "/public/43040/2023/x/", "/public/430407/1999/x/"]
)
def test_an_address_that_never_was_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_published_withdrawn_published_again(client):
    """The whole way: a stable address, 410 without a word of content, a second version that lists the first."""
    first = make_publication(make_report(dossier=make_dossier()))
    manager = make_user("round_manager")
    report = Report.objects.with_context().get(pk=first.report_id)
    address = first.get_absolute_url()
    assert client.get(address).status_code == 200
    workflow.apply(report, Step.WITHDRAW, by=manager, reason="决算数据更正")
    for part in ("", "report.pdf", "report.json", "tables.csv"):
        gone = client.get(f"{address}{part}")
        text = gone.content.decode()
        assert gone.status_code == 410
        assert "已于" in text
        for secret in (first.unit_name, "决算数据更正", "数字化"):
            assert secret not in text
    assert first.unit_name not in client.get(reverse("public-list")).content.decode()
    workflow.apply(report, Step.PUBLISH, by=manager)
    text = client.get(address).content.decode()
    assert "第2版" in text
    assert "历次公开" in text
    second = Publication.objects.get(report=report, withdrawn_at=None)
    assert second.get_absolute_url() == address
    workflow.apply(report, Step.REOPEN, by=manager, reason="重新编报")
    assert client.get(address).status_code == 410
    assert Report.objects.get(pk=report.pk).status == Status.RETURNED
    assert not Publication.objects.filter(report=report, withdrawn_at=None).exists()


def test_the_address_outlives_a_new_credit_code():
    report = make_report(dossier=make_dossier())
    code = make_publication(report).unit_code
    assert len(code) == 10
    assert (
        code
        != make_publication(
            make_report(department=make_department("另一馆"), dossier=make_dossier())
        ).unit_code
    )
    report.department.refresh_from_db()
    report.department.credit_code = "12430407000000000R"
    report.department.save()
    manager = make_user("round_manager")
    workflow.apply(report, Step.WITHDRAW, by=manager, reason="更正")
    workflow.apply(report, Step.PUBLISH, by=manager)
    assert Publication.objects.get(report=report, withdrawn_at=None).unit_code == code


def test_csv_is_for_excel_and_harmless(client):
    row = make_public_row(make_report(), unit_name="=1+1", main_department="@局")
    address = reverse("public-data-csv", args=[row.region.code, row.year])
    text = b"".join(client.get(address).streaming_content).decode()
    assert text.startswith(BOM)
    head, line = csv.reader(io.StringIO(text.removeprefix(BOM)))
    assert dict(zip(head, line, strict=True))["单位名称"] == "'=1+1"
    assert dict(zip(head, line, strict=True))["主管部门"] == "'@局"
    tables = client.get(f"{row.get_absolute_url()}tables.csv").content.decode()
    assert tables.startswith(BOM)
    assert "基本支出" in tables


@pytest.mark.parametrize(
    ("value", "expected"),
    [("+1", "'+1"), ("-文字", "'-文字"), ("\t=1", "'\t=1"), ("正常", "正常"), (None, ""), (-5, "'-5")],
)
def test_dangerous_cells(value, expected):
    assert safe(value) == expected


def test_json_keeps_to_its_schema(client):
    row = make_public_row(make_report())
    schema = client.get(reverse("public-schema")).json()
    address = reverse("public-data-json", args=[row.region.code, row.year])
    data = json.loads(b"".join(client.get(address).streaming_content))
    jsonschema_rs.validator_for(schema).validate(data)
    assert data[0]["report"] == json.loads(row.file.content)
    one = client.get(f"{row.get_absolute_url()}report.json").json()
    jsonschema_rs.validator_for(schema).validate([one])
    data[0]["report"]["head"] = "某"
    assert not jsonschema_rs.validator_for(schema).is_valid(data)


def whole_year(client, row: Publication, **headers: str):
    return client.get(reverse("public-data-zip", args=[row.region.code, row.year]), headers=headers)


def test_the_whole_year_in_one_file_is_what_the_single_files_say(client):
    row = make_public_row(make_report())
    packed = zipfile.ZipFile(io.BytesIO(whole_year(client, row).getvalue()))
    assert packed.testzip() is None
    assert packed.namelist() == ["说明.txt", "报告一览.csv", "报告全文.json", "schema.json", "数据字典.csv"]
    for name, route in (("报告一览.csv", "public-data-csv"), ("报告全文.json", "public-data-json")):
        single = client.get(reverse(route, args=[row.region.code, row.year]))
        assert packed.read(name) == single.getvalue()
    schema = json.loads(packed.read("schema.json"))
    jsonschema_rs.validator_for(schema).validate(json.loads(packed.read("报告全文.json")))
    readme = packed.read("说明.txt").decode("utf-8-sig")
    assert f"{row.region.name}{row.year}年度" in readme and "报告份数：1" in readme
    dictionary = packed.read("数据字典.csv").decode("utf-8-sig")
    assert all(f",{field}," in dictionary for field in schema["items"]["properties"])


def test_a_cache_keeps_the_file_until_something_is_published_or_withdrawn(client):
    first = make_public_row(make_report())
    response = whole_year(client, first)
    tag, data = response["ETag"], response.getvalue()
    assert whole_year(client, first, if_none_match=tag).status_code == 304
    assert whole_year(client, first).getvalue() == data
    second = make_public_row(make_report(department=make_department("示例区水利局")), unit_code="unit2")
    more = whole_year(client, first, if_none_match=tag)
    assert more.status_code == 200 and more["ETag"] != tag
    Publication.objects.filter(pk=second.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="更正")
    assert whole_year(client, first)["ETag"] == tag
    Publication.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="更正")
    assert whole_year(client, first, if_none_match=tag).status_code == 404


def test_the_whole_year_costs_the_same_queries_for_few_and_for_many():
    many(2)
    address = reverse("public-data-zip", args=["430407", "2023"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert get(address).getvalue()
        return len(caught)

    few = cost()
    for number in range(2, 30):
        unit = make_department(f"示例区第{number}中学")
        make_public_row(make_report(department=unit), unit_code=f"unit{number}")
    assert cost() == few


def test_the_list_of_a_year_leads_to_its_file(client):
    row = make_public_row(make_report())
    address = reverse("public-data-zip", args=[row.region.code, row.year])
    listed = reverse("public-list")
    assert address in client.get(listed, {"year": row.year}).content.decode()
    assert address not in client.get(listed).content.decode()
    assert reverse("public-data") in client.get(listed).content.decode()


def test_the_dictionary_explains_every_field(client):
    page = client.get(reverse("public-data")).content.decode()
    schema = client.get(reverse("public-schema")).json()
    for name, about in schema["$defs"].items():
        for field, said in about["properties"].items():
            assert f"<code>{field}</code>" in page, (name, field)
            assert said.get("description"), (name, field)


def test_robots_and_sitemap(client):
    row = make_public_row(make_report())
    robots = client.get(reverse("robots")).content.decode()
    assert "Disallow: /\n" in robots
    assert "Allow: /public/" in robots
    assert reverse("sitemap") in robots
    assert reverse("sitemap-part", args=["reports"]) in client.get(reverse("sitemap")).content.decode()
    part = client.get(reverse("sitemap-part", args=["reports"])).content.decode()
    assert row.get_absolute_url() in part


def test_many_on_several_pages():
    many(45)
    address = reverse("public-list")
    seen = set()
    for page in ("1", "2", "3"):
        text = get(address, page=page).content.decode()
        seen |= {number for number in range(45) if f"示例区第{number}中学" in text}
    assert seen == set(range(45))
    assert "共 3 页" in text
