"""The form of the bureau's own words; rules stay in the services."""

from __future__ import annotations

from django import forms

from reports.forms import DeskForm

LONGEST = 5000


def _text(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        help_text=help_text,
        error_messages={"max_length": f"{label}不超过{LONGEST}字"},
    )


class WordsForm(DeskForm):
    """What the bureau adds to the generated text, one paragraph a line."""

    basics = _text("组织情况", "印在“一、基本情况”开头，例如布置、培训和工作要求。")
    problems = _text("存在的问题（补充）", "印在“五、存在的问题”末尾，可以不填。")
    reviews = _text("审核和抽查情况（补充）", "印在“六、审核和抽查情况”末尾，例如抽查复核、重点评价和整改。")
    advice = _text("下一步工作建议", "印在“七、下一步工作建议”末尾，接在系统按数据列出的事项之后。")
    prepared_by = forms.CharField(
        label="制表人",
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"max_length": "制表人不超过50字"},
    )
    dated = forms.DateField(
        label="成文日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请填写日期，例如 2024-06-30"},
    )
    version = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), "请重新打开页面再保存"),
    )
