"""What a workbook says of itself in its hidden sheet: version, whose it is, of which year, and its columns."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from reports.intake.errors import NeedsWorkbook
from reports.intake.workbook.layout import FORMAT, HIDDEN_SHEET, OLDEST_READ, VERSION
from reports.intake.xlsx_file import Sheet
from reports.outline import Outline, load_outline


@dataclass(frozen=True)
class Header:
    """Identity of a workbook."""

    department: str
    year: int
    region: str = ""
    outline: Outline = field(default_factory=load_outline)
    """Sections of the report's text, as this workbook has them."""
    version: int = VERSION
    made: str = ""
    """When it was downloaded."""
    sections: dict[str, int] = field(default_factory=dict)
    """Versions of the sections that it was filled from."""
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns of each block, as this workbook has them."""
    facts: dict[str, str] = field(default_factory=dict)
    """What the administrator maintains of the unit (机构性质, codes), for reading without a database."""

    def rows(self) -> list[tuple[str, str]]:
        """Names and values of the hidden sheet."""
        return [
            ("format", FORMAT),
            ("version", str(self.version)),
            ("department", self.department),
            ("year", str(self.year)),
            ("region", self.region),
            ("outline", self.outline.model_dump_json(exclude_defaults=True)),
            ("made", self.made),
            ("sections", json.dumps(self.sections)),
            ("facts", json.dumps(self.facts, ensure_ascii=False)),
            *((f"columns:{key}", ",".join(names)) for key, names in self.columns.items()),
        ]


def is_workbook(sheets: list[Sheet]) -> bool:
    """Whether a file is (or once was) an official workbook."""
    return any(sheet.name == HIDDEN_SHEET and sheet.at(1, 2).text == FORMAT for sheet in sheets)


def read_header(sheets: list[Sheet]) -> Header:
    """The header. Raises :class:`NeedsWorkbook` for a version that is not read, or a damaged hidden sheet."""
    sheet = next(sheet for sheet in sheets if sheet.name == HIDDEN_SHEET)
    values = {
        cell.text: sheet.at(row, 2).text
        for (row, column), cell in sheet.cells.items()
        if column == 1 and cell.text
    }
    try:
        version, year = int(values["version"]), int(values["year"])
        sections = {str(key): int(value) for key, value in json.loads(values.get("sections") or "{}").items()}
        facts = {str(key): str(value) for key, value in json.loads(values.get("facts") or "{}").items()}
        outline = Outline.model_validate_json(values["outline"])
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise NeedsWorkbook(
            "工作簿的隐藏标识被改动，认不出年度和版本，请重新下载工作簿，把内容粘贴过去后再上传"
        ) from error
    if version > VERSION:
        raise NeedsWorkbook(f"工作簿是第{version}版模板，比本系统的第{VERSION}版还新，请重新下载工作簿")
    if version < OLDEST_READ:
        raise NeedsWorkbook(f"工作簿是第{version}版模板，已不再使用，请下载第{VERSION}版工作簿")
    return Header(
        department=values.get("department", ""),
        year=year,
        region=values.get("region", ""),
        outline=outline,
        version=version,
        made=values.get("made", ""),
        sections=sections,
        facts=facts,
        columns={
            key.removeprefix("columns:"): tuple(value.split(","))
            for key, value in values.items()
            if key.startswith("columns:")
        },
    )
