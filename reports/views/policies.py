"""Pages of the scoring policies (评分办法): everybody reads them; the round manager copies, tries out, saves and chooses."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from departments.models import Region
from indicators.models import PolicyVersion
from indicators.policy import Policy, load_policy, policy_names
from indicators.toml import to_toml
from reports import policies, policy_services, policy_words
from reports.models import Round
from reports.policies import SHELF
from reports.policy_form import PolicyForm
from reports.views import versions
from reports.workflow import Refused


@login_required
@require_GET
def policy_list(request: HttpRequest) -> HttpResponse:
    """Presets and the versions of the person's regions."""
    return render(request, "reports/policies/list.html", versions.list_context(SHELF, request))


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
    row = versions.visible_version(SHELF, request, pk)
    return _detail(request, row.policy, row)


def _detail(request: HttpRequest, policy: Policy, row: PolicyVersion | None) -> HttpResponse:
    context = versions.origin_context(SHELF, request, policy, row) | {
        "policy": policy,
        "words": {
            "over_achievement": policy_words.over_achievement(policy.over_achievement),
            "section_weights": policy_words.SECTION_WEIGHTS[policy.section_weights],
            "full_marks": policy_words.FULL_MARKS[policy.qualitative.full_marks],
            "sections": policy_words.section_rows(policy),
            "formulas": policy_words.formula_rows(policy),
            "grades": policy_words.grade_rows(policy),
            "caps": policy_words.cap_texts(policy),
            "drops": policy_words.drop_texts(policy),
            "rules": [(item, policy_words.rule_text(item.rule)) for item in policy.rules],
            "bands": [
                (band, policy_words.rate_text(band.high), policy_words.rate_text(band.low), band.phrases)
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
    base, region = versions.source(SHELF, request)
    return _copy_page(request, _form(base, region), base, region)


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Try what was typed on a round's submissions, or save it as a new version (``do``)."""
    base, region = versions.source(SHELF, request)
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
    return versions.saved(SHELF, request, made)


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


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Let a round be scored by a policy."""
    return versions.choose(SHELF, request)
