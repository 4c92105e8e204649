"""Pages of the scoring policies (评分办法): everybody reads them; the round manager copies, tries out, saves and chooses."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from departments.choices import Role
from departments.models import Region
from indicators.models import PolicyVersion
from indicators.policy import DEFAULT_POLICY, Policy, PolicyError, load_policy, policy_names
from indicators.toml import to_toml
from reports import policies, policy_services, policy_words
from reports.models import Round, Submission
from reports.policy_form import PolicyForm
from reports.rounds.exchange import manages
from reports.workflow import Refused


@login_required
@require_GET
def policy_list(request: HttpRequest) -> HttpResponse:
    """Presets and the versions of the person's regions."""
    user = request.user
    regions = list(Region.objects.filter(pk__in=policies.regions_of(user)))
    groups = [
        {
            "region": region,
            "choices": [choice for choice in policies.choices(region) if choice.row],
            "rounds": Round.objects.filter(region=region).order_by("-year"),
            "manages": manages(user, region),
        }
        for region in regions
    ]
    titles = {
        choice.title: choice.policy.label
        for region in regions or [None]
        for choice in policies.choices(region)
    }
    for group in groups:
        group["rounds"] = [(round, titles.get(round.policy, round.policy)) for round in group["rounds"]]
    context = {
        "groups": groups,
        "presets": list(policies.choices(None)),
        "may_copy": user.access.holds(Role.ROUND_MANAGER),
    }
    return render(request, "reports/policies/list.html", context)


@login_required
@require_GET
def preset(request: HttpRequest, name: str) -> HttpResponse:
    """One of the shipped policies."""
    if name not in policy_names():
        raise Http404
    return _detail(request, load_policy(name), None)


@login_required
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of a region's own policy."""
    return _detail(request, None, _visible_version(request, pk))


def _visible_version(request: HttpRequest, pk: int) -> PolicyVersion:
    rows = PolicyVersion.objects.select_related("region", "created_by")
    return get_object_or_404(rows.filter(region__in=policies.regions_of(request.user)), pk=pk)


def _detail(request: HttpRequest, policy: Policy | None, row: PolicyVersion | None) -> HttpResponse:
    user = request.user
    policy = policy or row.policy
    managed = user.access.regions(Role.ROUND_MANAGER)
    if row:
        managed &= {row.region_id}
    title = row.title if row else policy.name
    rounds = Round.objects.filter(region__in=managed).select_related("region").order_by("-year", "region")
    taken = set(Submission.objects.filter(report__round__in=rounds).values_list("report__round", flat=True))
    context = {
        "policy": policy,
        "row": row,
        "title": title,
        "rounds": [
            {"round": item, "chosen": item.policy == title, "taken": item.pk in taken} for item in rounds
        ],
        "copy_of": f"{reverse('policy-copy')}?of={title}" + (f"&region={row.region_id}" if row else ""),
        "may_copy": bool(managed),
        "words": {
            "over_budget": policy_words.OVER_BUDGET[policy.execution.over_budget],
            "over_achievement": policy_words.over_achievement(policy.over_achievement),
            "equal_above": policy_words.EQUAL_ABOVE[policy.equal_above],
            "section_weights": policy_words.SECTION_WEIGHTS[policy.section_weights],
            "full_marks": policy_words.FULL_MARKS[policy.qualitative.full_marks],
            "step": policy_words.STEPS[policy.step],
            "grades": policy_words.grade_rows(policy),
            "caps": policy_words.cap_texts(policy),
            "drops": policy_words.drop_texts(policy),
            "rules": [(item, policy_words.rule_text(item.rule)) for item in policy.rules],
            "bands": [
                (band, policy_words.rate_text(band.high), policy_words.rate_text(band.low))
                for band in policy.qualitative.bands
            ],
            "deductions": [
                (item.label, policy_words.rate_text(item.share)) for item in policy.review.deductions
            ],
            "evidence": policy_words.evidence_rows(policy),
        },
        "toml": to_toml(policy.model_dump(mode="python")),
    }
    return render(request, "reports/policies/detail.html", context)


@login_required
@require_GET
def copy(request: HttpRequest) -> HttpResponse:
    """The form with a policy copied into it."""
    base, region = _source(request)
    return _copy_page(request, _form(base, region), base, region)


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Try what was typed on a round's submissions, or save it as a new version (``do``)."""
    base, region = _source(request)
    form = _form(base, region, request.POST, saving=request.POST.get("do") == "save")
    if not form.is_valid() or form.policy is None:
        return _copy_page(request, form, base, region, status=422)
    if request.POST.get("do") != "save":
        return _copy_page(request, form, base, region, tried=True)
    try:
        made = policy_services.save_version(
            region=region,
            by=request.user,
            policy=form.policy,
            based_on=base.title,
            base=base,
            change=form.cleaned_data["change"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _copy_page(request, form, base, region, status=422)
    messages.success(request, f"已保存“{made.label}”第{made.version}版，可以在下面选用")
    return redirect("policy", made.pk)


def _form(
    base: Policy, region: Region, posted: QueryDict | None = None, *, saving: bool = False
) -> PolicyForm:
    name = policy_services.suggested_name(base.name, region)
    return PolicyForm(posted, base=base, suggested_name=name, saving=saving)


def _copy_page(
    request: HttpRequest,
    form: PolicyForm,
    base: Policy,
    region: Region,
    *,
    tried: bool = False,
    status: int = 200,
) -> HttpResponse:
    rounds = (
        Round.objects.filter(region=region, reports__submissions__isnull=False).distinct().order_by("-year")
    )
    wanted = request.POST.get("trial", "")
    chosen = next((item for item in rounds if str(item.pk) == wanted), rounds[0] if rounds else None)
    context = {
        "form": form,
        "base": base,
        "source": request.GET.get("of", ""),
        "region": region,
        "rounds": rounds,
        "trial_round": chosen,
        "tried": tried,
        "trial": policies.try_out(form.policy, chosen) if tried and chosen and form.policy else None,
    }
    return render(request, "reports/policies/copy.html", context, status=status)


def _source(request: HttpRequest) -> tuple[Policy, Region]:
    """The policy that is copied and the region for which; both stand in the address."""
    region = _managed_region(request)
    try:
        return policies.policy_named(request.GET.get("of") or DEFAULT_POLICY, region), region
    except PolicyError as error:
        raise Http404 from error


def _managed_region(request: HttpRequest) -> Region:
    """The region for which the person makes a policy: the one asked for, else the only (first) one managed."""
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    if not managed:
        raise PermissionDenied
    wanted = request.GET.get("region", "")
    regions = {str(region.pk): region for region in Region.objects.filter(pk__in=managed)}
    if not wanted:
        return next(iter(regions.values()))
    if wanted not in regions:
        raise Http404
    return regions[wanted]


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Let a round be scored by a policy."""
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    if not managed:
        raise PermissionDenied
    key = request.POST.get("round", "")
    round = get_object_or_404(Round, pk=int(key) if key.isdecimal() else 0, region__in=managed)
    title = request.POST.get("policy", "")
    try:
        chosen = policy_services.choose(round=round, by=request.user, title=title)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{chosen}已选用这个评分办法")
    row = policies.version_named(title, round.region_id)
    if row:
        return redirect("policy", row.pk)
    return redirect("policy-preset", title) if title in policy_names() else redirect("policies")
