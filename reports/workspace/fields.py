"""Fields of the workspace: what officials type, read as it is meant, and written back as it is read.

A field's name is its dossier path (``money.expenditure.project.actual``). ``to_text`` is the way back of ``clean``: the
stored value as the text of the input, so that saving an untouched form changes nothing.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.utils import timezone
from markupsafe import escape

from budgets.money import CENT, TEN_THOUSAND, AmountError, parse_number, parse_wan, plain, round_half_up
from budgets.tables import COLUMN_LABELS as TABLE_COLUMNS

if TYPE_CHECKING:
    from reports.workspace.forms.layout import Column

COLUMN_LABELS = {str(column): label for column, label in TABLE_COLUMNS.items()}
LARGEST_COUNT = 2_147_483_647
LARGEST_AREA = Decimal("9999999999.99")
FULL_POINTS = Decimal(100)
QUOTED = re.compile(r"“[^”]*”")
EARLIEST, FURTHEST = datetime.date(2000, 1, 1), datetime.timedelta(days=60)
"""A day of filling in lies between them; a form is dated some weeks ahead at most."""
DATE = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$")


def folded(text: str) -> str:
    """Full-width digits and signs as half-width ones, without blanks around."""
    return unicodedata.normalize("NFKC", text).strip()


class Shared:
    """A field that nothing changes after its form is declared: every row's form has the same one, not a copy.

    A page of fifteen indicators has two hundred inputs, and copying their fields cost as much as reading them.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class TypedField(Shared, forms.CharField):
    """A value typed as text; empty is *not stated*."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.read(text) if text else None

    def read(self, text: str) -> Any:
        """The value of a text that is not empty. Raises :class:`ValidationError`."""
        raise NotImplementedError

    def to_text(self, value: Any) -> str:
        return "" if value is None else str(value)


class NumberField(TypedField):
    """A number typed as text, right-aligned."""

    def __init__(self, *, inputmode: str = "decimal", **kwargs: Any) -> None:
        attrs = {"inputmode": inputmode, "autocomplete": "off", "class": "form-control num-input"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)


class WanField(NumberField):
    """Amount typed in 万元, kept in 元."""

    def read(self, text: str) -> Decimal:
        try:
            return parse_wan(text)
        except AmountError as error:
            # The reader drops a unit before it complains; people look for the words they typed.
            raise ValidationError(QUOTED.sub(lambda _: f"“{text}”", str(error), count=1)) from None

    def to_text(self, value: Decimal | None) -> str:
        """At least two places of 万元; more where the amount has them, or saving would round it."""
        if value is None:
            return ""
        wan = value / TEN_THOUSAND
        exact = plain(wan)
        return exact if len(exact.partition(".")[2]) > 2 else f"{wan:.2f}"


class CountField(NumberField):
    """Number of people or things: a whole number, not negative."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(inputmode="numeric", **kwargs)

    def read(self, text: str) -> int:
        number = _number(text.removesuffix("人").removesuffix("个"), "12")
        if number != number.to_integral_value() or number < 0:
            raise ValidationError(f"“{text}”不是整数，请填写不小于0的整数")
        if number > LARGEST_COUNT:
            raise ValidationError(f"“{text}”太大，请核对")
        return int(number)


class PointsField(NumberField):
    """Weight or score in points (分), 0 to 100, two places."""

    def __init__(self, *, above_zero: bool = False, **kwargs: Any) -> None:
        self.above_zero = above_zero
        super().__init__(**kwargs)

    def read(self, text: str) -> Decimal:
        number = _number(text.removesuffix("分"), "9.5")
        if number < 0 or number > FULL_POINTS or (self.above_zero and number == 0):
            low = "大于0" if self.above_zero else "不小于0"
            raise ValidationError(f"“{text}”超出范围，应{low}且不超过100")
        if number != round_half_up(number, CENT):
            raise ValidationError(f"“{text}”的小数位太多，最多两位")
        return round_half_up(number, CENT)

    def to_text(self, value: Decimal | None) -> str:
        return "" if value is None else plain(value)


class AreaField(NumberField):
    """Area in ㎡."""

    def read(self, text: str) -> Decimal:
        number = _number(text.removesuffix("㎡").removesuffix("平方米"), "1200")
        if number < 0:
            raise ValidationError("面积不能是负数")
        if number > LARGEST_AREA or number != round_half_up(number, CENT):
            raise ValidationError(f"“{text}”超出可填写的范围，最多两位小数")
        return round_half_up(number, CENT)

    def to_text(self, value: Decimal | None) -> str:
        return "" if value is None else plain(value)


class DayField(TypedField):
    """A day as officials write it: ``2024-04-18``, ``2024年4月18日``, ``2024.4.18``."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"placeholder": "如 2024-04-18", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def read(self, text: str) -> datetime.date:
        found = DATE.match(folded(text).replace(" ", ""))
        try:
            if found is None:
                raise ValueError
            day = datetime.date(*(int(part) for part in found.groups()))
        except ValueError:
            raise ValidationError(f"“{text}”不是日期，请按 2024-04-18 的样子填写") from None
        if not EARLIEST <= day <= timezone.localdate() + FURTHEST:
            raise ValidationError(f"“{text}”离今天太远，请核对年份")
        return day

    def to_text(self, value: datetime.date | None) -> str:
        return "" if value is None else value.isoformat()


class _Words(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})
        self.validators = [item for item in self.validators if not isinstance(item, MaxLengthValidator)]
        if self.max_length is not None:
            self.validators.append(
                MaxLengthValidator(
                    self.max_length, f"最多{self.max_length}个字，现有%(show_value)s个字，请删减"
                )
            )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: the browser would cut a pasted text without a word."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_text(self, value: str | None) -> str:
        return value or ""


class WordsField(Shared, _Words):
    """One line of words."""


class TextField(WordsField):
    """Several lines of words; the box grows with the text."""

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        attrs = {"rows": rows, "class": "form-control grows"}
        super().__init__(widget=forms.Textarea(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        return (super().clean(value) or "").replace("\r\n", "\n")


class PickField(_Words):
    """One of several words; a stored word outside the list stays choosable."""

    def __init__(self, *, options: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        self.options = list(options)
        super().__init__(widget=forms.Select(attrs={"class": "form-select"}), **kwargs)
        self.offer("")

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A copy with a list of its own; nothing else of it changes after its form is declared."""
        copied = copy(self)
        copied.widget = copy(self.widget)
        return copied

    def offer(self, current: str) -> None:
        """Put the list into the widget, with ``current`` in it."""
        known = {value for value, _ in self.options}
        extra = [(current, current)] if current and current not in known else []
        self.widget.choices = [("", "请选择"), *self.options, *extra]


class ClosedPickField(PickField):
    """One of a closed list."""

    def clean(self, value: Any) -> str:
        text = super().clean(value) or ""
        if text and text not in {key for key, _ in self.options}:
            raise ValidationError("请从列表中选择")
        return text


class TickField(Shared, forms.BooleanField):
    """A box to tick."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "form-check-input"}
        super().__init__(**{"required": False, "widget": forms.CheckboxInput(attrs=attrs), **kwargs})

    def to_text(self, value: bool | None) -> str:
        return "on" if value else ""


def _number(text: str, example: str) -> Decimal:
    try:
        return parse_number(text, example)
    except AmountError as error:
        raise ValidationError(str(error)) from None


# ------------------------------------------------------------------ forms of such fields


@dataclass
class Surroundings:
    """What stands beside the fields: last year's values, approved ones, open comments and origins, by path."""

    prior: Mapping[str, str] = field(default_factory=dict)
    approved: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, list[Any]] = field(default_factory=dict)
    origins: Mapping[str, Any] = field(default_factory=dict)
    """Where imported values were read (:class:`reports.workspace.origins.ReadFrom`), by path."""
    placed: set[str] = field(default_factory=set)
    """Paths of fields that exist on the page, so that a comment without a field is shown on top."""


class PlacedField(BoundField):
    """A field that knows its unit, last year's value and the comments on it."""

    @property
    def where(self) -> str:
        return self.html_name

    @property
    def noted(self) -> bool:
        """Whether anything stands beside the input; beside most of them nothing does."""
        return bool(self.help_text) or not self.plain

    @property
    def plain(self) -> bool:
        """Whether the field looks like that of every other row but for its path and what is typed."""
        around, path = self.form.surroundings, self.html_name
        return not (
            self.name in self.form.errors
            or path in around.prior
            or path in around.approved
            or path in around.comments
            or path in around.origins
        )

    @property
    def refused(self) -> bool:
        """Whether the text was not understood."""
        return self.name in self.form.errors

    @property
    def typed(self) -> str:
        """The text of the input: a form of the workspace is always bound to one."""
        return self.form.data.get(self.html_name, "") or ""

    @property
    def prior(self) -> str:
        """Last year's value as shown; empty when there is none."""
        return self.form.surroundings.prior.get(self.html_name, "")

    @property
    def approved(self) -> str:
        """The value approved with the budget; empty when there is none."""
        return self.form.surroundings.approved.get(self.html_name, "")

    @property
    def comments(self) -> list[Any]:
        """Open comments of the reviewer on this field."""
        return list(self.form.surroundings.comments.get(self.html_name, ()))

    @property
    def origin(self) -> Any:
        """Where the value was imported from; ``None`` when it was typed here."""
        return self.form.surroundings.origins.get(self.html_name)

    @property
    def changed_since_read(self) -> bool:
        """Whether the value is another one than the file had (已修改)."""
        return self.origin is not None and self.origin.differs(self.field, str(self.value() or ""))

    @property
    def unit(self) -> str:
        return self.form.units.get(self.name, "")

    @property
    def column(self) -> str:
        """Head of the field's column; in a table of amounts without row and unit."""
        amounts = str(self.form.prefix).startswith("money.")
        return COLUMN_LABELS.get(self.name, str(self.label)) if amounts else str(self.label)

    @property
    def ticked(self) -> bool:
        return isinstance(self.field, TickField)


class PathForm(forms.Form):
    """A form whose fields are named by dossier paths; always bound, so that what was refused shows its message."""

    bound_field_class = PlacedField
    use_required_attribute = False
    units: Mapping[str, str] = {}
    columns: tuple[Column, ...] = ()
    """Where the fields stand, in a form that is no row of a table."""

    def __init__(self, texts: Mapping[str, str], *, prefix: str, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        super().__init__(data=texts, prefix=prefix, auto_id="f-%s", label_suffix="")
        for name, item in self.fields.items():
            if isinstance(item, PickField):
                item.offer(texts.get(self.add_prefix(name), "").strip())
            if "class" not in item.widget.attrs:
                item.widget.attrs["class"] = "form-control"
            surroundings.placed.add(self.add_prefix(name))

    @cached_property
    def shown_prefix(self) -> str:
        """The prefix as it stands in markup."""
        return str(escape(self.prefix))

    def add_prefix(self, field_name: str) -> str:
        return f"{self.prefix}.{field_name}"

    @property
    def blank(self) -> bool:
        """Whether nothing was typed in any field."""
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields)

    @property
    def refused(self) -> dict[str, str]:
        """Refused texts by path."""
        return {self.add_prefix(name): self.data.get(self.add_prefix(name), "") for name in self.errors}

    def texts_of(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Stored values as texts by path."""
        return text_values(self.base_fields, self.prefix, values)


def text_values(fields: Mapping[str, forms.Field], prefix: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Stored values as the texts of their inputs, by path."""
    return {f"{prefix}.{name}": item.to_text(values.get(name)) for name, item in fields.items()}
