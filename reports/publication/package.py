"""One region's year of open data in one file (整年数据包): list, contents, schema, dictionary and readme as a zip.

The archive is written while it is sent: its memory does not grow with the number of reports. The same publications give
the same bytes, so that :func:`fingerprint` serves as ETag and caches answer until something is published or withdrawn.
Everything in it is made by :mod:`reports.publication.opendata` of what is public at that moment.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils import timezone

from reports.exporting.archive import entry_info, notes
from reports.models import Publication
from reports.publication import opendata, querysets
from reports.publication.tables import csv_lines

CHUNK = 1 << 16
DICTIONARY_HEAD = ("所在对象", "字段", "类型", "含义")


class _Pipe(io.RawIOBase):
    """What ``zipfile`` writes into; :meth:`take` hands on what has come."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def take(self, least: int = 1) -> Iterator[bytes]:
        """What waits, once it is at least so many bytes."""
        if len(self._waiting) >= least:
            yield bytes(self._waiting)
            self._waiting.clear()


def fingerprint(chosen: QuerySet[Publication]) -> str:
    """SHA-256 of what a region's year consists of; another one as soon as a report joins, changes or is withdrawn."""
    digest = hashlib.sha256(json.dumps(opendata.schema(), sort_keys=True).encode())
    rows = chosen.values_list("region__name", "unit_code", "number", "sha256", "published_at")
    for row in rows.iterator(chunk_size=2000):
        digest.update(f"{row}\n".encode())
    return digest.hexdigest()


def stream(chosen: QuerySet[Publication]) -> Iterator[bytes]:
    """The archive, piece by piece. ``chosen`` are the rows of one region's year, at least one."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as packed:
        for name, parts in _files(chosen):
            with packed.open(entry_info(name), "w", force_zip64=True) as entry:
                for part in parts:
                    entry.write(part)
                    yield from pipe.take(CHUNK)
    yield from pipe.take()


def contents(chosen: QuerySet[Publication]) -> Iterator[tuple[Publication, str]]:
    """Publications with their frozen content, read in batches."""
    whole = chosen.select_related("region", "file").only(*querysets.ROW, "file__content")
    for publication in whole.iterator(chunk_size=100):
        yield publication, publication.file.content


def _files(chosen: QuerySet[Publication]) -> Iterator[tuple[str, Iterable[bytes]]]:
    rows = chosen.iterator(chunk_size=500)
    schema = json.dumps(opendata.schema(), ensure_ascii=False, indent=2)
    yield "说明.txt", [notes(_readme(chosen))]
    yield "报告一览.csv", (line.encode() for line in opendata.csv_of(rows))
    yield "报告全文.json", (part.encode() for part in opendata.json_of(contents(chosen)))
    yield "schema.json", [schema.encode()]
    yield "数据字典.csv", (line.encode() for line in csv_lines(DICTIONARY_HEAD, _dictionary()))


def _dictionary() -> Iterator[tuple[str, ...]]:
    for group in opendata.dictionary():
        for entry in group.entries:
            yield group.title, entry.name, entry.type, entry.description


def _readme(chosen: QuerySet[Publication]) -> list[str]:
    first = chosen.first()
    newest = chosen.order_by("-published_at").values_list("published_at", flat=True).first()
    return [
        f"{first.region.name}{first.year}年度部门整体支出绩效自评公开数据",
        "",
        f"报告份数：{chosen.count()}",
        f"最近更新：{timezone.localdate(newest).isoformat()}",
        "",
        "报告一览.csv　　每份报告一行，可用 Excel 或 WPS 打开",
        "报告全文.json　　每份报告的全部公开内容",
        "schema.json　　　报告全文.json 的结构（JSON Schema）",
        "数据字典.csv　　各字段的类型和含义",
        "",
        "金额单位为元，得分单位为分，预算执行率为百分数。",
        "JSON 中金额和得分写成十进制数的文字；null 表示没有填报，与 0 不同。",
        "撤下的报告和不予公开的内容不在其中。公开的是单位自评结果。",
        f"每份报告的网页见“公开网址”一列；列表和检索：{opendata.site('public-list')}",
    ]
