"""Technical administration: regions, departments, people and roles. The database guards what a year has locked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_otp.plugins.otp_totp.models import TOTPDevice

from departments.accounts import must_change
from departments.choices import Role
from departments.confirming import ask
from departments.locks import is_lock_refusal
from departments.models import AnnualProfile, Department, Region, RoleAssignment, User
from departments.separation import OWN_ROLES, mixture
from departments.services import record

admin.site.site_header = "部门整体支出绩效自评　系统管理"
admin.site.site_title = "系统管理"
admin.site.index_title = "单位、账号和角色"
admin.site.unregister(Group)  # rights come from roles, never from groups of permissions
admin.site.unregister(
    TOTPDevice
)  # its pages show the secret; a second factor is reset by a service, with a reason


class GuardedAdmin(admin.ModelAdmin):
    """Says in Chinese that the database refused a change of a locked year, instead of failing."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        return self._guarded(
            request,
            lambda: super(GuardedAdmin, self).changeform_view(request, object_id, form_url, extra_context),
        )

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self._guarded(
            request, lambda: super(GuardedAdmin, self).delete_view(request, object_id, extra_context)
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self._guarded(
            request, lambda: super(GuardedAdmin, self).changelist_view(request, extra_context)
        )

    @staticmethod
    def _guarded(request: HttpRequest, view: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return view()
        except DatabaseError as error:
            if not is_lock_refusal(error):
                raise
            messages.error(
                request,
                "该年度资料已锁定（负责人已确认或已报送），数据库拒绝修改；请先由单位解锁或由财政局退回",
            )
            return HttpResponseRedirect(request.path)


class AskingAdmin(admin.ModelAdmin):
    """Changes what rights depend on only after the password was given once more."""

    asks_for: str
    """What is going to be done, as the page that asks says it."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        asked = ask(request, self.asks_for) if object_id else None
        return asked or super().changeform_view(request, object_id, form_url, extra_context)


class RoleFormSet(BaseInlineFormSet):
    """The roles of one account: the administrator is not the auditor, and nobody gives roles to oneself."""

    by: User

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        held = {form.cleaned_data["role"] for form in rows if form.cleaned_data.get("is_active")}
        if complaint := mixture(held):
            raise ValidationError(complaint)
        changed = any(form.has_changed() for form in [*rows, *self.deleted_forms])
        if self.instance.pk == self.by.pk and changed:
            raise ValidationError(OWN_ROLES)
        administers = self.by.role_assignments.filter(role=Role.ADMINISTRATOR, is_active=True)
        if changed and administers.filter(region__officers_apart=True).exists():
            raise ValidationError("本区县实行三员分立，角色由安全管理员授予")


class RoleInline(admin.TabularInline):
    model = RoleAssignment
    formset = RoleFormSet
    extra = 1
    autocomplete_fields = ("department", "region")

    def get_formset(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> type[RoleFormSet]:
        return type("OwnRoleFormSet", (super().get_formset(request, obj, **kwargs),), {"by": request.user})


class PersonCreationForm(AdminUserCreationForm):
    """New account: name and password; roles are given on the next page."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "name")

    def save(self, commit: bool = True) -> User:
        """What another person chose is a one-time password."""
        must_change(self.instance)
        return super().save(commit)


class PersonPasswordForm(AdminPasswordChangeForm):
    """A password set by the administrator is one that its owner has to change."""

    def save(self, commit: bool = True) -> User:
        must_change(self.user)
        return super().save(commit)


class PersonChangeForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User


@admin.register(User)
class PersonAdmin(AskingAdmin, UserAdmin):
    asks_for = "修改账号、角色和权限"
    form = PersonChangeForm
    add_form = PersonCreationForm
    change_password_form = PersonPasswordForm
    list_display = ("username", "name", "is_active", "is_staff", "last_login")
    search_fields = ("username", "name")
    ordering = ("username",)
    inlines = (RoleInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("个人信息", {"fields": ("name", "phone", "email")}),
        ("权限", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("时间", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "name", "usable_password", "password1", "password2"),
            },
        ),
    )


@admin.register(Region)
class RegionAdmin(AskingAdmin):
    asks_for = "修改行政区划"  # whether the three officers are apart is a right like a role
    list_display = ("code", "name", "city", "province", "officers_apart")
    search_fields = ("code", "name")

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "officers_apart" in form.changed_data:
            done = "开启" if obj.officers_apart else "关闭"
            sentence = f"{request.user}{done}{obj.name}的三员分立"
            record(event="account.officers", sentence=sentence, by=request.user, region=obj)


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    list_display = ("name", "region", "parent", "budget_code", "is_active")
    list_filter = ("region", "is_active")
    list_select_related = ("region", "parent")
    search_fields = ("name", "budget_code", "credit_code")
    readonly_fields = (
        "classified",
        "classified_reason",
    )  # changed by a service, which withdraws what is public
    autocomplete_fields = ("parent", "region")


@admin.register(AnnualProfile)
class AnnualProfileAdmin(GuardedAdmin):
    list_display = ("department", "year", "locked_at")
    list_filter = ("year",)
    list_select_related = ("department",)
    search_fields = ("department__name",)
    autocomplete_fields = ("department",)
