"""The pages of an account: allauth's views under our templates, and what is ours alone: the overview and closed sign-up.

Used by `account.addresses`. Each is private to whoever is signed in, and nothing of any of them is stored.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base import views as steps
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evenhand.lookups.users import get_user
from evenhand.web.account.adapters import SecondStepAdapter
from evenhand.web.account.doors import doors_for
from evenhand.web.account.second_step import is_needed
from evenhand.web.frame.pages import private_page, show, viewer_of


class SignIn(account.LoginView):  # type: ignore[misc]  # allauth has no types
    """Ask for name and password; in a demo, show its open doors first."""

    template_name = "account/sign_in.html"
    http_method_names = ("get", "head", "post")

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """Add the doors, and where one goes on to."""
        return {
            **super().get_context_data(**named),
            "doors": doors_for(self.request),
            "onward": self.get_next_url() or "",
            "typed": "typed=" in (self.get_next_url() or ""),
        }


class SignOut(account.LogoutView):  # type: ignore[misc]
    """Sign out; asks first where one came by a link."""

    template_name = "account/sign_out.html"


class AskAgain(account.ReauthenticateView):  # type: ignore[misc]
    """Ask for the password again, before something that must not be done by whoever finds the screen unlocked."""

    template_name = "account/again.html"


class AskAgainByCode(steps.ReauthenticateView):  # type: ignore[misc]
    """Ask for a code again."""

    template_name = "account/again.html"


class AskAgainByPasskey(passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Ask for a passkey again."""

    template_name = "account/again_passkey.html"


class SecondStep(steps.AuthenticateView):  # type: ignore[misc]
    """Ask for the second step of signing in."""

    template_name = "account/second_step.html"


class SecondSteps(steps.IndexView):  # type: ignore[misc]
    """Show which second steps there are, and set up others."""

    template_name = "account/second_steps.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """Add whether the role of who asks needs one, and has none yet."""
        return {**super().get_context_data(**named), "waits": self.request.lacks_second_step}


class AddApp(totp.ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app."""

    template_name = "account/app_add.html"


class RemoveApp(totp.DeactivateTOTPView):  # type: ignore[misc]
    """Remove an authenticator app."""

    template_name = "account/app_remove.html"


class Codes(codes.ViewRecoveryCodesView):  # type: ignore[misc]
    """Show the recovery codes, once."""

    template_name = "account/codes.html"


class NewCodes(codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes; the old ones open nothing any more."""

    template_name = "account/codes_new.html"


class Passkeys(passkeys.ListWebAuthnView):  # type: ignore[misc]
    """Show the passkeys."""

    template_name = "account/passkeys.html"


class AddPasskey(passkeys.AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey."""

    template_name = "account/passkey_add.html"


class RenamePasskey(passkeys.EditWebAuthnView):  # type: ignore[misc]
    """Give a passkey another name."""

    template_name = "account/passkey_rename.html"


class RemovePasskey(passkeys.RemoveWebAuthnView):  # type: ignore[misc]
    """Remove a passkey; staff keeps the last second step that it has."""

    template_name = "account/passkey_remove.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, unless it is the last that must be there."""
        adapter = SecondStepAdapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer


class NewPassword(account.PasswordChangeView):  # type: ignore[misc]
    """Change one's own password; whoever has none reads how one is had."""

    template_name = "account/password.html"

    def dispatch(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        """Answer whoever has no password: there is none to change, and only whoever keeps the installation sets a first one."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return no_password(request)
        answer: HttpResponseBase = super().dispatch(request, *arguments, **named)
        return answer


@private_page()
def no_password(request: HttpRequest) -> HttpResponse:
    """Say what to do for a password where one has none."""
    return show(request, "account/password.html", {"without_password": True})


def _only_with_mail(view: Any) -> Any:
    """Show how a password is recovered where no mail can be sent: an operator sets a new one."""

    def shown(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not settings.EVENHAND["mail"]:
            return show(request, "account/recover.html", {"without_mail": True})
        answer: HttpResponseBase = view(request, *arguments, **named)
        return answer

    return shown


@method_decorator(_only_with_mail, name="dispatch")
class Recover(account.PasswordResetView):  # type: ignore[misc]
    """Send a letter with which a forgotten password is replaced."""

    template_name = "account/recover.html"


class RecoverSent(account.PasswordResetDoneView):  # type: ignore[misc]
    """Say that a letter was sent, if the address is known; never whether it is."""

    template_name = "account/recover_sent.html"


class Recovered(account.PasswordResetFromKeyView):  # type: ignore[misc]
    """Ask for the new password of whoever has the letter."""

    template_name = "account/recovered.html"


class RecoveredDone(account.PasswordResetFromKeyDoneView):  # type: ignore[misc]
    """Say that the new password counts."""

    template_name = "account/recovered_done.html"


class SwitchedOff(account.AccountInactiveView):  # type: ignore[misc]
    """Say that a user is switched off."""

    template_name = "account/switched_off.html"


class Sessions(sessions.ListUserSessionsView):  # type: ignore[misc]
    """Show where one is signed in, and end what is not one's own."""

    template_name = "account/sessions.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """Put this session first."""
        shown = super().get_context_data(**named)
        shown["sessions"] = sorted(shown["sessions"], key=lambda one: (not one.is_current(), one.created_at))
        return dict(shown)


@private_page()
def account_page(request: HttpRequest) -> HttpResponse:
    """Show who one is here: name, roles, second steps, sessions."""
    viewer, user = viewer_of(request), authenticated_user(request)
    kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return show(
        request, "account/account.html",
        {
            "user_row": get_user(viewer, viewer.name), "has_step": bool(kinds - {Authenticator.Type.RECOVERY_CODES}), "needs_step": is_needed(viewer),
            "sessions": UserSession.objects.filter(user_id=user.pk).count(), "today_roles": viewer.roles,
            "has_password": user.has_usable_password(),
        },
    )  # fmt: skip


@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own sessions, such as that on a telephone that was lost."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    found = UserSession.objects.filter(user_id=request.user.pk, pk=number).first()
    if found is None:
        raise Http404
    if found.is_current():
        return redirect("account_logout")
    found.end()
    messages.success(request, _("The session has ended."))
    return redirect("usersessions_list")


def closed(request: HttpRequest, **named: Any) -> HttpResponse:
    """Answer for what allauth has and Evenhand has not: signing up, e-mail addresses of one's own."""
    raise Http404
