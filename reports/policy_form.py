"""The form in which a round manager changes a copied policy. It only reads what was typed; the policy model judges it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms

from budgets.money import AmountError, parse_number, plain
from indicators.policy import Policy, PolicyError, build_policy, policy_names
from indicators.toml import to_toml
from reports.policy_words import CONSEQUENCES, EQUAL_ABOVE, OVER_BUDGET, SECTION_WEIGHTS, STEPS

ADVANCED = ("total", "source", "note", "qualitative", "rules")
"""Keys that are edited as TOML text."""
CAP_ROWS = 5
BLANK_DEDUCTIONS = 3
LONGEST_ADVANCED = 50_000
ERROR_LINE = re.compile(r"^.*?：键 (?P<key>[^：]+)：(?P<words>.*)$")
NOT_TOML = re.compile(r"不是有效的TOML文件")

FIELD_OF = {
    "name": "name",
    "label": "label",
    "step": "step",
    "section_weights": "section_weights",
    "equal_above": "equal_above",
    "execution.weight": "execution_weight",
    "execution.over_budget": "over_budget",
    "over_achievement.threshold": "over_threshold",
    "over_achievement.points": "over_points",
    "over_achievement": "over_points",
    "review.grade_drop_factors": "grade_drops",
    "total": "advanced",
    "source": "advanced",
    "note": "advanced",
    "qualitative": "advanced",
    "rules": "advanced",
}


class NumberField(forms.CharField):
    """A number as officials type it, full-width digits and a percent sign included."""

    def __init__(self, *, share: bool = False, **kwargs: Any) -> None:
        self.share = share
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "form-control"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return plain(value * 100 if self.share else value)
        return value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).rstrip("%％ ")
        if not text:
            return None
        try:
            number = parse_number(text, "90" if self.share else "10")
        except AmountError as error:
            raise forms.ValidationError(str(error)) from None
        return number / 100 if self.share else number


def _choice(label: str, words: dict[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=list(words.items()), widget=forms.Select(attrs={"class": "form-select"})
    )


class PolicyForm(forms.Form):
    """A policy as fields. ``base`` is what was copied: its classes and grades are the rows of the form."""

    name = forms.CharField(
        label="代号",
        max_length=40,
        help_text="小写字母、数字和短横线；与已有代号相同的，保存为它的下一版",
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "spellcheck": "false"}),
    )
    label = forms.CharField(
        label="名称", max_length=60, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    change = forms.CharField(
        label="修改说明",
        max_length=300,
        required=False,
        help_text="改了什么，依据哪个文件；保存时必填，随版本留存",
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    step = _choice("得分保留到", STEPS)
    section_weights = _choice("各类指标的分值", SECTION_WEIGHTS)
    equal_above = _choice("写明“＝”的指标超过目标", EQUAL_ABOVE)
    execution_weight = NumberField(label="预算执行率")
    over_budget = _choice("预算执行率超过100%", OVER_BUDGET)
    over_threshold = NumberField(label="完成程度超过（%）", share=True)
    over_inclusive = forms.BooleanField(
        label="恰好达到也算", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    over_consequence = _choice("处理", CONSEQUENCES)
    over_points = NumberField(label="扣固定分时扣几分", required=False)
    grade_drops = forms.CharField(
        label="复核低于自评1、2、3…个等次时，总分按百分之几计",
        max_length=60,
        required=False,
        help_text="依次填写，例如 90、80、70；不填表示不另作扣减",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    advanced = forms.CharField(
        label="其他规则（TOML）",
        required=False,
        max_length=LONGEST_ADVANCED,
        help_text="定性指标的档次、单项指标的评分规则等",
        widget=forms.Textarea(
            attrs={"class": "form-control policy-toml", "rows": 18, "spellcheck": "false", "wrap": "off"}
        ),
    )

    def __init__(
        self, *args: Any, base: Policy, suggested_name: str, saving: bool = False, **kwargs: Any
    ) -> None:
        self.base, self.saving = base, saving
        self.policy: Policy | None = None
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("initial", self._initial(base, suggested_name))
        super().__init__(*args, auto_id="policy-%s", **kwargs)
        for number, section in enumerate(base.sections):
            self._number(f"section-{number}", f"{section.name}分值")
        for number, grade in enumerate(base.grades):
            self.fields[f"grade-{number}-name"] = forms.CharField(
                label=f"第{number + 1}等的名称",
                max_length=10,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )
            self._number(f"grade-{number}-at_least", f"{grade.name}的分数线", required=True)
        for number in range(max(CAP_ROWS, len(base.caps))):
            self._number(f"cap-{number}-rate", f"第{number + 1}条：执行率低于（%）", share=True)
            self._number(f"cap-{number}-most", f"第{number + 1}条：总分不超过")
        for number in range(len(base.review.deductions) + BLANK_DEDUCTIONS):
            self.fields[f"deduction-{number}-label"] = forms.CharField(
                label=f"第{number + 1}条扣分情形",
                max_length=60,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )
            self._number(f"deduction-{number}-share", f"第{number + 1}条：扣分值的（%）", share=True)
        if self.is_bound:
            for name, field in self.fields.items():
                if name in self.errors:
                    field.widget.attrs["aria-invalid"] = "true"
                    field.widget.attrs["aria-describedby"] = f"policy-{name}-error"
                    field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} is-invalid".strip()

    def _number(self, name: str, label: str, *, share: bool = False, required: bool = False) -> None:
        self.fields[name] = NumberField(label=label, share=share, required=required)

    @staticmethod
    def _initial(base: Policy, suggested_name: str) -> dict[str, Any]:
        over = base.over_achievement
        data = base.model_dump(mode="python")
        initial = {
            "name": suggested_name,
            "label": base.label,
            "step": base.step,
            "section_weights": base.section_weights,
            "equal_above": base.equal_above,
            "execution_weight": base.execution.weight,
            "over_budget": base.execution.over_budget,
            "over_threshold": over.threshold,
            "over_inclusive": over.inclusive,
            "over_consequence": over.consequence,
            "over_points": over.points if over.points else None,
            "grade_drops": "、".join(plain(factor * 100) for factor in base.review.grade_drop_factors),
            "advanced": to_toml({key: data[key] for key in ADVANCED if data[key] not in ("", ())}),
        }
        for number, section in enumerate(base.sections):
            initial[f"section-{number}"] = section.weight
        for number, grade in enumerate(base.grades):
            initial[f"grade-{number}-name"] = grade.name
            initial[f"grade-{number}-at_least"] = grade.at_least
        for number, cap in enumerate(base.caps):
            initial[f"cap-{number}-rate"] = cap.rate_below
            initial[f"cap-{number}-most"] = cap.at_most
        for number, entry in enumerate(base.review.deductions):
            initial[f"deduction-{number}-label"] = entry.label
            initial[f"deduction-{number}-share"] = entry.share
        return initial

    # ------------------------------------------------------------------ rows for the page

    def sections(self) -> Iterator[tuple[str, Any]]:
        """First-level classes with the field of their weight."""
        for number, section in enumerate(self.base.sections):
            yield section.name, self[f"section-{number}"]

    def grades(self) -> Iterator[tuple[Any, Any]]:
        """Name and cut-off of each grade."""
        for number, _ in enumerate(self.base.grades):
            yield self[f"grade-{number}-name"], self[f"grade-{number}-at_least"]

    def caps(self) -> Iterator[tuple[Any, Any]]:
        """Execution rate and highest total of each cap."""
        for number in range(max(CAP_ROWS, len(self.base.caps))):
            yield self[f"cap-{number}-rate"], self[f"cap-{number}-most"]

    def deductions(self) -> Iterator[tuple[Any, Any]]:
        """Case and share of each entry of the scale, and blank rows."""
        for number in range(len(self.base.review.deductions) + BLANK_DEDUCTIONS):
            yield self[f"deduction-{number}-label"], self[f"deduction-{number}-share"]

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Everything wrong: id of the field (empty for the whole), its label, the sentence."""
        found = [("", "", error) for error in self.non_field_errors()]
        for name, errors in self.errors.items():
            if name in self.fields:
                found += [(self[name].id_for_label, str(self[name].label), error) for error in errors]
        return found

    # ------------------------------------------------------------------ what was typed as a policy

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        advanced = self._advanced(cleaned.get("advanced", ""))
        if self.saving and not cleaned.get("change", "").strip() and "change" not in self.errors:
            self.add_error("change", "请写明修改说明：改了什么，依据是什么")
        if self.saving and cleaned.get("name") in policy_names():
            self.add_error("name", f"“{cleaned['name']}”是系统自带办法的代号，请换一个代号")
        data = self.base.model_dump(mode="json")
        if advanced is not None:
            data |= {key: _EMPTY[key] for key in ADVANCED} | advanced
            if "qualitative" not in advanced:
                self.add_error("advanced", "键 qualitative：缺少这一项")
                data["qualitative"] = self.base.qualitative.model_dump(mode="json")
        data |= self._data(self._with_base(cleaned))
        data["evidence"] = []
        try:
            policy = build_policy(data)
            data["evidence"] = self._evidence(policy)
            if not self.errors:
                self.policy = build_policy(data)
        except PolicyError as error:
            for line in str(error).splitlines():
                self._complain(line)
        return cleaned

    def _with_base(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What was typed, with the copied value where a field was refused: then all else is judged in the same go."""
        known = {
            name: self.initial.get(name, "" if name.endswith("-label") else None) for name in self.fields
        }
        return known | cleaned

    def _advanced(self, text: str) -> dict[str, Any] | None:
        try:
            data = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            self.add_error("advanced", f"不是有效的TOML：{_place(str(error))}")
            return None
        unknown = sorted(set(data) - set(ADVANCED))
        if unknown:
            self.add_error(
                "advanced", f"键 {unknown[0]}：这里只能写 {'、'.join(ADVANCED)}，其余在上面的表单中修改"
            )
            return None
        return data

    def _data(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        base = self.base.model_dump(mode="json")
        return {
            "name": cleaned["name"],
            "version": self.base.version,
            "label": cleaned["label"],
            "step": cleaned["step"],
            "section_weights": cleaned["section_weights"],
            "equal_above": cleaned["equal_above"],
            "execution": {"weight": cleaned["execution_weight"], "over_budget": cleaned["over_budget"]},
            "sections": [
                section | {"weight": cleaned[f"section-{number}"]}
                for number, section in enumerate(base["sections"])
            ],
            "grades": [
                grade
                | {"name": cleaned[f"grade-{number}-name"], "at_least": cleaned[f"grade-{number}-at_least"]}
                for number, grade in enumerate(base["grades"])
            ],
            "over_achievement": base["over_achievement"]
            | {
                "threshold": cleaned["over_threshold"],
                "inclusive": cleaned["over_inclusive"],
                "consequence": cleaned["over_consequence"],
                "points": cleaned["over_points"] or 0,
            },
            "caps": list(self._pairs(cleaned, "cap", "rate", "most", "rate_below", "at_most")),
            "review": {
                "deductions": self._scale(cleaned),
                "grade_drop_factors": _factors(cleaned["grade_drops"]),
            },
        }

    def _pairs(
        self, cleaned: dict[str, Any], kind: str, first: str, second: str, *keys: str
    ) -> Iterator[dict[str, Any]]:
        number = 0
        while f"{kind}-{number}-{first}" in self.fields:
            pair = cleaned[f"{kind}-{number}-{first}"], cleaned[f"{kind}-{number}-{second}"]
            if any(value is not None for value in pair):
                yield dict(zip(keys, pair, strict=True))
            number += 1

    def _scale(self, cleaned: dict[str, Any]) -> list[dict[str, Any]]:
        """The scale of deductions; entries keep their keys, new ones get the next free number."""
        kept = [entry.key for entry in self.base.review.deductions]
        free = (f"own-{number}" for number in range(1, 1000) if f"own-{number}" not in kept)
        found = []
        for number in range(len(kept) + BLANK_DEDUCTIONS):
            label = cleaned[f"deduction-{number}-label"].strip()
            share = cleaned[f"deduction-{number}-share"]
            if label or share is not None:
                key = kept[number] if number < len(kept) else next(free)
                found.append({"key": key, "label": label, "share": share})
        return found

    def _evidence(self, policy: Policy) -> list[dict[str, str]]:
        """Where each value comes from: what was changed is the bureau's own."""
        before, after = self.base.model_dump(mode="json"), policy.model_dump(mode="json")
        rows = []
        for item in self.base.evidence:
            same = _value_of(before, item.key) == _value_of(after, item.key)
            row = item.model_dump(mode="json")
            rows.append(row if same else row | {"mark": "bureau", "source": "财政局在本版中修改"})
        return rows

    def _complain(self, line: str) -> None:
        """Put a sentence of the policy model at the field that it is about."""
        found = ERROR_LINE.match(line)
        if not found:
            self.add_error(None, line)
            return
        key, words = found["key"], found["words"]
        if key == "（整体）":
            self.add_error(None, words)
            return
        field = self._field_of(key)
        if field is not None and field != "advanced" and field in self.errors:
            return
        self.add_error(field, f"键 {key}：{words}" if field in (None, "advanced") else words)

    def _field_of(self, key: str) -> str | None:
        parts = key.split(".")
        match parts:
            case ["grades", number, part]:
                return f"grade-{number}-{part}"
            case ["sections", number, "weight"]:
                return f"section-{number}"
        for length in range(len(parts), 0, -1):
            name = FIELD_OF.get(".".join(parts[:length]))
            if name:
                return name
        return None


_EMPTY: dict[str, Any] = {"total": "100", "source": "", "note": "", "qualitative": None, "rules": []}


def _value_of(data: Any, path: str) -> Any:
    for part in path.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _factors(text: str) -> list[Decimal | str]:
    """``90、80、70`` as shares; what is no number is left to the policy model to refuse."""
    found: list[Decimal | str] = []
    for part in re.split(r"[、,，;；\s]+", text.strip()):
        if not part:
            continue
        try:
            found.append(parse_number(part.rstrip("%％")) / 100)
        except AmountError:
            found.append(part)
    return found


def _place(words: str) -> str:
    """The parser's sentence with its place in Chinese."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", words)
    return f"第{found[1]}行第{found[2]}列附近写法不对" if found else "写法不对（可能没有写完）"
