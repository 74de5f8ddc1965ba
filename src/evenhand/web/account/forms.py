"""allauth's forms with our words at their fields, and without what nobody needs.

Named in `settings.ACCOUNT_FORMS` and `settings.MFA_FORMS`. Checks nothing of its own.
"""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

PASSWORD_HINT = _("At least 12 characters. A sentence of your own is easier to keep in mind than a word with numbers.")
CODE_HINT = _("The six digits that your authenticator app shows now, or one of your recovery codes.")


class Worded:
    """Give fields their label and their hint, and take away what stands in an empty box."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # every class below is also a form
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class SignInForm(Worded, LoginForm):  # type: ignore[misc]  # allauth has no types here
    """Ask for a name and a password."""

    words: ClassVar = {"login": (_("Name"), ""), "password": (_("Password"), "")}


class ProveItForm(Worded, ReauthenticateForm):  # type: ignore[misc]
    """Ask for the password again."""

    words: ClassVar = {"password": (_("Password"), "")}


class NewPasswordForm(Worded, ChangePasswordForm):  # type: ignore[misc]
    """Ask for the password of now and the next one."""

    words: ClassVar = {
        "oldpassword": (_("The password that you have now"), ""),
        "password1": (_("The new password"), PASSWORD_HINT),
        "password2": (_("The new password again"), ""),
    }


class RecoverForm(Worded, ResetPasswordForm):  # type: ignore[misc]
    """Ask for the e-mail address."""

    words: ClassVar = {"email": (_("Your e-mail address"), _("The one that the operator wrote down for you."))}


class RecoveredForm(Worded, ResetPasswordKeyForm):  # type: ignore[misc]
    """Ask for the new password."""

    words: ClassVar = {
        "password1": (_("The new password"), PASSWORD_HINT),
        "password2": (_("The new password again"), ""),
    }


class CodeForm(Worded, AuthenticateForm):  # type: ignore[misc]
    """Ask for a code."""

    words: ClassVar = {"code": (_("Code"), CODE_HINT)}


class ProveItByCodeForm(Worded, ReauthenticateByCodeForm):  # type: ignore[misc]
    """Ask for a code again."""

    words: ClassVar = {"code": (_("Code"), CODE_HINT)}


class FirstCodeForm(Worded, ActivateTOTPForm):  # type: ignore[misc]
    """Ask for the first code of an app."""

    words: ClassVar = {"code": (_("The code that the app shows"), _("Six digits. They change every half minute."))}


class Unreadable:
    """Refuse what no passkey ever sent. The parser under allauth raises whatever it stumbles over, and the page would fail."""

    def clean_credential(self) -> Any:
        """Return the passkey that answered."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # every class below is also a form
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(Unreadable, LoginWebAuthnForm):  # type: ignore[misc]
    """Take a passkey that opens everything alone."""


class PasskeyStepForm(Unreadable, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Take a passkey as the second step."""


class ProveItByPasskeyForm(Unreadable, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Take a passkey again."""


class PasskeyForm(Worded, AddWebAuthnForm):  # type: ignore[misc]
    """Ask for the name of a passkey, and whether it opens everything alone."""

    words: ClassVar = {
        "name": (_("A name for it"), _("Such as: telephone, key at the office.")),
        "passwordless": (
            _("Sign in with it alone, without a password"),
            _("The device then asks for your finger, your face or its number."),
        ),
    }

    def clean(self) -> dict[str, Any]:
        """Refuse what no passkey ever sent."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


class PasskeyNameForm(Worded, EditWebAuthnForm):  # type: ignore[misc]
    """Ask for another name of a passkey."""

    words: ClassVar = {"name": (_("A name for it"), _("Such as: telephone, key at the office."))}
