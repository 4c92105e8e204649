"""Hypothesis posts to every form for many minutes; ``scripts/soak.sh`` runs it on SQLite and on PostgreSQL.

``FORM_EXAMPLES`` posts are tried at each place (default 60, about a quarter of an hour in all).
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import form_fuzz
from tests.form_fuzz import FILES, PLACES, District, Sent, Target
from tests.test_form_fuzz import _own_media, district, files  # noqa: F401  (the same district)

pytestmark = [pytest.mark.soak, pytest.mark.django_db]
EXAMPLES = int(os.environ.get("FORM_EXAMPLES", "60"))
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60) | st.binary(max_size=20)


@st.composite
def posts(draw: st.DrawFn, target: Target, foreign: tuple[str, ...]) -> Sent:
    """The form as a person would send it, some fields against their kind, some missing, some twice, some unknown."""
    fields = list(target.form.fields.values())
    wrong = draw(st.sets(st.sampled_from(range(len(fields))), max_size=4)) if fields else set()
    all_wrong = draw(st.integers(0, 9)) == 0
    sent: Sent = []
    for position, one in enumerate(fields):
        if position not in wrong and not all_wrong:
            sent += [(one.name, value) for value in form_fuzz.usual(one)]
            continue
        times = draw(st.sampled_from([1, 1, 1, 1, 0, 2]))
        for _ in range(times):
            if one.kind == "file":
                sent.append((one.name, draw(st.sampled_from(FILES))))
            else:
                sent.append((one.name, draw(st.sampled_from(form_fuzz.hostile(one, foreign)) | ANYTHING)))
    if draw(st.integers(0, 9)) == 0:
        sent.append((draw(st.sampled_from(["", "pk", "page", "next", "user", "is_staff"])), draw(ANYTHING)))
    return sent


@pytest.mark.parametrize("place", PLACES)
def test_no_post_breaks_a_form(place: str, district: District) -> None:  # noqa: F811
    target = form_fuzz.target_of(district, place)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(posts(target, district.foreign))
    def search(sent: Any) -> None:
        wrong = form_fuzz.send(district, target, sent)
        assert not wrong, f"{wrong}\n{form_fuzz.describe(target, sent)}"

    search()
