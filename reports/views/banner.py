"""The maintenance notice (维护公告) of an administrator's region."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from departments import services
from departments.models import Banner, Region
from reports.rounds.forms import BannerForm


@login_required
@require_http_methods(["GET", "POST"])
def banner(request: HttpRequest) -> HttpResponse:
    """Set the notice of a region, or take it down (``do=remove``)."""
    regions = list(Region.objects.filter(pk__in=request.user.access.administered_regions))
    if not regions:
        raise PermissionDenied
    wanted = request.POST.get("region") or request.GET.get("region") or str(regions[0].pk)
    region = next((item for item in regions if str(item.pk) == wanted), None)
    if region is None:
        raise Http404
    current = Banner.objects.filter(region=region).select_related("by").first()
    if request.method == "POST" and request.POST.get("do") == "remove":
        removed = services.remove_banner(region=region, by=request.user)
        messages.success(request, "公告已撤下" if removed else "没有正在显示的公告")
        return redirect("banner")
    if request.method == "POST":
        form = BannerForm(request.POST)
        if form.is_valid():
            services.set_banner(region=region, by=request.user, **form.cleaned_data)
            messages.success(request, "公告已保存，到时间会显示在每个页面的顶部")
            return redirect("banner")
    else:
        now = timezone.localtime().replace(second=0, microsecond=0)
        form = BannerForm(
            initial={
                "text": current.text if current else "",
                "starts": current.starts if current else now,
                "ends": current.ends if current else now + datetime.timedelta(days=1),
            }
        )
    context = {"regions": regions, "region": region, "current": current, "form": form, "now": timezone.now()}
    return render(request, "reports/banner.html", context, status=422 if form.errors else 200)
