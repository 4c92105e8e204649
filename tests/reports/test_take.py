"""take() and put(): a dossier survives the way through the database, and size costs no queries."""

import pytest

from departments.models import AnnualProfile
from reports.outline import load_outline
from reports.put import YearNotEmpty, put
from reports.take import take
from tests.db import make_report
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def loaded(report) -> AnnualProfile:
    return AnnualProfile.objects.select_related("department__region", "department__parent").get(
        pk=report.profile_id
    )


def test_what_is_put_is_taken_again():
    report = make_report()
    dossier = make_dossier()
    put(dossier, report.profile)
    taken = take(loaded(report), load_outline())
    assert taken.money.model_dump(exclude={"projects"}) == dossier.money.model_dump(exclude={"projects"})
    assert [item.spent for item in taken.money.projects] == [item.spent for item in dossier.money.projects]
    assert [item.model_dump(exclude={"key", "direction"}) for item in taken.indicators.indicators] == [
        item.model_dump(exclude={"key", "direction"}) for item in dossier.indicators.indicators
    ]
    assert taken.indicators.goals == dossier.indicators.goals
    assert {s.key: s.text for s in taken.narrative if s.text} == {
        s.key: s.text for s in dossier.narrative if s.text
    }
    assert taken.profile.internal_offices == dossier.profile.internal_offices
    assert taken.profile.duties == dossier.profile.duties


def test_taking_twice_gives_the_same_fingerprint():
    report = make_report()
    put(make_dossier(), report.profile)
    outline = load_outline()
    assert take(loaded(report), outline).sha256() == take(loaded(report), outline).sha256()


def test_a_year_with_data_is_not_overwritten():
    report = make_report()
    put(make_dossier(), report.profile)
    with pytest.raises(YearNotEmpty):
        put(make_dossier(), report.profile)


def test_taking_costs_the_same_queries_with_1_and_with_200_rows(django_assert_num_queries):
    small, large = make_report(), make_report(year=2022)
    dossier = make_dossier()
    put(dossier, small.profile)
    many = tuple(
        item.model_copy(update={"key": f"{item.key}-{copy}"})
        for copy in range(20)
        for item in dossier.indicators.indicators
    )
    assert len(many) >= 200
    put(
        dossier.model_copy(update={"indicators": dossier.indicators.model_copy(update={"indicators": many})}),
        large.profile,
    )
    outline = load_outline()
    for report in (small, large):
        profile = loaded(report)
        with django_assert_num_queries(14):
            take(profile, outline)
