"""离退休人员计入编制: a number of posts that only comes out with the retired counted in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

POSTS = re.compile(
    r"编制(?:人员|人数|总数|数)?(?:共|为|：|有|合计)*(?P<number>\d{1,5})(?:人|名|个)(?P<parts>[，,：:（(].*)"
)
PART = re.compile(r"(?P<label>[一-龥（）()]{1,16}?)(?P<number>\d{1,5})(?:人|名)")
RETIRED = re.compile(r"离休|退休")


@check(
    "posts-with-retirees",
    kind="headcount",
    level=Level.WARNING,
    title="把离退休人员算进了编制数",
    source="财预〔2013〕53号：编制数为机构编制部门核定的编制",
)
def posts_with_retirees(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for sentence in context.text.printed:
        match = POSTS.search(sentence.text)
        if match is None or match[0] in seen:
            continue
        parts = [(part["label"], int(part["number"])) for part in PART.finditer(match["parts"])]
        retired = sum(number for label, number in parts if RETIRED.search(label))
        posts = int(match["number"])
        # Parts may nest (离退休77人，其中离休2人): only an exact sum proves that the retired were counted.
        if not retired or sum(number for _, number in parts) != posts:
            continue
        seen.add(match[0])
        yield rule.finding(
            "profile.authorized_posts",
            f"“{sentence.title}”写编制{posts}人，其中把离退休{retired}人也算了进去，在职只有{posts - retired}人，"
            "真正的编制数没有给出，在职人员控制率无法计算",
            evidence=[
                Evidence(value=match[0][:80], where=sentence.where),
                Evidence(value=str(posts - retired), unit="人", where="在职合计"),
            ],
            fix="填写机构编制部门核定的编制数，离退休人员单独写",
        )
