"""What allauth asks of us: who may try now, in which words, where to go next, how secrets lie in the database.

Named in the settings. Decides nothing about roles.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from typing import Any, ClassVar, Final

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evenhand.errors import OptionRefused
from evenhand.web.account.locks import address_of, may_hash
from evenhand.web.account.second_step import is_needed, is_the_last

PURPOSE: Final = b"evenhand: the secrets of second steps, 1"
NONCE: Final = 12

SAID: Final[dict[str, str | Promise]] = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("The password is changed. Your other sessions have ended."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up. From now on, signing in asks for its code."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "New recovery codes were made. They are shown once: write them down."
    ),
    "usersessions/messages/sessions_logged_out.txt": _("Your other sessions have ended."),
}
"""What allauth wants said → our sentence."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types here
    """Sign people in by name; nobody signs up."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The name or the password is not right. Passwords tell capitals from small letters."
        ),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("Type the password that you have now."),
        "incorrect_code": _(
            "The code is not right. A code counts for half a minute; wait for the next one and type that."
        ),
        "too_many_login_attempts": _("Too many tries. Nothing was changed; wait a few minutes and try again."),
        "too_fast": _("Too many tries at once from your address. Wait a second, then send it again."),
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what was done, in our words; what has none of ours is plain from the page that follows."""
        said = message or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an operator lets people in."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse before anything is hashed, where an address asks too fast."""
        if not may_hash(request):
            raise self.validation_error("too_fast")
        super().pre_authenticate(request, **credentials)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that asks."""
        return address_of(request)

    def is_safe_url(self, url: str) -> bool:
        """Say whether one may be sent on to an address: one of this very server, never another host's."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to one's own work."""
        return reverse("desk")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the home page."""
        return reverse("home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the account."""
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again who it is before something sensitive, unless that was proved a moment ago."""
        records = get_authentication_records(context.request, context.request.user)
        recent = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not any(record.get("at", 0) > recent for record in records)


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types here
    """Keep the secrets of second steps unreadable in the database and its backups; staff keeps at least one."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _(
            "This is your only second step, and your role needs one. Set up another first, then remove this one."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored: AES-256-GCM under a key made of the installation's own secret."""
        nonce = secrets.token_bytes(NONCE)
        return base64.b64encode(nonce + AESGCM(_key()).encrypt(nonce, text.encode(), PURPOSE)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that was stored.

        Raises
        ------
        OptionRefused
            It was stored under another secret_key.
        """
        stored = base64.b64decode(encrypted_text)
        try:
            return AESGCM(_key()).decrypt(stored[:NONCE], stored[NONCE:], PURPOSE).decode()
        except InvalidTag:
            raise OptionRefused(
                "the secret of a second step was stored under another secret_key; put keys/secret.key back as it was, or have an "
                "operator remove the second steps of the user"
            ) from None

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep staff from removing the one second step that it has."""
        viewer = getattr(context.request, "viewer", None)
        return viewer is None or not (is_needed(viewer) and is_the_last(authenticator))

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Return what an authenticator app shows: the name to sign in with, never an e-mail address."""
        return str(user.get_username())

    def get_totp_issuer(self) -> str:
        """Return of whom the app says that it is."""
        return str(settings.MFA_TOTP_ISSUER)

    def build_totp_svg(self, url: str) -> str:
        """Return the picture to scan, without style or script, as the content policy wants it."""
        code = segno.make(url, error="m", micro=False)
        return str(code.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr", omitsize=False))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """Return what a passkey is called before anybody gives it a name."""
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey {number}").format(number=there + 1)

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        """Return what a passkey shows of its owner."""
        return str(user.get_username())

    def _get_site_name(self) -> str:
        """Return what a passkey shows of us."""
        return self.get_totp_issuer()


def _key() -> bytes:
    return hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"second-step").digest()
