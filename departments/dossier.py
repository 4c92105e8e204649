"""A department's profile for one year as the dossier carries it (部门基本情况), frozen and free of the ORM."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of every frozen part of a dossier. Unknown keys are refused, so a misspelt key is never lost silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Profile(Part):
    """Who reports (基本情况). ``None`` means *not stated*; an empty tuple means *stated to be none*."""

    department: str
    region_code: str = ""
    region_name: str = ""
    city_name: str = ""
    province_name: str = ""
    year: int
    kind: str = ""
    """机构性质, e.g. 公益一类事业单位."""
    credit_code: str = ""
    """统一社会信用代码 (GB 32100-2015)."""
    budget_code: str = ""
    """预算单位编码."""
    main_department: str = ""
    """主管部门; empty when the department is itself one."""
    authorized_posts: int | None = None
    """编制数（人）."""
    staff_on_posts: int | None = None
    """在职人数（人）."""
    retirees: int | None = None
    """离退休人数（人）."""
    offices_stated: int | None = None
    """Number of internal offices that the text claims (内设机构数), apart from the list."""
    offices_listed: int | None = None
    """How many offices or subordinate units the text lists, where only their number is known."""
    internal_offices: tuple[str, ...] | None = None
    """内设机构."""
    duties: tuple[str, ...] | None = None
    """主要职责."""
    duties_stated: int | None = None
    """Number of duties where only their number is known."""
    contact: str = ""
    prepared_by: str = ""
    """填表人."""
    prepared_on: date | None = None
    """填报日期."""
    phone: str = ""
    """联系电话."""
    head: str = ""
    """单位负责人."""
