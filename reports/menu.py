"""The main menu: which entries a person gets, in which order, and what stands together under one heading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from departments.choices import REGION_READERS, Role
from departments.models.people import Access

Who = Callable[[Access], bool]


def _holds(*roles: Role) -> Who:
    return lambda access: access.holds(*roles)


def _everyone(access: Access) -> bool:
    return True


_BUREAU = _holds(Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR)
_KEEPING = ("person", "role-", "handover", "unit", "account", "office", "classified")
"""Route names below the administrator's entry begin so."""
_REVIEWING = (Role.REVIEWER, Role.ROUND_MANAGER, Role.MAIN_REVIEWER)


@dataclass(frozen=True)
class Entry:
    """One page of the menu. ``covers`` are beginnings of the route names that belong to it besides its own."""

    route: str
    label: str
    who: Who = _everyone
    covers: tuple[str, ...] = ()

    def is_current(self, route: str) -> bool:
        return route == self.route or (bool(self.covers) and route.startswith(self.covers))


@dataclass(frozen=True)
class Group:
    """Entries that open under one heading; a person who gets only one of them gets it without the heading."""

    label: str
    entries: tuple[Entry, ...]


MENU: tuple[Entry | Group, ...] = (
    Entry("home", "首页"),
    Entry("rounds", "自评任务", _holds(*REGION_READERS), ("round",)),
    Entry("queue", "报告审核", _holds(*_REVIEWING), ("bulk-",)),
    Entry("queue", "报告查询", lambda access: access.holds(Role.AUDITOR) and not access.holds(*_REVIEWING)),
    Entry(
        "spot-checks",
        "抽查整改",
        lambda access: bool(access.read_regions),
        ("spot-check", "rectification"),
    ),
    Entry(
        "rectifications",
        "整改",
        lambda access: access.holds(Role.MAIN_REVIEWER) and not access.read_regions,
        ("rectification",),
    ),
    Group(
        "汇总公开",
        (
            Entry(
                "overview",
                "总览",
                _holds(Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR, Role.MAIN_REVIEWER),
                ("overview-",),
            ),
            Entry("publication", "信息公开", _BUREAU, ("publication", "report-publication")),
            Entry("exports", "批量导出", _BUREAU, ("export",)),
        ),
    ),
    Entry("people", "单位和人员", _holds(Role.ADMINISTRATOR), _KEEPING),
    Entry(
        "people",
        "本单位人员",
        lambda access: access.holds(Role.UNIT_HEAD) and not access.holds(Role.ADMINISTRATOR, Role.SECURITY),
        _KEEPING,
    ),
    Entry("people", "人员和角色", _holds(Role.SECURITY), _KEEPING),
    Entry(
        "audit",
        "登录记录",
        lambda access: access.holds(Role.SECURITY) and not access.holds(Role.ROUND_MANAGER, Role.AUDITOR),
    ),
    Group(
        "规则和管理",
        (
            Entry("targets", "批复目标", _BUREAU, ("targets-",)),
            Entry("policies", "评分办法", covers=("policy",)),
            Entry("templates", "报告模板", _holds(Role.ROUND_MANAGER, Role.AUDITOR), ("template",)),
            Entry("checks", "核对规则", _BUREAU, ("check-level", "lexicon")),
            Entry("offices", "业务股室", _holds(Role.ROUND_MANAGER), ("office",)),
            Entry("banner", "维护公告", _holds(Role.ADMINISTRATOR)),
            Entry("audit", "操作日志", _holds(Role.ROUND_MANAGER, Role.AUDITOR)),
        ),
    ),
    Entry("inbox", "通知"),
)


def menu_of(access: Access, menu: Iterable[Entry | Group] = MENU) -> list[Entry | Group]:
    """The entries for the roles that the person holds."""
    found: list[Entry | Group] = []
    for item in menu:
        own = tuple(entry for entry in getattr(item, "entries", (item,)) if entry.who(access))
        if len(own) > 1:
            found.append(Group(item.label, own))
        else:
            found.extend(own)
    return found
