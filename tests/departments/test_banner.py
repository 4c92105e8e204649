"""The maintenance notice: set by the administrator, on every page in its time, taken down again."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from departments import services
from departments.models import AuditEntry, Banner
from tests.db import make_department, make_region, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TEXT = "系统将于今天18:00维护"


def show(by, *, starts: int = -1, ends: int = 1, region=None) -> Banner:
    now = timezone.now()
    hours = datetime.timedelta(hours=1)
    return services.set_banner(
        region=region or make_region(), by=by, text=TEXT, starts=now + starts * hours, ends=now + ends * hours
    )


def seen(client, address: str = "home") -> bool:
    return TEXT in client.get(reverse(address)).content.decode()


def test_it_is_on_every_page_also_before_signing_in(client):
    show(make_user("administrator"))
    assert seen(client, "login") and seen(client, "verify-ask")
    client.force_login(make_user("filler", department=make_department()))
    assert seen(client) and seen(client, "inbox")


@pytest.mark.parametrize(("starts", "ends"), [(1, 2), (-2, -1)])
def test_it_has_its_time(client, starts, ends):
    show(make_user("administrator"), starts=starts, ends=ends)
    assert not seen(client, "login")


def test_another_region_s_people_do_not_see_it(client):
    far = make_region("430408", "邻区")
    show(make_user("administrator", region=far), region=far)
    client.force_login(make_user("reviewer"))
    assert not seen(client)
    client.force_login(make_user("reviewer", region=far))
    assert seen(client)


def test_only_the_region_s_administrator_sets_it_and_each_change_is_logged():
    administrator = make_user("administrator")
    show(administrator)
    show(administrator, ends=5)
    assert Banner.objects.count() == 1
    for other in (
        make_user("round_manager"),
        make_user("administrator", region=make_region("430408", "邻区")),
    ):
        with pytest.raises(PermissionDenied):
            show(other)
        with pytest.raises(PermissionDenied):
            services.remove_banner(region=make_region(), by=other)
    assert services.remove_banner(region=make_region(), by=administrator)
    assert not services.remove_banner(region=make_region(), by=administrator)
    events = list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))
    assert events == ["banner-set", "banner-set", "banner-remove"]


def test_the_form(client):
    client.force_login(make_user("administrator"))
    address = reverse("banner")
    typed = {"text": TEXT, "starts": "2024-05-20T18:00", "ends": "2099-05-20T20:00"}
    wrong = client.post(address, typed | {"ends": "2024-05-20T17:00"})
    assert wrong.status_code == 422
    assert "应晚于开始显示" in wrong.content.decode() and TEXT in wrong.content.decode()
    assert client.post(address, typed | {"starts": "今晚"}).status_code == 422
    page = client.post(address, typed, follow=True).content.decode()
    assert "正在显示" in page and 'value="2099-05-20T20:00"' in page
    client.post(address, {"do": "remove"})
    assert not Banner.objects.exists()
    assert client.post(address, typed | {"region": "99999"}).status_code == 404
