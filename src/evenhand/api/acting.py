"""From an action to its operation: POST /need/submit, its body out of the action's signature, its answer the action's own.

Made for every action of the catalogue but those that need a folder of the server. A file comes in base64 within the JSON, or
as a part of a form. The header Idempotency-Key is the action's id: sent twice, it is done once. Must never do anything
else than call the action as who asks.
"""

from __future__ import annotations

import base64
import binascii
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, create_model

from evenhand.actions.action import Acting, Action, Done
from evenhand.actions.bulk.importing import DryRun, dry_run, import_file
from evenhand.actions.bulk.sending import Sent
from evenhand.actions.catalogue import ACTIONS
from evenhand.actions.keys import make_key
from evenhand.api.answers import plain
from evenhand.api.door import Asking
from evenhand.api.faults import fault, invalid
from evenhand.api.reading import LARGEST, SMALLEST, refuse_unknown, respond
from evenhand.api.schemas import first_sentence
from evenhand.errors import OptionRefused
from evenhand.lookups.reach import today

LEFT_OUT: Final = frozenset({"import archive"})
"""Actions that a program far away cannot do: they read a folder of the server."""

REASON: Final = "why, in the words of who acts; kept in the line of the action"
KEY_HEADER: Final = "Idempotency-Key"
LONGEST_TEXT: Final = 100_000
OPTIONAL: Final = {"key make": ("digest",)}
"""Parameters that may be left out here, because the API makes them: of a key that is made here and shown once."""

DRY_RUN: Final = "import dry-run"


def address_of(name: str) -> str:
    """Return the path of an action.

    Examples
    --------
    >>> address_of("user switch off")
    'user/switch-off'
    """
    group, _, verb = name.partition(" ")
    return f"{group}/{verb.replace(' ', '-')}"


def acting_names() -> tuple[str, ...]:
    """Return the actions that have an operation."""
    return tuple(name for name in ACTIONS if name not in LEFT_OUT)


def _decoded(value: Any) -> Any:
    """Return the bytes of a file: as they came with a form, or out of base64."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("a file comes in base64, or as a part of a form")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("it is not base64") from None


File = Annotated[bytes, BeforeValidator(_decoded), WithJsonSchema({"type": "string", "contentEncoding": "base64"})]


def model_of(action: Action[Any]) -> type[BaseModel]:
    """Return the model of an action's body, out of its signature."""
    hints = get_type_hints(action.body, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in action.parameters:
        hint = hints[parameter.name]
        meaning = str(get_args(hint)[1]) if get_origin(hint) is Annotated else ""
        kind: Any = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        limits: dict[str, Any] = {}
        if kind is bytes:
            kind = File
        elif kind is str:
            limits = {"max_length": LONGEST_TEXT}
        elif int in (kind, *get_args(kind)):
            limits = {"ge": SMALLEST, "le": LARGEST}
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        if parameter.name in OPTIONAL.get(action.name, ()):
            default = ""
        if parameter.default == b"":
            default = b""
        # What a model of pydantic has itself, such as `register`, no field of it may be called.
        field = f"{parameter.name}_" if hasattr(BaseModel, parameter.name) else parameter.name
        fields[field] = (kind, Field(default, description=meaning, alias=parameter.name, **limits))
    fields["reason"] = (str, Field("", description=REASON, alias="reason", max_length=LONGEST_TEXT))
    name = "".join(part.capitalize() for part in action.name.replace("-", " ").split())
    config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, ser_json_bytes="base64")
    made: type[BaseModel] = create_model(name, __config__=config, **fields)
    return made


def make_acting(action: Action[Any]) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of an action."""
    model = model_of(action)

    def view(request: HttpRequest) -> HttpResponse:
        def act(acting: Acting, given: dict[str, Any]) -> HttpResponse:
            if action.name == "key make" and not given["digest"]:
                made = make_key(acting, **{name: value for name, value in given.items() if name != "digest"})
                return _respond(request, made.done, key=made.secret)
            if action.name.startswith("import "):  # its id is the file's own
                given.setdefault("register", "entries")
                return _respond(request, import_file(acting, Sent(**given)))
            return _respond(request, action(acting, **given))

        return _answered(request, action.name, model, act)

    view.__name__ = address_of(action.name).replace("/", "_").replace("-", "_")
    view.__doc__ = first_sentence(action.body.__doc__)
    view.api_model = model  # type: ignore[attr-defined]
    return view


def make_dry_run() -> Callable[[HttpRequest], HttpResponse]:
    """Return the view that says what an import would do, and changes nothing."""
    model = model_of(ACTIONS["import records"])

    def view(request: HttpRequest) -> HttpResponse:
        def act(acting: Acting, given: dict[str, Any]) -> HttpResponse:
            run = dry_run(acting, Sent(**given))
            return respond(request, {"data": plain(run), "day": today().isoformat()})

        return _answered(request, "import records", model, act)

    view.__name__ = "import_dry_run"
    view.__doc__ = f"{first_sentence(dry_run.__doc__)} Any register, entries among them."
    view.api_model = model  # type: ignore[attr-defined]
    view.api_answer = DryRun  # type: ignore[attr-defined]
    return view


def _answered(
    request: HttpRequest, name: str, model: type[BaseModel], act: Callable[[Acting, dict[str, Any]], HttpResponse]
) -> HttpResponse:
    """Read the body, and act as who asks; tell what keeps it from that."""
    asking: Asking = request.asking  # type: ignore[attr-defined]  # the door has put it there
    if not asking.viewer.public_id:
        return fault(
            request, 401, "key-missing", "Nobody acts without a name: send a key, as Authorization: Bearer evh_...",
            headers={"WWW-Authenticate": 'Bearer realm="Evenhand"'},
        )  # fmt: skip
    asking.expect_scope(name)
    refusal = refuse_unknown(request, {})
    if refusal is not None:
        return refusal
    known = {str(field.alias): field.description or "" for field in model.model_fields.values()}
    try:
        body = model.model_validate(read_body(request))
    except ValidationError as error:
        return invalid(request, "the body", error.errors(include_url=False, include_input=False), known)
    given = {str(field.alias): getattr(body, key) for key, field in model.model_fields.items()}
    acting = Acting(
        asking.viewer,
        reason=given.pop("reason"),
        request=request.headers.get(KEY_HEADER, ""),
        origin=asking.origin[:64],
    )
    return act(acting, given)


def read_body(request: HttpRequest) -> Mapping[str, Any]:
    """Return what was sent: a JSON object, or the parts of a form.

    Raises
    ------
    OptionRefused
        It is neither.
    """
    if request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        parts: dict[str, Any] = {}
        sent: list[tuple[str, list[Any]]] = [*request.POST.lists(), *request.FILES.lists()]
        for name, values in sent:
            if len(values) > 1 or name in parts:
                raise OptionRefused(f"{name[:60]} was sent more than once; send it once")
            value = values[0]
            parts[name] = value.read() if isinstance(value, UploadedFile) else value
        return parts
    if request.content_type not in ("application/json", "", None):
        raise OptionRefused(
            f"a body of the kind '{str(request.content_type)[:60]}' is not read; send application/json or multipart/form-data"
        )
    if not request.body:
        return {}
    try:
        found = json.loads(request.body, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, _Refused) else "it is not JSON"
        raise OptionRefused(f"the body cannot be read: {why}; send one JSON object, in UTF-8") from None
    if not isinstance(found, dict):
        raise OptionRefused('the body is JSON and no object; send the parameters by name, such as {"need": "ND-..."}')
    return found


class _Refused(ValueError):
    """Say why JSON is not read."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused("a name stands in it twice")
    return found


def _no_number(text: str) -> None:
    raise _Refused(f"{text} is no number")


def _respond(request: HttpRequest, done: Done, **more: Any) -> HttpResponse:
    return respond(request, {"data": plain(asdict(done)) | more, "day": today().isoformat()})
