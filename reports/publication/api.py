"""The read-only interface for programs (公开数据接口) at /api/v1/, described by its own OpenAPI document.

Errors are JSON with a Chinese sentence. Each address of a caller may ask so many times a minute (``EVALSITE_API_RATE``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.throttling import AnonRateThrottle
from pydantic import Field, StringConstraints

from reports.publication import opendata, querysets
from reports.publication.pages import FRESH
from reports.publication.view import PublicReport

MOST_PER_PAGE = 100
MOST_PAGES = 10_000

Adcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Year = Annotated[int, Field(ge=2000, le=2100)]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,18}$")]


class Problem(Schema):
    """An error."""

    detail: str = Field(description="出错的原因")
    fields: dict[str, str] = Field({}, description="不符合要求的参数及原因")


class RegionOut(Schema):
    code: str = Field(description="行政区划代码")
    name: str = Field(description="区县名称")
    city: str = Field(description="所属市")
    province: str = Field(description="所属省")


class YearOut(Schema):
    region_code: str = Field(description="行政区划代码")
    region_name: str = Field(description="区县名称")
    year: int = Field(description="评价年度")
    reports: int = Field(description="公开的报告份数")


class SummaryOut(Schema):
    """One published report in a list."""

    address: str = Field(description="公开网址")
    region_code: str = Field(description="行政区划代码")
    region_name: str = Field(description="区县名称")
    year: int = Field(description="评价年度")
    unit_code: str = Field(description="公开代码，同一单位各年不变")
    unit_name: str = Field(description="单位名称")
    main_department: str = Field(description="主管部门，本身是主管部门的为空")
    self_score: str | None = Field(description="自评得分（分），无法计算为 null")
    grade: str = Field(description="自评等级")
    budget: str | None = Field(description="全年预算数（元）")
    spent: str | None = Field(description="全年执行数（元）")
    execution_rate: str | None = Field(description="预算执行率（%）")
    version: int = Field(description="公开版次")
    published_on: str = Field(description="公开日期")
    sha256: str = Field(description="公开内容的 SHA-256")


class ReportOut(SummaryOut):
    """One published report with its content."""

    report: PublicReport = Field(description="公开内容")


class PageOut(Schema):
    """One page of a list."""

    total: int = Field(description="符合条件的报告份数")
    page: int = Field(description="第几页，从1开始")
    per_page: int = Field(description="每页份数")
    items: list[SummaryOut] = Field(description="本页的报告")


class Wanted(Schema):
    """What a list is filtered by."""

    region: Adcode | None = Field(None, description="行政区划代码，6位数字")
    year: Year | None = Field(None, description="评价年度")
    grade: Literal["优", "良", "中", "差"] | None = Field(None, description="自评等级")
    unit: str | None = Field(None, max_length=50, description="单位名称中的文字")
    q: str | None = Field(None, max_length=50, description="关键词，空格分开的都要出现")
    page: int = Field(1, ge=1, le=MOST_PAGES, description="第几页")
    per_page: int = Field(20, ge=1, le=MOST_PER_PAGE, description="每页份数")


class ByAddress(AnonRateThrottle):
    """So many requests a minute from one network address; read from the settings at every request."""

    def __init__(self) -> None:
        super().__init__(settings.EVALSITE_API_RATE)

    def allow_request(self, request: HttpRequest) -> bool:
        self.num_requests, self.duration = self.parse_rate(settings.EVALSITE_API_RATE)
        return super().allow_request(request)


api = NinjaAPI(
    title="部门整体支出绩效自评公开数据接口",
    version="1.0",
    description="只读接口，不需要登录。金额以元为单位，得分以分为单位，均为十进制数的文字。",
    docs_url=None,
    openapi_url=None,
    throttle=ByAddress(),
    urls_namespace="api",
)
PROBLEMS = {404: Problem, 422: Problem, 429: Problem}
LIST_PROBLEMS = {422: Problem, 429: Problem}


@api.get(
    "/regions", response={200: list[RegionOut], 429: Problem}, url_name="regions", summary="已公开报告的区县"
)
def regions(request: HttpRequest) -> Any:
    """Regions that have published something, by code."""
    return querysets.regions()


@api.get(
    "/years", response={200: list[YearOut], 429: Problem}, url_name="years", summary="各区县各年度的份数"
)
def years(request: HttpRequest) -> Any:
    """How many reports each region has published for each year."""
    return querysets.data_sets()


@api.get("/reports", response={200: PageOut, **LIST_PROBLEMS}, url_name="reports", summary="查询公开的报告")
def reports(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """A page of published reports, newest first."""
    filters = {
        key: str(value)
        for key, value in wanted.model_dump(exclude={"page", "per_page"}).items()
        if value is not None
    }
    if any("\x00" in value for value in filters.values()):
        raise HttpError(422, "参数中有不能识别的字符")
    found = querysets.found(filters)
    first = (wanted.page - 1) * wanted.per_page
    return {
        "total": found.count(),
        "page": wanted.page,
        "per_page": wanted.per_page,
        "items": [opendata.summary(item) for item in found[first : first + wanted.per_page]],
    }


@api.get(
    "/reports/{region}/{year}/{code}",
    response={200: ReportOut, 410: Problem, **PROBLEMS},
    url_name="report",
    summary="一份报告的公开内容",
)
def report(request: HttpRequest, region: Adcode, year: Year, code: UnitCode) -> Any:
    """The frozen public content; 410 once it is withdrawn."""
    found = querysets.versions(region, year, code)
    if not found:
        raise Http404
    newest = found[0]
    if newest.withdrawn_at or newest.department.classified:
        raise HttpError(410, "这份报告已经撤下，不再公开")
    text = opendata.envelope(newest, newest.file.content)
    return HttpResponse(text, content_type="application/json; charset=utf-8")


@api.get("/schema", response={200: dict[str, Any], 429: Problem}, url_name="schema", summary="数据结构")
def schema(request: HttpRequest) -> Any:
    """JSON Schema of the yearly files; its PublicReport is the content of one report."""
    return opendata.schema()


# ------------------------------------------------------------------ errors in Chinese

VALIDATION_WORDS = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "string_too_long": "太长，不超过50个字",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "string_pattern_mismatch": "格式不对",
    "literal_error": "应为优、良、中、差之一",
}


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {str(item["loc"][-1]): VALIDATION_WORDS.get(item["type"], "不符合要求") for item in error.errors}
    told = "；".join(f"{name}{words}" for name, words in fields.items())
    return _problem(422, f"参数不符合要求：{told}", fields)


@api.exception_handler(Http404)
def _unknown(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(404, "没有找到这份公开的报告")


@api.exception_handler(HttpError)
def _error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error, Throttled):
        answer = _problem(429, "请求过于频繁，请稍后再试")
        answer.headers["Retry-After"] = str(int(error.wait or 1) + 1)
        return answer
    return _problem(error.status_code, str(error))


def _problem(status: int, detail: str, fields: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse(
        {"detail": detail, "fields": fields or {}}, status=status, json_dumps_params={"ensure_ascii": False}
    )


# ------------------------------------------------------------------ description and addresses


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document. Made once: it does not depend on the request."""
    return api.get_openapi_schema(path_prefix=f"{reverse('api:api-root')}")


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as JSON."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address that is none of the interface."""
    answer = _problem(404, "接口中没有这个地址，请看接口说明")
    patch_cache_control(answer, no_store=True)
    return answer


def _answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Good answers may be kept by caches for a minute; a wrong method is told in JSON too."""

    @conditional_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            told = _problem(405, "接口只供查询，请用 GET")
            told.headers["Allow"] = response.headers["Allow"]
            response = told
        if response.status_code == 200:
            patch_cache_control(response, public=True, max_age=FRESH, must_revalidate=True)
        else:
            patch_cache_control(response, no_store=True)
        return response

    wrapped.csrf_exempt = wrapped.for_everybody = (
        True  # nothing is ever changed here, and nobody is asked for
    )
    return wrapped


def addresses() -> list[URLPattern]:
    """The patterns of the interface."""
    patterns, _, _ = api.urls
    for pattern in patterns:
        pattern.callback = _answered(pattern.callback)
    return patterns
