"""Queries of a fixed shape: compiled to SQL once, then asked with other keys.

Django builds the SQL of a query anew each time it is asked; for a query by one key that costs five times what the
database needs. An evaluation asks two dozen such queries, so it prepares them. Reading only, and only where the caller
has made sure that the person may read the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Row = tuple[Any, ...]
T = TypeVar("T")
MARK = -(10**15)
"""Stands for a key in a query that has only one."""


def marks(size: int) -> tuple[int, ...]:
    """Stand for so many keys."""
    return tuple(MARK - number for number in range(size))


def size_for(keys: Sequence[int], least: int = 8) -> int:
    """For how many keys a query is prepared that is asked for these: the next power of two, so that few are kept."""
    return max(least, 1 << (len(keys) - 1).bit_length())


def filled(keys: Sequence[int], size: int) -> list[int]:
    """As many keys as a query is prepared for: the last one is asked for again until there are. Needs one at least."""
    return [*keys, *[keys[-1]] * (size - len(keys))]


class Prepared:
    """A query by keys; ``build`` makes it, as ``values_list``, from stand-ins for as many keys as ``marks`` names."""

    def __init__(self, marks: Sequence[Any], build: Callable[..., QuerySet]) -> None:
        self.marks, self.build = tuple(marks), build
        self._made: dict[str, _Compiled] = {}
        self.model = build(*self.marks).model

    def raw(self, *keys: Any) -> tuple[Row, ...]:
        """The rows as the database driver gives them, for comparing; :meth:`read` makes values of them."""
        alias = router.db_for_read(self.model)
        try:
            made = self._for(alias)
        except EmptyResultSet:
            return ()
        given = dict(zip(self.marks, keys, strict=True))
        with connections[alias].cursor() as cursor:
            cursor.execute(made.sql, [given.get(value, value) for value in made.params])
            return tuple(cursor.fetchall())

    def read(self, rows: Sequence[Row]) -> list[Row]:
        """Rows of :meth:`raw` as the fields' own values."""
        if not rows:
            return []
        alias = router.db_for_read(self.model)
        made, connection = self._for(alias), connections[alias]
        found = [list(row) for row in rows]
        for position, functions, expression in made.converters:
            for row in found:
                for convert in functions:
                    row[position] = convert(row[position], expression, connection)
        return [tuple(row) for row in found]

    def __call__(self, *keys: Any) -> list[Row]:
        """The rows."""
        return self.read(self.raw(*keys))

    def _for(self, alias: str) -> _Compiled:
        vendor = connections[alias].vendor
        if vendor not in self._made:
            compiler = self.build(*self.marks).query.get_compiler(alias)
            sql, params = compiler.as_sql()
            if missing := set(self.marks) - set(params):
                raise ValueError(f"the query does not ask for {missing}")
            sql, params = self._with_numbers(sql, params)
            converters = compiler.get_converters([column for column, *_ in compiler.select])
            self._made[vendor] = _Compiled(
                sql,
                tuple(params),
                tuple((place, *found) for place, found in converters.items()),
                compiler.select,
                compiler.klass_info,
            )
        return self._made[vendor]

    def _with_numbers(self, sql: str, params: Iterable[Any]) -> tuple[str, list[Any]]:
        """Numbers that are no keys written into the SQL: SQLite follows an index of an expression only where it can read them."""
        first, *rest = sql.split("%s")
        marks = set(self.marks)
        kept: list[Any] = []
        for value, text in zip(params, rest, strict=True):
            fixed = type(value) is int and value not in marks
            first += f"{value}{text}" if fixed else f"%s{text}"
            kept += [] if fixed else [value]
        return first, kept


class PreparedObjects(Prepared):
    """The same for whole objects and those that ``select_related`` joins: ``build`` makes the query without ``values_list``."""

    def all(self, *keys: Any) -> list[Model]:
        """The objects, as the query would give them."""
        rows = self.read(self.raw(*keys))
        if not rows:
            return []
        alias = router.db_for_read(self.model)
        made = self._for(alias)
        own, model = made.klass["select_fields"], made.klass["model"]
        names = [column.target.attname for column, *_ in made.select[own[0] : own[-1] + 1]]
        joined = get_related_populators(made.klass, made.select, alias)
        found = []
        for row in rows:
            item = model.from_db(alias, names, row[own[0] : own[-1] + 1])
            for populator in joined:
                populator.populate(row, item)
            found.append(item)
        return found

    def first(self, *keys: Any) -> Model | None:
        """The first of them."""
        return next(iter(self.all(*keys)), None)


class _Compiled(NamedTuple):
    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, list[Callable[..., Any]], Any], ...]
    """Position of a column, what makes its value, and the column's expression."""
    select: list[Any]
    """The columns as the compiler has them."""
    klass: dict[str, Any] | None
    """Which columns make which object; ``None`` for plain values."""


class Same(Generic[T]):
    """An object as part of a key: the very same one, whatever it is equal to. The key keeps it alive."""

    def __init__(self, item: T) -> None:
        self.item = item

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.item is self.item

    def __hash__(self) -> int:
        return id(self.item)
