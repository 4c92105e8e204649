#!/usr/bin/env python3
"""Takes the pictures of the help pages from a running demo: ``static/help/*.webp``.

Start the demo (``make run``), then ``.venv/bin/python scripts/help_pictures.py http://127.0.0.1:8000``. The pictures are
committed; nothing needs a browser at run time. A test compares this list with what the pages show and with the files.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "static" / "help"
LARGEST = 60 * 1024
WIDTH = 1000
SCREEN = {"width": 1366, "height": 768}


@dataclass(frozen=True)
class Picture:
    """One picture: who looks at which page, what is clicked to come there, what is framed in red."""

    name: str
    account: str
    address: str
    mark: str
    clicks: tuple[str, ...] = ()
    height: int = 640


PICTURES = (
    Picture("filler-home", "filler", "/", "a:has-text('继续填报')", height=360),
    Picture(
        "filler-import",
        "filler",
        "/",
        "input[type=file] >> nth=0",
        ("a:has-text('继续填报')", "a:has-text('导入（')"),
    ),
    Picture(
        "filler-fill",
        "filler",
        "/",
        "button:has-text('保存并继续')",
        ("a:has-text('继续填报')", "nav a:has-text('收入') >> nth=0"),
        768,
    ),
    Picture(
        "filler-result",
        "filler",
        "/",
        "main h2 >> nth=0",
        ("a:has-text('继续填报')", "a:has-text('自评结果与核对') >> nth=0"),
    ),
    Picture("head-home", "head", "/", "a:has-text('通读报告并确认')", height=360),
    Picture("head-certify", "head", "/", "button:has-text('确认无误')", ("a:has-text('通读报告并确认')",)),
    Picture("head-people", "head", "/people/", "a:has-text('新增填报人')", height=480),
    Picture("main-queue", "department", "/queue/", "button:has-text('审核通过，转财政局')"),
    Picture("reviewer-queue", "reviewer", "/queue/?status=submitted", "tbody tr >> nth=0"),
    Picture(
        "reviewer-report",
        "reviewer",
        "/queue/?status=submitted",
        "button:has-text('审核通过')",
        ("[data-open] >> nth=0",),
    ),
    Picture(
        "reviewer-comment",
        "reviewer",
        "/queue/?status=submitted",
        "button:has-text('提出意见')",
        ("[data-open] >> nth=0", "[role=tab]:has-text('意见')"),
    ),
    Picture("manager-rounds", "manager", "/rounds/", "a:has-text('布置新年度')", height=420),
    Picture(
        "manager-round", "manager", "/rounds/", "button:has-text('催报全部未报送')", ("tbody a >> nth=0",)
    ),
    Picture("manager-overview", "manager", "/overview/", "a:has-text('下载自评汇总表')"),
    Picture("manager-publication", "manager", "/publication/", "a:has-text('准备公开') >> nth=0"),
    Picture("admin-people", "admin", "/people/", "a:has-text('新增人员')"),
    Picture("admin-import", "admin", "/accounts/", "a:has-text('下载名单模板')", height=480),
    Picture(
        "admin-handover",
        "admin",
        "/people/?role=reviewer",
        "button:has-text('确认移交')",
        ("tbody th a >> nth=0", "a:has-text('办理交接')"),
        700,
    ),
    Picture("security-people", "security", "/people/", "tbody th a >> nth=0"),
    Picture("security-log", "security", "/audit/", "main table"),
    Picture("auditor-queue", "auditor", "/queue/", "form.filter, form[role=search]"),
    Picture("auditor-log", "auditor", "/audit/", "a:has-text('导出 Excel')"),
)


def encoded(shot: bytes) -> bytes:
    """The picture as WebP of the page's width, as good as its largest size allows."""
    from PIL import Image

    image = Image.open(BytesIO(shot)).convert("RGB")
    image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    for quality in (80, 70, 60, 50, 40, 30):
        buffer = BytesIO()
        image.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= LARGEST:
            return buffer.getvalue()
    raise SystemExit("a picture is too large even at its lowest quality")


def take(base: str, password: str) -> None:
    """Sign in as each account of the demo and take its pictures."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            env={**os.environ, "LANGUAGE": "zh_CN"},
            args=["--no-sandbox", "--disable-gpu"],
        )
        for account in dict.fromkeys(picture.account for picture in PICTURES):
            page = browser.new_context(viewport=SCREEN, locale="zh-CN").new_page()
            page.goto(f"{base}/login/")
            page.get_by_label("用户名").fill(account)
            page.get_by_label("密码").fill(password)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url(f"{base}/")
            for picture in PICTURES:
                if picture.account != account:
                    continue
                page.goto(base + picture.address)
                for click in picture.clicks:
                    page.locator(click).first.click()
                    page.wait_for_load_state("networkidle")
                marked = page.locator(picture.mark).locator("visible=true").first
                marked.evaluate(
                    "one => { one.style.outline = '3px solid #d6201a'; one.style.outlineOffset = '2px' }"
                )
                marked.scroll_into_view_if_needed()
                shot = page.screenshot(
                    clip={"x": 0, "y": 0, "width": SCREEN["width"], "height": picture.height}
                )
                (FOLDER / f"{picture.name}.webp").write_bytes(encoded(shot))
                print(picture.name)
        browser.close()


if __name__ == "__main__":
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    take(address.rstrip("/"), (ROOT / "var/demo/password").read_text().strip())
