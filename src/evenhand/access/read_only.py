"""Django's admin, in which nothing can be changed: for auditors and operators who want to see a table as it stands.

Used by the `admin.py` beside each application's tables. What may be changed is changed by actions; this must never offer it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin, site
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from evenhand.access.viewers import PUBLIC, Viewer

READERS = ("auditor", "operator")
KEPT_BY_OPERATORS = frozenset({"access", "records"})
"""The applications whose tables an operator keeps; what was asked, given and decided only an auditor reads as a table."""

HIDDEN_FROM_OPERATORS = frozenset({"need", "offer", "evidence", "evidencelink", "storedfile", "actionline"})


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = getattr(request, "viewer", PUBLIC)
    return viewer


class ReadOnlySite(AdminSite):
    """Let readers in, and send everybody else to the page where one signs in."""

    site_header = site_title = "Evenhand: tables, to read"
    index_title = "Nothing can be changed here"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether the site shows itself to who asks. A viewer without its second step holds no role."""
        return _viewer(request).has(*READERS)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the one page where one signs in."""
        if _viewer(request).public_id:
            return redirect("home")
        response = redirect("account_login")
        response["Location"] += "?next=/admin/"
        return response

    def logout(  # type: ignore[override]  # a redirect is no template
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the one page where one signs out."""
        return redirect("account_logout")

    def password_change(  # type: ignore[override]  # a redirect is no template
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the one page where one changes a password."""
        return redirect("account_change_password")


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[type-arg]  # Django takes no argument there when it runs
    """Show a table and its rows; offer no button that changes one."""

    actions = None
    list_per_page = 50
    show_full_result_count = False  # counting a million entries takes longer than showing fifty
    list_select_related = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let auditors read every table, and operators those that they keep."""
        viewer = _viewer(request)
        kept = self.opts.app_label in KEPT_BY_OPERATORS and self.opts.model_name not in HIDDEN_FROM_OPERATORS
        return viewer.has("auditor") or (viewer.has("operator") and kept)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show an application to whoever reads one of its tables."""
        return self.has_view_permission(request)


def show_table(
    model: type[Model],
    *columns: str,
    search: tuple[str, ...] = (),
    by: tuple[str, ...] = (),
    hidden: tuple[str, ...] = (),
) -> None:
    """Register a table with the site.

    Parameters
    ----------
    columns
        What the list shows, the first linking to the row.
    search, by
        The fields that a search looks in, and those that the list can be narrowed by.
    hidden
        Fields that nobody reads here: a password, the bytes of a file.
    """
    shown = {
        "list_display": columns,
        "search_fields": search,
        "list_filter": by,
        "exclude": hidden,
        "get_queryset": lambda self, request: ModelAdmin.get_queryset(self, request).defer(*hidden),
    }
    site.register(model, type(f"{model.__name__}Admin", (ReadOnlyAdmin,), shown))
