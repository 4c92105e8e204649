"""A bulk export by hand: choose, confirm, watch the real worker, download; the page needs no reload."""

from __future__ import annotations

import zipfile

import pytest

from tests.browser.conftest import sign_in
from tests.db import PASSWORD, make_user
from tests.reports.exporting.district import make_district, worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_order_to_the_archive(new_page, live_server, tmp_path):
    make_district(4)
    make_user("round_manager", username="manager")
    page = new_page()
    sign_in(page, live_server.url, "manager", PASSWORD)
    page.locator(".site-nav summary", has_text="汇总公开").click()
    page.get_by_role("link", name="批量导出").click()
    page.get_by_label("填报中").check()
    page.get_by_label("JSON 数据").check()
    page.get_by_role("button", name="下一步").click()
    assert page.get_by_role("heading", name="将导出 4 份报告，共 11 个文件").is_visible()
    page.get_by_role("button", name="开始导出").click()
    assert page.get_by_text("后台程序没有运行").is_visible()
    assert page.get_by_role("progressbar", name="导出进度").is_visible()
    with worker(tmp_path / "log"):
        page.get_by_text("4 份报告全部导出").wait_for(timeout=240_000)
    with page.expect_download() as started:
        page.get_by_role("link", name="下载压缩包").click()
    archive = tmp_path / "archive.zip"
    started.value.save_as(archive)
    assert started.value.suggested_filename.startswith("示例区2023年度绩效自评报告-")
    assert len(zipfile.ZipFile(archive).namelist()) == 11
