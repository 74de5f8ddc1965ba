"""Addresses of the account. Their names are allauth's, which looks for its pages under them."""

from __future__ import annotations

from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from evenhand.web.account import doors, views


class LettersConverter(StringConverter):
    """Take letters and digits alone, so that what follows the first hyphen is the key."""

    regex = "[0-9A-Za-z]+"


register_converter(LettersConverter, "letters")

urlpatterns = [
    path("account", views.account_page, name="account"),
    path("account/sign-in", views.SignIn.as_view(), name="account_login"),
    path("account/sign-in/second-step", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("account/sign-in/passkey", LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("account/step-in", doors.step_in, name="step_in"),
    path("account/sign-out", views.SignOut.as_view(), name="account_logout"),
    path("account/switched-off", views.SwitchedOff.as_view(), name="account_inactive"),
    path("account/again", views.AskAgain.as_view(), name="account_reauthenticate"),
    path("account/again/code", views.AskAgainByCode.as_view(), name="mfa_reauthenticate"),
    path("account/again/passkey", views.AskAgainByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/second-step", views.SecondSteps.as_view(), name="mfa_index"),
    path("account/second-step/app", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/second-step/app/remove", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/second-step/codes", views.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new", views.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/passkeys", views.Passkeys.as_view(), name="mfa_list_webauthn"),
    path("account/passkeys/add", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>", views.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/password", views.NewPassword.as_view(), name="account_change_password"),
    path("account/recover", views.Recover.as_view(), name="account_reset_password"),
    path("account/recover/sent", views.RecoverSent.as_view(), name="account_reset_password_done"),
    # With a hyphen, because allauth writes the address of its letters so.
    path(
        "account/recover/<letters:uidb36>-<str:key>", views.Recovered.as_view(), name="account_reset_password_from_key"
    ),
    path("account/recover/done", views.RecoveredDone.as_view(), name="account_reset_password_from_key_done"),
    path("account/sessions", views.Sessions.as_view(), name="usersessions_list"),
    path("account/sessions/<int:number>/end", views.end_session, name="end_session"),
    # allauth leads here where its own settings allow it, and ours do not.
    path("account/closed/sign-up", views.closed, name="account_signup"),
    path("account/closed/e-mail", views.closed, name="account_email"),
    path("account/closed/e-mail/sent", views.closed, name="account_email_verification_sent"),
    path("account/closed/password", views.closed, name="account_set_password"),
]
