"""A few hostile posts to every form; the long search is ``tests/soak/test_form_soak.py``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from reports.rounds.views import ACTS
from reports.workflow import Step
from tests import form_fuzz
from tests.form_fuzz import PLACES, District

pytestmark = pytest.mark.django_db
TURNS = 2


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _own_media(settings, files) -> None:
    """The district's files outlive a single test here."""
    settings.MEDIA_ROOT = files
    settings.EXPORT_DIR = files / "bulk"
    settings.CONFIRM_AGAIN_SECONDS = settings.SESSION_IDLE_SECONDS = 24 * 60 * 60  # signed in once for all


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker, files) -> Iterator[District]:
    """Made once for all places: every post is taken back."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        yield form_fuzz.make_district()
        transaction.set_rollback(True)


def test_every_address_that_takes_a_post_has_a_place():
    assert set(form_fuzz.routes_that_take_post()) == {place.partition(":")[0] for place in PLACES}
    assert {f"report-step:{step.value}" for step in Step} <= PLACES.keys()
    assert {f"round-act:{act}" for act in ACTS} <= PLACES.keys()


@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_form_is_answered_with_a_sentence_and_harms_nobody(place, district):
    target = form_fuzz.target_of(district, place)
    for sent in form_fuzz.variants(target, district.foreign, TURNS):
        wrong = form_fuzz.send(district, target, sent)
        assert not wrong, f"{wrong}\n{form_fuzz.describe(target, sent)}"
