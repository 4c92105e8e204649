"""Forms of the oversight. Rules stay in the services; a form only reads what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import forms

from budgets.money import AmountError, parse_number
from departments.models import User
from reports.forms import LONGEST_REASON, LONGEST_TEXT, DeskForm
from reports.models import Conclusion, DrawMethod, Verdict
from reports.oversight.rectifications import MOST_ITEMS, Item

LONG = 2000
INVALID_DATE = "请按 2024-06-30 的格式填写日期"


def _date(label: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请选择{label}", "invalid": INVALID_DATE},
    )


class DrawForm(DeskForm):
    """How a sample is drawn."""

    method = forms.ChoiceField(
        label="抽取方式",
        choices=DrawMethod.choices,
        error_messages={"required": "请选择抽取方式", "invalid_choice": "请选择抽取方式"},
    )
    count = forms.IntegerField(
        label="抽取数量",
        required=False,
        min_value=1,
        max_value=10000,
        error_messages={
            "invalid": "抽取数量请填整数",
            "min_value": "抽取数量至少为1",
            "max_value": "抽取数量过大",
        },
    )
    unit = forms.ChoiceField(
        label="单位",
        choices=[("percent", "%"), ("reports", "份")],
        required=False,
        error_messages={"invalid_choice": "数量的单位请选择%或份"},
    )
    seed = forms.CharField(
        label="随机种子",
        required=False,
        max_length=20,
        error_messages={"max_length": "随机种子不超过20字"},
    )
    chosen = forms.TypedMultipleChoiceField(
        label="报告",
        coerce=int,
        required=False,
        error_messages={"invalid_choice": "有报告已不能抽查，请重新选择"},
    )
    reviewers = forms.ModelMultipleChoiceField(
        label="抽查人",
        queryset=User.objects.none(),
        required=False,
        error_messages={"invalid_choice": "请选择本区县的审核人员", "invalid_pk_value": "请选择审核人员"},
    )
    due = _date("完成期限", required=False)

    def __init__(
        self, *args: object, reports: Iterable[int] = (), people: Iterable[User] = (), **kwargs: object
    ) -> None:
        super().__init__(*args, auto_id="draw-%s", **kwargs)
        self.fields["chosen"].choices = [(pk, str(pk)) for pk in reports]
        self.fields["reviewers"].queryset = User.objects.filter(pk__in=[person.pk for person in people])

    def clean(self) -> dict:
        data = super().clean()
        if data.get("method") == DrawMethod.BY_HAND:
            if not data.get("chosen") and "chosen" not in self.errors:
                self.add_error("chosen", "请选择要抽查的报告")
        elif not data.get("count") and "count" not in self.errors:
            self.add_error("count", "请填写抽取数量")
        return data


class ResultForm(DeskForm):
    """The result of a spot check."""

    score = forms.CharField(
        label="抽查得分",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": "请填写抽查得分"},
    )
    conclusion = forms.ChoiceField(
        label="抽查结论",
        choices=Conclusion.choices,
        error_messages={"required": "请选择抽查结论", "invalid_choice": "请选择抽查结论"},
    )
    findings = forms.CharField(
        label="抽查发现",
        required=False,
        max_length=LONG,
        error_messages={"max_length": f"抽查发现不超过{LONG}字"},
    )

    def clean_score(self) -> Decimal:
        try:
            number = parse_number(self.cleaned_data["score"])
        except AmountError as error:
            raise forms.ValidationError(str(error)) from None
        if number is None:
            raise forms.ValidationError("请填写抽查得分")
        if number != round(number, 2):
            raise forms.ValidationError("抽查得分最多两位小数")
        if not 0 <= number <= 100:
            raise forms.ValidationError("抽查得分应在0至100之间")
        return number


class WordsForm(DeskForm):
    """A reason."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={"required": "请写明理由", "max_length": f"理由不超过{LONGEST_REASON}字"},
    )


class NoticeForm(DeskForm):
    """A rectification notice: its basis, its date, and its items as ``problem-1``, ``requirement-1``, …"""

    basis = forms.CharField(
        label="整改依据",
        max_length=LONGEST_TEXT,
        error_messages={"required": "请写明整改依据", "max_length": f"整改依据不超过{LONGEST_TEXT}字"},
    )
    due = _date("反馈期限")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id="notice-%s", **kwargs)

    @property
    def typed_items(self) -> list[tuple[int, str, str, str]]:
        """Number, problem, requirement and complaint of every typed item, empty ones left out."""
        rows = []
        for number in range(1, MOST_ITEMS + 1):
            problem, requirement = (
                str(self.data.get(f"{name}-{number}", "")).strip() for name in ("problem", "requirement")
            )
            if problem or requirement:
                rows.append((number, problem, requirement, self._complaint(problem, requirement)))
        return rows

    @staticmethod
    def _complaint(problem: str, requirement: str) -> str:
        if not problem or not requirement:
            return "请写明存在问题" if not problem else "请写明整改要求"
        if max(len(problem), len(requirement)) > LONGEST_TEXT:
            return f"每格不超过{LONGEST_TEXT}字"
        return ""

    def clean(self) -> dict:
        data = super().clean()
        rows = self.typed_items
        if not rows:
            raise forms.ValidationError("请至少写明一项整改事项")
        if any(complaint for *_, complaint in rows):
            raise forms.ValidationError("有整改事项没有写完整")
        data["items"] = [Item(problem, requirement) for _, problem, requirement, _ in rows]
        return data


class AnswerForm(DeskForm):
    """The unit's answer: one text an item as ``reply-1``, …, and a general one."""

    text = forms.CharField(
        label="总体情况",
        required=False,
        max_length=LONG,
        error_messages={"max_length": f"总体情况不超过{LONG}字"},
    )

    def __init__(self, *args: object, positions: Iterable[int] = (), **kwargs: object) -> None:
        super().__init__(*args, auto_id="answer-%s", **kwargs)
        self.positions = list(positions)
        for number in self.positions:
            self.fields[f"reply-{number}"] = forms.CharField(
                max_length=LONG,
                error_messages={"required": "请填写整改情况", "max_length": f"整改情况不超过{LONG}字"},
            )

    @property
    def replies(self) -> dict[int, str]:
        return {number: self.cleaned_data[f"reply-{number}"] for number in self.positions}


class JudgeForm(DeskForm):
    """The bureau's judgement of an answer."""

    verdict = forms.ChoiceField(choices=Verdict.choices, error_messages={"required": "请选择审核结果"})
    words = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": f"审核意见不超过{LONGEST_TEXT}字"},
    )
    due = _date("反馈期限", required=False)
    number = forms.IntegerField(required=False)
