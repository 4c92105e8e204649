"""The public pages (公开网页): no sign-in, no cookie, cacheable; they show what :func:`.view.public_view` lets through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page, require_safe

from budgets.tables import COLUMN_LABELS
from departments.models import Region
from reports.documents.html import qr_svg
from reports.models import Publication, PublicationFile
from reports.publication import opendata, package, querysets
from reports.publication.forms import SearchForm
from reports.publication.tables import csv_lines
from reports.publication.view import PublicReport
from reports.verification import printed

PAGE = 20
FRESH = 60
"""Seconds for which a cache may answer alone: as long as a withdrawn report may live on in one."""

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """A public page: read only, cacheable by everybody for a minute, with an ETag after that."""

    @require_safe
    @conditional_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=FRESH, must_revalidate=True)
        return response

    wrapped.for_everybody = (
        True  # middleware does not look at the session then, which would tie the page to a cookie
    )
    return wrapped


# ------------------------------------------------------------------ finding


@public
def search(request: HttpRequest) -> HttpResponse:
    """List and search of everything that is public."""
    regions, years = querysets.regions(), querysets.years()
    form = SearchForm(request.GET, regions=regions, years=years, grades=querysets.GRADES)
    form.is_valid()
    filters = {key: value for key, value in form.cleaned_data.items() if value}
    page = Paginator(querysets.found(filters), PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "kept": kept.urlencode(),
        "filtered": bool(filters),
        "several_regions": len(regions) > 1,
        "whole_year": _whole_year(filters, regions),
    }
    return render(request, "public/list.html", context, status=422 if form.errors else 200)


def _whole_year(filters: dict[str, Any], regions: list[Region]) -> tuple[str, str, str] | None:
    """Adcode, name and year of the one data set that a list is about; ``None`` where it is about several."""
    year, code = filters.get("year"), filters.get("region")
    about = [region for region in regions if not code or region.code == code]
    return (about[0].code, about[0].name, year) if year and len(about) == 1 else None


# ------------------------------------------------------------------ one report


def of_report(view: Callable[[HttpRequest, Publication, list[Publication]], HttpResponse]) -> View:
    """Give the view what is public at a report's address and the versions before it; 410 once it is withdrawn."""

    @wraps(view)
    def wrapped(request: HttpRequest, region: str, year: str, code: str) -> HttpResponse:
        found = querysets.versions(region, int(year), code)
        current = _current(found)
        return _gone(request, found) if current is None else view(request, current, found[1:])

    return wrapped


@public
@of_report
def report(request: HttpRequest, current: Publication, earlier: list[Publication]) -> HttpResponse:
    """A published report's page, or 410 with a sentence once it is withdrawn."""
    content = _content(current)
    verification = printed(current.submission)
    context = {
        "publication": current,
        "content": content,
        "earlier": earlier,
        "verification": verification,
        "qr": qr_svg(verification),
    }
    return render(request, "public/report.html", context)


@public
@of_report
def pdf(request: HttpRequest, current: Publication, earlier: list[Publication]) -> HttpResponse:
    """The PDF as it was frozen at publication."""
    data = PublicationFile.objects.values_list("pdf", flat=True).get(publication=current)
    response = HttpResponse(bytes(data), content_type="application/pdf")
    name = f"{current.unit_name}_{current.year}年度绩效自评报告（公开版）.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(False, name)
    return response


@public
@of_report
def report_json(request: HttpRequest, current: Publication, earlier: list[Publication]) -> HttpResponse:
    """One report as JSON, in the shape of the open data."""
    return HttpResponse(
        opendata.envelope(current, current.file.content), content_type="application/json; charset=utf-8"
    )


@public
@of_report
def report_csv(request: HttpRequest, current: Publication, earlier: list[Publication]) -> HttpResponse:
    """All tables of amounts of one report as CSV."""
    content = _content(current)
    rows = [
        (
            table.title,
            row.label,
            row.prior_final,
            row.initial_budget,
            row.full_budget,
            row.actual,
        )
        for table in content.tables
        for row in (*table.rows, *((table.total,) if table.total else ()))
    ]
    rows += [
        ("项目资金", one.name, None, one.initial_budget, one.full_budget, one.spent)
        for one in content.projects
    ]
    head = ("表", "行", *(f"{label}（元）" for label in COLUMN_LABELS.values()))
    response = HttpResponse("".join(csv_lines(head, rows)), content_type="text/csv; charset=utf-8")
    name = f"{current.unit_name}_{current.year}年度收支情况.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _current(found: list[Publication]) -> Publication | None:
    """The version that is public now; an address that never was one is not found."""
    if not found:
        raise Http404
    newest = found[0]
    return None if newest.withdrawn_at or newest.department.classified else newest


def _content(publication: Publication) -> PublicReport:
    return PublicReport.model_validate_json(publication.file.content)


def _gone(request: HttpRequest, found: list[Publication]) -> HttpResponse:
    """410: the address was public once. Neither the unit nor the reason is told."""
    withdrawn = found[0].withdrawn_at
    context = {"withdrawn_on": withdrawn and timezone.localdate(withdrawn)}
    return render(request, "public/gone.html", context, status=410)


# ------------------------------------------------------------------ open data, explanations


@public
def data(request: HttpRequest) -> HttpResponse:
    """Files of open data and the data dictionary."""
    context = {
        "sets": querysets.data_sets(),
        "dictionary": opendata.dictionary(),
        "csv_columns": opendata.CSV_COLUMNS.items(),
    }
    return render(request, "public/data.html", context)


@public
def data_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the yearly files."""
    text = json.dumps(opendata.schema(), ensure_ascii=False, indent=2)
    return HttpResponse(text, content_type="application/schema+json; charset=utf-8")


@public
def data_csv(request: HttpRequest, region: str, year: str) -> HttpResponseBase:
    """One region's year, one line a report."""
    chosen = _of_year(region, year)
    lines = opendata.csv_of(chosen.iterator(chunk_size=500))
    return _file(chosen, lines, "text/csv; charset=utf-8", f"{region}-{year}-部门整体支出绩效自评.csv")


@public
def data_json(request: HttpRequest, region: str, year: str) -> HttpResponseBase:
    """One region's year with the whole public content."""
    chosen = _of_year(region, year)
    lines = opendata.json_of(package.contents(chosen))
    name = f"{region}-{year}-部门整体支出绩效自评.json"
    return _file(chosen, lines, "application/json; charset=utf-8", name)


@public
def data_zip(request: HttpRequest, region: str, year: str) -> HttpResponseBase:
    """One region's year whole: list, contents, schema, dictionary and readme."""
    chosen = _of_year(region, year)
    name = f"{region}-{year}-部门整体支出绩效自评公开数据.zip"
    return _file(chosen, package.stream(chosen), "application/zip", name)


def _of_year(region: str, year: str) -> QuerySet[Publication]:
    chosen = querysets.of_year(region, int(year))
    if not chosen.exists():
        raise Http404
    return chosen


def _file(
    chosen: QuerySet[Publication], parts: Iterator[str | bytes], content_type: str, name: str
) -> StreamingHttpResponse:
    """A file that is made while it is sent; a cache that has it asks by its fingerprint and gets 304."""
    response = StreamingHttpResponse(parts, content_type=content_type)
    response.headers["ETag"] = f'"{package.fingerprint(chosen)}"'
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@public
def terms(request: HttpRequest) -> HttpResponse:
    """What the words on the pages mean."""
    return render(request, "public/terms.html", {"terms": TERMS})


TERMS = (
    (
        "部门整体支出绩效自评",
        "部门（单位）在年度结束后，对全部收支的使用效果按照事先确定的目标和指标作出的自我评价。",
    ),
    (
        "自评得分",
        "单位按评分办法给自己的得分，满分100分。公开的是单位的自评结果，财政部门的复核得分不在此列。",
    ),
    ("自评等级", "由自评得分按评分办法划分，一般为优、良、中、差四级。"),
    ("年初预算数", "年初经批准的预算数。"),
    ("全年预算数", "年中调整以后的预算数，是计算预算执行率的分母。"),
    ("全年执行数（决算数）", "全年实际支出数。"),
    ("预算执行率", "全年执行数除以全年预算数，以百分数表示。"),
    ("基本支出", "为保障机构正常运转、完成日常工作任务发生的人员经费和公用经费。"),
    ("项目支出", "在基本支出之外，为完成特定任务或事业发展目标发生的支出。"),
    ("“三公”经费", "因公出国（境）费、公务用车购置及运行维护费和公务接待费。"),
    ("结转结余", "当年没有用完、按规定转到下一年继续使用或收回的资金。"),
    (
        "一级、二级、三级指标",
        "绩效指标分产出、效益、满意度三类一级指标，下分数量、质量、时效、成本等二级指标；三级指标是具体的衡量内容。",
    ),
    ("年度指标值", "年初确定的目标值，例如“≥95%”。"),
    ("实际完成值", "年末实际达到的数值。"),
    ("分值", "一项指标在100分中所占的分数。"),
    ("不予公开", "依照有关规定不向社会公开的内容，公开时注明“本部分不予公开”。"),
    ("撤下", "已经公开的报告因更正等原因停止公开；更正以后重新公开的，版次加一。"),
    (
        "核验码",
        "报告数据的指纹（SHA-256）的前16位。扫描报告封面的二维码或在核验页面输入核验码，可以核对手中的报告是不是审核通过的版本。",
    ),
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read the public pages only."""
    lines = (
        "User-agent: *",
        f"Allow: {reverse('public-list')}",
        "Allow: /static/",
        "Disallow: /",
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        "",
    )
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=3600)
    return response
