"""Forms of the review desk and of the report's page. Rules stay in the services; a form only reads what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from budgets.money import AmountError, parse_number
from departments.models import User
from reports.findings import LEVEL_LABELS

LONGEST_TEXT = 1000
LONGEST_REASON = 300


def helper(*fields: str) -> FormHelper:
    """Fields only: the form element, token and button stand in the template."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*fields)
    return made


class DeskForm(forms.Form):
    """Base: labels without a colon, several forms on one page with different ids."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = helper(*self.fields)

    @property
    def complaint(self) -> str:
        """All that is wrong, as one sentence for the message line."""
        return "；".join(error for errors in self.errors.values() for error in errors)


class StepForm(DeskForm):
    """The reason of a step and the page on which the button was pressed."""

    reason = forms.CharField(
        required=False,
        max_length=LONGEST_REASON,
        error_messages={"max_length": f"理由不超过{LONGEST_REASON}字，请删减"},
    )
    expected = forms.CharField(required=False, max_length=60)


class CommentForm(DeskForm):
    """A comment and its place (审核意见)."""

    where = forms.ChoiceField(label="位置", required=False)
    text = forms.CharField(
        label="意见",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明审核意见", "max_length": f"审核意见不超过{LONGEST_TEXT}字"},
    )

    def __init__(self, *args: object, places: Iterable[tuple[str, object]] = (), **kwargs: object) -> None:
        super().__init__(*args, auto_id="comment-%s", **kwargs)
        self.fields["where"].choices = [("", "整份报告"), *places]
        self.fields["where"].error_messages["invalid_choice"] = "报告中没有这个位置，请重新选择"


class AnswerForm(DeskForm):
    """The unit's answer to a comment (答复)."""

    text = forms.CharField(
        label="答复",
        max_length=LONGEST_TEXT,
        error_messages={"required": "请写明答复内容", "max_length": f"答复不超过{LONGEST_TEXT}字"},
    )


class ReasonForm(DeskForm):
    """A reason for a waiver (豁免理由)."""

    code = forms.CharField(max_length=60)
    reason = forms.CharField(
        label="豁免理由",
        max_length=LONGEST_REASON,
        error_messages={"required": "请写明豁免理由", "max_length": f"理由不超过{LONGEST_REASON}字"},
    )


class ReviewScoreForm(DeskForm):
    """复核得分 and its reason; an empty score takes it back."""

    score = forms.CharField(
        label="复核得分",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-key": "s"}),
    )
    reason = forms.CharField(
        label="复核说明",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="与自评得分不一致时必填；得分留空表示撤回复核得分。",
        error_messages={"max_length": f"复核说明不超过{LONGEST_TEXT}字"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id="score-%s", **kwargs)

    def clean_score(self) -> Decimal | None:
        text = self.cleaned_data["score"]
        if not text:
            return None
        try:
            number = parse_number(text, "88.5")
        except AmountError as error:
            raise forms.ValidationError(str(error)) from None
        if number != round(number, 2):
            raise forms.ValidationError("复核得分最多两位小数")
        return number


class ExtendForm(DeskForm):
    """A later deadline for one report (延期)."""

    until = forms.DateField(
        label="延期至",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择延期日期", "invalid": "请按 2024-06-30 的格式填写日期"},
    )
    reason = forms.CharField(
        label="延期理由",
        max_length=LONGEST_REASON,
        error_messages={"required": "请写明延期理由", "max_length": f"理由不超过{LONGEST_REASON}字"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id="extend-%s", **kwargs)


class AssignForm(DeskForm):
    """To whom a report is given for review (分派)."""

    to = forms.ModelChoiceField(
        label="分派给", queryset=User.objects.none(), error_messages={"required": "请选择审核人员"}
    )

    def __init__(self, *args: object, reviewers: object = None, **kwargs: object) -> None:
        super().__init__(*args, auto_id="assign-%s", **kwargs)
        if reviewers is not None:
            self.fields["to"].queryset = reviewers


class CheckLevelForm(DeskForm):
    """A region's level of one rule, with a reason (规则级别)."""

    level = forms.ChoiceField(
        label="新的级别",
        choices=[(level.value, label) for level, label in LEVEL_LABELS.items()],
        error_messages={"required": "请选择级别", "invalid_choice": "请选择级别"},
    )
    reason = forms.CharField(
        label="调整理由",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明调整理由", "max_length": f"理由不超过{LONGEST_REASON}字"},
    )
