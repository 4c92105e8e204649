"""Closed lists of the indicators floor."""

from __future__ import annotations

LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
"""Usual first- and second-level classes of 自评表 (财预〔2020〕10号 form). Policies may name others."""

LEVEL1_CHOICES = [(name, name) for name in LEVELS]
LEVEL2_SUGGESTIONS = [level2 for names in LEVELS.values() for level2 in names]
