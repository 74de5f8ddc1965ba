"""The form of any action: shown, checked, done once, and kept as it was typed where something is wrong.

`/act/need/draft?party=TCD` shows the form of "need draft" with the party filled in. A form carries the id of what it will
do, so sending it twice does it once; an error or an expired sign-in loses nothing that was typed.
"""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.actions.action import Acting, Action, Done
from evenhand.actions.catalogue import ACTIONS
from evenhand.errors import EvenhandError, NotAllowed
from evenhand.web.account.second_step import OPEN_DOOR
from evenhand.web.forms.fields import ActionForm, make_form
from evenhand.web.forms.naming import Naming, gathered
from evenhand.web.forms.saying import Group, Saying, Then
from evenhand.web.forms.sayings import SAYINGS
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.typed import forget_typed, hold_typed, typed_before
from evenhand.web.languages.sentences import in_plain_text

NOT_HERE: Final = {"import records": "imports", "import entries": "imports", "key make": "keys", "import archive": ""}
"""Actions that need more than a form → the name of their own page, "" where there is none."""

AGAIN: Final = frozenset({"user second step", "user password", "user grant"})
"""Actions that open doors: whoever does them proves once more who it is, where that was not a moment ago."""


@private_page()
def act(request: HttpRequest, group: str, verb: str) -> HttpResponse:
    """Show the form of an action, or do it."""
    name = f"{group} {verb.replace('-', ' ')}"
    action = ACTIONS.get(name)
    if action is None or NOT_HERE.get(name) == "":
        raise Http404
    viewer = viewer_of(request)
    if not viewer.has(*RIGHTS[name]):
        raise NotAllowed(f"{viewer.name} may not '{name}'; that takes the role {' or '.join(RIGHTS[name])}")
    if name in NOT_HERE:
        return redirect(NOT_HERE[name])
    if name in AGAIN and (asked := prove_again(request)) is not None:
        return asked
    saying = SAYINGS.get(name) or Saying(title=name.capitalize(), button=name.capitalize())
    opened = {key: str(value) for key, value in request.GET.items() if key not in ("typed", "next")}
    typed = {key: str(value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
    # Nothing has a NUL in its name, and PostgreSQL takes none in a question; the field itself refuses what was typed.
    opened_with = opened | {key: value for key, value in typed.items() if "\0" not in value}
    if saying.varies is not None:
        saying = saying.varies(viewer, opened_with)
    Form = make_form(action, saying, viewer, opened_with)  # noqa: N806 -- it is a class
    if request.method == "POST":
        form = Form(request.POST, request.FILES)
        if form.is_valid():
            try:
                done = do(request, action, form, saying)
            except EvenhandError as error:
                add_refusal(form, error)
            else:
                return go_on(request, saying, done, form.cleaned_data)
        return _show(request, action, saying, form, opened_with, status=422)
    before = typed_before(request)
    stands = dict(saying.opens(viewer, opened)) if saying.opens else {}
    initial = {"request_id": str(uuid.uuid4())} | stands | opened | before | gathered(Form.base_fields, opened | before)
    return _show(request, action, saying, Form(initial=initial), opened_with | before)


def do(request: HttpRequest, action: Action[Any], form: ActionForm, saying: Saying | None = None) -> Done:
    """Do an action with what a sound form holds. Raises what the action refuses."""
    given = {}
    left = _left_as_it_stands(viewer_of(request), form, saying) if saying else frozenset()
    for parameter in action.parameters:
        if parameter.name in left:
            continue
        value = form.cleaned_data.get(parameter.name)
        file = form.files.get(parameter.name)
        if isinstance(file, UploadedFile):
            value = file.read()
            if "filename" in form.fields and not form.cleaned_data.get("filename"):
                given["filename"] = file.name
        if value in (None, "") and parameter.default is not inspect.Parameter.empty:
            continue
        given.setdefault(parameter.name, value)
    acting = acting_of(request, form.cleaned_data["request_id"], form.cleaned_data.get("reason", ""))
    return action(acting, **given)


def _left_as_it_stands(viewer: Viewer, form: ActionForm, saying: Saying) -> frozenset[str]:
    """Return the fields that opened with what stands, where none of them was changed."""
    if saying.opens is None or not saying.must_differ:
        return frozenset()
    stands = saying.opens(viewer, {name: str(value) for name, value in form.cleaned_data.items() if value})
    changed = any(str(form.cleaned_data.get(name) or "").strip() != value for name, value in stands.items())
    return frozenset() if changed else frozenset(stands)


def prove_again(request: HttpRequest) -> HttpResponse | None:
    """Ask who it is once more, unless that was proved a moment ago; what was typed is kept, but for passwords.

    Whoever stepped in through a demo's open door has nothing to prove it with, and is not asked.
    """
    if settings.OPEN_DOORS and request.session.get(OPEN_DOOR):
        return None
    if not is_reauthentication_required(request, app="evenhand"):
        return None
    onward = request.get_full_path()
    if request.method == "POST" and (key := hold_typed(request)):
        query = request.GET.copy()
        query["typed"] = key
        onward = f"{request.path}?{query.urlencode()}"
    ways = get_adapter().get_reauthentication_methods(request.user)
    asks = ways[0]["url"] if ways else reverse("account_login")
    return redirect(f"{asks}?{urlencode({'next': onward})}")


def add_refusal(form: ActionForm, error: EvenhandError) -> None:
    """Put what an action refused at the field that it names, else at the form."""
    form.add_error(_field_of(form, error.sentence), in_plain_text(error.sentence))


def _field_of(form: ActionForm, sentence: str) -> str | None:
    """Return the field that a refusal is about: the one whose value it quotes, else the one that it names."""
    values = {
        name: str(value).strip()
        for name, value in form.cleaned_data.items()
        if name not in ("request_id", "reason") and str(value or "").strip()
    }
    by_length = sorted(values.items(), key=lambda one: -len(one[1]))
    quoted = set(re.findall(r"'([^']+)'", sentence))
    for name, value in by_length:
        if f"'{value}'" in sentence:
            return name
    for name, value in by_length:
        if quoted & set(re.split(r"[\s;]+", value)):  # of "40 bag", it is the bag that there is none of
            return name
    for name, value in by_length:
        if len(value) > 6 and value in sentence and form.fields[name].required:
            return name
    for name in sorted(form.fields, key=len, reverse=True):
        spoken = name.replace("_", "[ _-]")
        if len(name) > 2 and name != "request_id" and re.search(rf"(?<![\w'-]){spoken}(?![\w'])", sentence):
            return name
    return None


def go_on(request: HttpRequest, saying: Saying, done: Done, given: Mapping[str, Any]) -> HttpResponseRedirectBase:
    """Say what was done, and lead to where one goes on."""
    facts = {"ref": done.ref} | {key: value for key, value in done.facts.items() if isinstance(value, str | int)}
    try:
        said = str(saying.done).format(**facts) if saying.done else _("Done: {ref}.").format(ref=done.ref)
    except (KeyError, IndexError):
        said = _("Done: {ref}.").format(ref=done.ref)
    if done.repeated:
        said = _("This was done before and was not done again: {said}").format(said=said)
    if saying.then is not None and request.POST.get("then"):
        follow(request, saying.then, done, said)
    else:
        messages.success(request, said)
    forget_typed(request)
    onward = request.GET.get("next", "")
    if onward and url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(onward)
    return redirect(saying.onward(done, given) if saying.onward else address_of(done.ref))


def follow(request: HttpRequest, then: Then, done: Done, said: str) -> None:
    """Do what follows at once, under an id made from the first action's; what is refused is said, and the first stays done."""
    try:
        next_ = ACTIONS[then.action](acting_of(request, id_after(done.action, then.action)), **then.given(done))
    except EvenhandError as error:
        messages.success(request, said)
        messages.warning(request, in_plain_text(error.sentence))
    else:
        messages.success(request, str(then.done).format(ref=next_.ref))


def acting_of(request: HttpRequest, request_id: str, reason: str = "") -> Acting:
    """Return who acts, why and under which id, from where a request came."""
    return Acting(
        viewer_of(request), reason=reason, request=request_id, origin=str(request.META.get("REMOTE_ADDR", ""))[:64]
    )


def id_after(request_id: str, *more: str) -> str:
    """Return the id of an action that follows from a form's own id: the same each time the same form is sent."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join((request_id, *more))))


def _show(
    request: HttpRequest,
    action: Action[Any],
    saying: Saying,
    form: ActionForm,
    opened: Mapping[str, str],
    status: int = 200,
) -> HttpResponse:
    context = {
        "action": action, "saying": saying, "form": form, "groups": _grouped(form, saying),
        **(saying.context(viewer_of(request), opened) if saying.context else {}),
    }  # fmt: skip
    return show(request, saying.template, context, status=status)


def _to_be_seen(form: ActionForm, name: str) -> bool:
    """Say whether a field must not lie folded away: something is wrong with it, or it names whom one would overlook."""
    return bool(form[name].errors or (isinstance(form.fields[name], Naming) and form[name].value()))


def _grouped(form: ActionForm, saying: Saying) -> list[dict[str, Any]]:
    """Return the form's fields in their groups; what no group names comes last, folded where nothing of it is needed."""
    named = {name for group in saying.groups for name in group.names}
    rest = tuple(
        name for name, one in form.fields.items()
        if name not in named and name not in ("request_id", "reason") and not one.widget.is_hidden
    )  # fmt: skip
    groups = list(saying.groups)
    if rest:
        needed = any(form.fields[name].required for name in rest)
        groups.append(Group(_("More") if groups else "", rest, folded=bool(groups) and not needed))
    if "reason" not in named:
        groups.append(Group(_("Reason"), ("reason",), folded=not saying.reason))
    return [
        {
            "title": group.title,
            "fields": [form[name] for name in group.names if name in form.fields],
            "folded": group.folded and not any(_to_be_seen(form, name) for name in group.names if name in form.fields),
        }
        for group in groups
    ]
