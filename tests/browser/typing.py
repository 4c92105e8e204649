"""Filling in the workspace as a person does: by field, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playwright.sync_api import Locator, Page, expect


def go(page: Page, base: str, report: int, section: str) -> None:
    """Open a section of the workspace."""
    page.goto(f"{base}/reports/{report}/fill/{section}/")


def field(page: Page | Locator, path: str) -> Locator:
    """The field of a dossier path; its name in the form is the path."""
    return (
        page.locator(f'#fill [name="{path}"]') if isinstance(page, Page) else page.locator(f'[name="{path}"]')
    )


def type_into(box: Locator, text: str) -> None:
    if box.evaluate("element => element.tagName") == "SELECT":
        box.select_option(text)
    else:
        box.fill(text)


def type_fields(page: Page, values: Mapping[str, str]) -> None:
    for path, text in values.items():
        type_into(field(page, path), text)


def type_rows(page: Page, prefix: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Fill rows of a list from the first one on; a row is added by its button where there is none yet."""
    for number, row in enumerate(rows):
        lines = page.locator(f'#fill .row-item:has(> input[name="rows:{prefix}"])')
        if lines.count() <= number:
            page.locator(f'[data-add="{prefix}"]').click()
        line = lines.nth(number)
        name = line.get_attribute("data-row")
        if (more := line.locator("details.indicator-more")).count() and not more.evaluate(
            "item => item.open"
        ):
            more.locator("summary").click()
        for key, text in row.items():
            type_into(line.locator(f'[name="{prefix}.{name}.{key}"]'), text)


def saved(page: Page) -> None:
    """Wait until the page says that all that was typed is saved."""
    expect(page.locator("#save-state")).to_contain_text("已保存")
