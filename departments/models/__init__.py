"""Who: regions, departments, people and their roles, one department's profile for one year, the audit entry."""

from departments.models.audit import AuditEntry, AuditSeal
from departments.models.banner import Banner
from departments.models.lists import AccountList
from departments.models.organisation import BusinessOffice, Department, Region
from departments.models.people import Access, RoleAssignment, User
from departments.models.sign_ins import RecoveryCode, SignIn, UsedPassword
from departments.models.year import AnnualProfile, Duty, InternalOffice, ProfileFact

__all__ = [
    "Access",
    "AccountList",
    "AnnualProfile",
    "AuditEntry",
    "AuditSeal",
    "Banner",
    "BusinessOffice",
    "Department",
    "Duty",
    "InternalOffice",
    "ProfileFact",
    "RecoveryCode",
    "Region",
    "RoleAssignment",
    "SignIn",
    "UsedPassword",
    "User",
]
