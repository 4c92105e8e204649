"""别的县区: another county named as one's own («某区财政局», «某县将积极…») in a county unit's report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

OWN = re.compile(r"(?:^|市|州|盟|省|区)(?P<name>[一-龥]{2,4}?[县区旗])(?![一-龥]?[县区旗])")
NAMED = re.compile(
    r"(?:^|[，,：:《“]|根据|按照|经|由|报)(?P<name>[一-龥]{1,3}[县区旗])"
    r"(?P<what>(?:财政局|人民政府|审计局|委、|区委|县委|编办|编委|人社局|纪委)|(?:将|要|须)(?=积极|进一步|继续|加强|认真|切实|不断))"
)
COMMON = re.compile(
    r"^(?:我|本|该|全|各|市|省|当|外|两|此|其|我们|辖|社|园|片|景|校|库|灾|地|郊|小|牧|城|老|新|示范|开发|高新|经开|经济开发|工业|保护|自治|市辖|主城|中心城|下辖|所辖|相关|有关|各乡镇|省市|市县|在|为|是|对|向|关于)[县区旗]$"
    r"|(?:开发|高新|新|示范|园|社|小|景|片|辖|地)区$|[我全各本]"
)
WITH_OTHERS = re.compile(r"对口|帮扶|协作|考察|学习|调研|交流|毗邻|相邻|支援|援助|结对|赴")


@check(
    "foreign-region",
    kind="foreign-unit",
    level=Level.WARNING,
    title="把别的县区写成本县区（疑似照搬外地报告）",
)
def foreign_region(rule: Check, context: Context) -> Iterator[Finding]:
    own = OWN.search(context.dossier.profile.department)
    if own is None:
        return
    seen: set[str] = set()
    for sentence in context.text.sentences_once:
        if WITH_OTHERS.search(sentence.text):
            continue
        for match in NAMED.finditer(sentence.text):
            name = match["name"]
            if name in seen or COMMON.search(name) or name in own["name"] or own["name"] in name:
                continue
            if name[-3:] == own["name"][-3:] or name in context.dossier.profile.department:
                continue
            seen.add(name)
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match['name']}{match['what']}”，而本单位在{own['name']}，疑似照搬外地的报告",
                evidence=[Evidence(value=sentence.excerpt(name), where=sentence.where)],
                fix=f"改为{own['name']}的情况，并核对这一段是不是本单位的",
            )
