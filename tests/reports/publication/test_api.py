"""The interface for programs: what it answers, its errors in Chinese, its limit, and Schemathesis over its own description."""

from __future__ import annotations

import json

import pytest
import schemathesis
from django.core import signals
from django.core.cache import cache
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings

from evalsite.wsgi import application
from reports.models import Publication
from tests.db import make_department, make_public_row, make_region, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limit(settings):
    cache.clear()
    settings.EVALSITE_API_RATE = "100000/m"
    settings.ALLOWED_HOSTS = ["*"]
    settings.EVALSITE_ADDRESS = "http://testserver"


@pytest.fixture
def rows() -> list[Publication]:
    """Three reports of two regions."""
    far = make_region("430408", "邻区")
    return [
        make_public_row(make_report(department=make_department("示例区档案馆")), grade="优"),
        make_public_row(make_report(department=make_department("示例区图书馆")), grade="良"),
        make_public_row(make_report(department=make_department("邻区档案馆", region=far)), grade="优"),
    ]


def names(response) -> set[str]:
    return {item["unit_name"] for item in response.json()["items"]}


def test_regions_and_years(rows, client):
    assert [item["code"] for item in client.get(reverse("api:regions")).json()] == ["430407", "430408"]
    counts = {
        (item["region_code"], item["year"]): item["reports"]
        for item in client.get(reverse("api:years")).json()
    }
    assert counts == {("430407", 2023): 2, ("430408", 2023): 1}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"示例区档案馆", "示例区图书馆", "邻区档案馆"}),
        ({"region": "430407"}, {"示例区档案馆", "示例区图书馆"}),
        ({"grade": "优"}, {"示例区档案馆", "邻区档案馆"}),
        ({"unit": "图书馆"}, {"示例区图书馆"}),
        ({"q": "数字化 满意度"}, {"示例区档案馆", "示例区图书馆", "邻区档案馆"}),
        ({"q": "并不存在的词"}, set()),
        ({"year": "2022"}, set()),
    ],
)
def test_the_list_is_filtered(rows, client, query, expected):
    response = client.get(reverse("api:reports"), query)
    assert names(response) == expected
    assert response.json()["total"] == len(expected)


def test_the_list_is_paged(rows, client):
    pages = [client.get(reverse("api:reports"), {"per_page": 2, "page": page}) for page in (1, 2, 3)]
    assert [len(page.json()["items"]) for page in pages] == [2, 1, 0]
    assert len(names(pages[0]) | names(pages[1])) == 3


def test_one_report(rows, client):
    row = rows[0]
    response = client.get(reverse("api:report", args=[row.region.code, row.year, row.unit_code]))
    answer = response.json()
    assert answer["report"] == json.loads(row.file.content)
    assert answer["address"] == f"http://testserver{row.get_absolute_url()}"
    assert "max-age" in response["Cache-Control"]
    assert not response.cookies
    again = client.get(
        reverse("api:report", args=[row.region.code, row.year, row.unit_code]),
        headers={"if-none-match": response["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("address", "query", "status", "words"),
    [
        ("/api/v1/reports", {"page": "x"}, 422, "page应为整数"),
        ("/api/v1/reports", {"page": "0"}, 422, "page太小"),
        ("/api/v1/reports", {"per_page": "1000"}, 422, "per_page太大"),
        ("/api/v1/reports", {"region": "衡阳"}, 422, "region格式不对"),
        ("/api/v1/reports", {"grade": "A"}, 422, "grade应为"),
        ("/api/v1/reports", {"q": "a\x00b"}, 422, "不能识别"),
        ("/api/v1/reports/430407/2023/none", {}, 404, "没有找到"),
        ("/api/v1/reports/430407/99999999999999999999/none", {}, 422, "year"),
        ("/api/v1/nothing", {}, 404, "没有这个地址"),
        ("/api/", {}, 404, "没有这个地址"),
    ],
)
def test_errors_are_chinese_json(client, address, query, status, words):
    response = client.get(address, query)
    assert response.status_code == status
    assert words in response.json()["detail"]
    assert response["Cache-Control"] == "no-store"


def test_nothing_can_be_written(client):
    response = client.post("/api/v1/reports")
    assert response.status_code == 405
    assert response["Allow"] == "GET"
    assert "只供查询" in response.json()["detail"]


def test_a_withdrawn_report_is_gone(rows, client):
    Publication.objects.filter(pk=rows[0].pk).update(
        withdrawn_at=rows[0].published_at, withdrawn_reason="更正"
    )
    response = client.get(reverse("api:report", args=[rows[0].region.code, rows[0].year, rows[0].unit_code]))
    assert response.status_code == 410
    assert "撤下" in response.json()["detail"]
    assert "更正" not in response.content.decode()
    assert rows[0].unit_name not in names(client.get(reverse("api:reports")))


def test_each_address_has_its_limit(client, settings):
    settings.EVALSITE_API_RATE = "3/m"
    codes = [client.get(reverse("api:regions")).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = client.get(reverse("api:regions"))
    assert "过于频繁" in refused.json()["detail"]
    assert int(refused["Retry-After"]) > 0
    assert client.get(reverse("api:regions"), REMOTE_ADDR="192.0.2.7").status_code == 200
    # A header that anybody can write does not open a new account.
    spoofed = client.get(reverse("api:regions"), headers={"x-forwarded-for": "192.0.2.99"})
    assert spoofed.status_code == 429


def test_the_description_is_shown_without_a_script(client):
    page = client.get(reverse("public-api")).content.decode()
    document = client.get(reverse("api-openapi")).json()
    for path in document["paths"]:
        assert path in page
    assert "<script" not in page
    assert "http://cdn" not in page
    assert "https://cdn" not in page


@pytest.fixture
def _one_connection():
    """As Django's own test client does: the end of a request does not close the connection that the test's rows are in."""
    started, finished = signals.request_started, signals.request_finished
    started.disconnect(close_old_connections)
    finished.disconnect(close_old_connections)
    yield
    started.connect(close_old_connections)
    finished.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
def test_schemathesis_finds_nothing(rows):
    """Every operation with what the description allows and forbids: no server error, no answer that it does not describe."""
    schema = schemathesis.openapi.from_wsgi(reverse("api-openapi"), application)
    tried = []
    for found in schema.get_all_operations():
        operation = found.ok()
        tried.append(operation.path)

        @settings(
            max_examples=15,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def call(case):
            case.call_and_validate()

        call()
    assert len(tried) == 5
