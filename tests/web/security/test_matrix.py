"""Every address × everybody who may ask × every method: what is not allowed in a rule below is refused.

The addresses come from the URL conf, so one without a rule fails. Who asks is seen from Chad, and what it asks for is Chad's, a
clinic's below it, another group's, or public. The answers stand in `golden/matrix_*.txt`, for people to read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from evenhand_cast import Cast
from evenhand_matrix import ASKERS, PARTS, Address, addresses, browser_of, let_go, part_of
from evenhand_seen import MAY_MEET, World, make_world

from evenhand.access.rights import RIGHTS
from evenhand.actions.catalogue import ACTIONS
from evenhand.web.forms.acts import NOT_HERE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GOLDEN = Path(__file__).parent / "golden"
SIGN_IN, SECOND_STEP, ADMIN = "302:sign-in", "302:second-step", "302:login"


def words(text: str) -> set[str]:
    return set(text.split())


# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────────

SEES: dict[str, set[str]] = {
    "draft": {"own", "audit"},
    "clinic draft": {"own", "below", "audit"},
    "submitted": {"own", "secr", "audit"},
    "correction": {"own", "secr", "audit"},
    "abandoned": {"own", "audit"},
    "french draft": {"other", "audit"},
    "on draft": {"own", "audit"},
    "on need": {"own", "secr", "board", "audit"},
    "on offer": {"donor", "audit"},
    "on round": {"secr", "board", "audit"},
    "unpublished": {"secr", "board", "audit"},
    "of the unpublished": {"secr", "board", "audit"},
    "line about the draft": {"own", "audit"},
    "line about the approved": {"own", "audit"},
    "proposed": {"secr", "secreu", "donor2", "audit"},
    "rejected": {"secr", "secreu", "audit"},
    "private": {"own", "secr", "board", "audit"},
    "unread": {"secr", "audit"},
    "unread document": {"secr", "secreu", "donor2", "audit"},
    "private document": {"own", "secr", "board", "audit"},
    "planned": {"secr", "secreu", "donor2", "audit"},
    "hidden official": {"secr", "secreu", "donor2", "audit"},
    "nowhere": set(),
}
"""What is not public → who sees it. For everybody else it is not there, like what was never made."""

USERS_SEEN = {"chad": {"own", "audit", "oper"}, "auditor": {"nostep", "audit", "oper"}}

PUBLIC = words(
    """
    home needs needs-data need need-data offers offers-data offer offer-data members members-data donors donors-data
    party party-data resources resources-data resource resource-data programmes programmes-data programme
    programme-data groups groups-data group group-data rounds rounds-data round round-data round-file consignments
    consignments-data consignment consignment-data promises promises-data evidence evidence-data book checkpoints
    checkpoints-data checkpoint consistency entries entries-data entry entry-data proof-text verifier search
    search-data changes changes-data feed help help-topic glossary glossary-data accessibility data data-data
    everything open-table evidence-file statements statements-data statements-feed statement statement-data thread
    thread-data words words-data document document-data meetings meetings-data meetings-feed meeting meeting-data officials
    officials-data official official-data try-text
    """
)
"""Pages that everybody may read; what stands in them may be hidden from some (SEES)."""

ALWAYS = {"health": 200, "manifest": 200, "robots": 200, "worker": 200, "checkpoint-note": 404}
"""Without a language, without a reader. Nothing was signed in this world, so there is no checkpoint."""

STATE: dict[tuple[str, str], int] = {
    # what is there and cannot be had now: no checkpoint covers the entry; the plans of this world are no plans
    ("proof-text", "first"): 409,
    ("proof_text", "first"): 409,
    ("proofs_prove_inclusion", "first"): 409,
    ("why", "published"): 422,
    ("why-data", "published"): 422,
    ("why", "unpublished"): 422,
    ("why-data", "unpublished"): 422,
    ("round_table", "published"): 404,
    ("round_table", "unpublished"): 404,
    ("places_get_place", "chad"): 404,
    ("keys_get_key", "chad"): 404,
    ("checkpoint_note", ""): 404,
    ("checkpoints_prove_consistency", ""): 422,
    ("search_search_everything", ""): 422,
}

SIGNED_IN: dict[str, int] = {
    # for whoever is signed in → how it is answered for the cast, which has no password and no second step of its own
    "account": 200, "account_reauthenticate": 403, "mfa_reauthenticate": 403, "mfa_reauthenticate_webauthn": 403,
    "mfa_index": 200, "mfa_activate_totp": 200, "mfa_deactivate_totp": 404, "mfa_view_recovery_codes": 404,
    "mfa_generate_recovery_codes": 200, "mfa_list_webauthn": 200, "mfa_add_webauthn": 200, "mfa_edit_webauthn": 404,
    "mfa_remove_webauthn": 404, "usersessions_list": 200, "account_logout": 200,
}  # fmt: skip
ACCOUNT: dict[str, tuple[str, str]] = {
    # → for the public, for whoever is signed in
    "account_login": ("200", "302:desk"),
    "mfa_authenticate": (SIGN_IN, "302:desk"),
    "mfa_login_webauthn": (SIGN_IN, "302:desk"),
    "account_logout": ("302", "200"),
    "account_change_password": (SIGN_IN, "200"),
    "step_in": ("405", "405"),
    "end_session": ("405", "405"),
    "account_inactive": ("200", "200"),
    "account_reset_password": ("200", "200"),
    "account_reset_password_done": ("200", "200"),
    "account_reset_password_from_key": ("200", "200"),
    "account_reset_password_from_key_done": ("200", "200"),
    "account_signup": ("404", "404"),
    "account_email": ("404", "404"),
    "account_email_verification_sent": ("404", "404"),
    "account_set_password": ("404", "404"),
}

AUDITORS_TABLES = words(
    """
    user roleheld actionline place party group membership office resource code programme need offer evidence round
    proposal objection recusal vote account entry checkpoint consignment consignmentline entrynote head
    reading official meeting merge statement thread reply
    """
)
OPERATORS_TABLES = {
    *("user", "roleheld", "place", "party", "group", "membership", "office", "resource", "code", "programme"),
}


def expected(one: Address, asker: str) -> str:
    """Return what the rules say. Raises LookupError where they say nothing."""
    public = asker in ("public", "off")
    part = part_of(one)
    if part == "api":
        return _of_api(one, asker)
    if part == "admin":
        return _of_admin(one, asker)
    if part == "account":
        if one.name in ACCOUNT:
            return ACCOUNT[one.name][0 if public else 1]
        return SIGN_IN if public else str(SIGNED_IN[one.name])
    if one.name in ALWAYS:
        return str(ALWAYS[one.name])
    if asker == "nostep":
        return SECOND_STEP
    if one.name in PUBLIC | {"why", "why-data", "round-rules", "round-rules-data"}:
        return str(STATE.get((one.name, one.what), 200) if asker in SEES.get(one.what, ASKERS) else 404)
    return str(PRIVATE[one.name](one, asker, public))


def _act(one: Address, asker: str, public: bool) -> str:
    if public:
        return SIGN_IN
    if one.what not in ACTIONS or NOT_HERE.get(one.what) == "":
        return "404"
    if not roles_of(asker) & set(RIGHTS[one.what]):
        return "403"
    return "302" if one.what in NOT_HERE else "200"


def roles_of(asker: str) -> set[str]:
    from evenhand_cast import USERS

    return {role for name, role, *_ in USERS if name == ASKERS[asker][0]}


def _receipt(one: Address, asker: str, public: bool) -> str:
    if public:
        return SIGN_IN
    return "404" if one.what == "nowhere" else "200" if asker == "own" else "403"


def _keeping(one: Address, asker: str, public: bool) -> str:
    page = _of_roles("secretariat", "focal-point", "donor")(one, asker, public)
    return "302" if page == "200" else str(page)  # nothing waits under a made-up token


def _override(one: Address, asker: str, public: bool) -> str:
    if public:
        return SIGN_IN
    if asker != "board":
        return "403"
    return "404" if one.what == "nowhere" else "422"


def _code(one: Address, asker: str, public: bool) -> str:
    return "404" if one.what == "nowhere" else "302"


def _of_roles(*roles: str) -> Any:
    """Return the rule of a page for whoever is signed in, with one of the roles where any are named."""

    def rule(one: Address, asker: str, public: bool) -> str:
        return SIGN_IN if public else "200" if not roles or roles_of(asker) & set(roles) else "403"

    return rule


def _user(one: Address, asker: str, public: bool) -> str:
    page = _of_roles("auditor", "operator")(one, asker, public)
    return "404" if page == "200" and one.what == "nowhere" else str(page)


REGISTERS = {
    "needs": {"own", "below", "same", "other", "secr", "secreu"}, "offers": {"donor", "donor2"}, "entries": {"secr", "secreu"},
    "parties": {"secr", "secreu", "oper"}, "nowhere": set[str](),
}  # fmt: skip
"""Kind of spreadsheet → who may send one."""


def _register(one: Address, asker: str, public: bool) -> str:
    if public:
        return SIGN_IN
    if one.what == "nowhere":
        return "404"
    if asker not in REGISTERS[one.what]:
        return "403"
    return {"import_preview": "302", "import_problems": "404"}.get(
        one.name, "200"
    )  # nothing waits under a made-up token


def _paper(one: Address, asker: str, public: bool) -> str:
    if public:
        return SIGN_IN
    if one.what == "nowhere":
        return "404"
    return "200" if asker in {"own", "donor", "secr", "audit"} else "403"


PRIVATE: dict[str, Any] = {
    "act": _act,
    "desk": lambda one, asker, public: SIGN_IN if public else "200",
    "receipts": lambda one, asker, public: SIGN_IN if public else "200",
    "receipts-token": lambda one, asker, public: "200",
    "receipt": _receipt,
    "review": _of_roles("secretariat", "auditor"),
    "keep-text": _keeping,
    "round-override": _override,
    "round-explain": lambda one, asker, public: "302",
    "code": _code,
    "my_needs": _of_roles("focal-point"),
    "renew_all": _of_roles("focal-point"),
    "check_needs": _of_roles("secretariat"),
    "stock": _of_roles(),
    "stock-data": _of_roles(),
    "expiring": _of_roles(),
    "expiring-data": _of_roles(),
    "actions": _of_roles(),
    "audit": _of_roles("auditor", "operator"),
    "users": _of_roles("auditor", "operator"),
    "user": _user,
    "keys": _of_roles(),
    "imports": _of_roles(),
    "import": _register,
    "import_template": _register,
    "import_preview": _register,
    "import_problems": _register,
    "give": _of_roles("donor", "donor-reader"),
    "gifts": _of_roles("donor", "donor-reader"),
    "gifts-data": _of_roles("donor", "donor-reader"),
    "plan-consignment": _of_roles("secretariat", "donor", "focal-point"),
    "manifest-pdf": _paper,
    "labels-pdf": _paper,
    "receipt-pdf": _paper,
}

API_READINGS = words(
    """
    me book/keys book/lines book/entries/<seq>/tlog-proof checkpoint evidence/<ref>/file rounds/<ref>/tables/<name>
    map.geojson bulk.zip rounds/<ref>/plan.zip needs needs/<ref> needs-lapsing gaps offers offers/<ref>
    offers/<offer>/path promises parties parties/<key> parties/<key>/standing groups groups/<key>
    groups/<key>/members places places/<key> resources resources/<key> programmes programmes/<ref> rounds
    rounds/<ref> objections/<ref> consignments consignments/<ref> evidence evidence/<ref> book/entries
    book/entries/<seq>/proof book/entries/number/<seq> book/entries/<entry> book/balances book/expiring
    book/checkpoints book/checkpoints/<size> book/consistency figures figures/headline figures/worst-served
    figures/waiting figures/money figures/values changes search translations queue desk/awaited desk/coming
    desk/held desk/unsent actions actions/<id> users users/<name> keys keys/<ref>
    statements statements/<ref> statements/<statement>/alike statement-threads statement-threads/<ref> meetings
    meetings/<ref> meetings/<meeting>/alike who-met-whom merges officials officials/<ref> documents documents/<ref> sentences
    statements-to-review statements-followed words-kept office-suggestions flows members promises-overdue needs-tended
    needs-to-check
    """
)


def _of_api(one: Address, asker: str) -> str:
    place = one.route.removeprefix("api/v1/")
    if one.name in ("api", "api-openapi"):
        return "200"
    if one.route.startswith("^api"):
        return "404"
    if place not in API_READINGS:
        action = place.replace("/", " ", 1).replace("-", " ")
        if action in ACTIONS or place == "import/dry-run":
            return "405"
        raise LookupError(place)
    seen = USERS_SEEN.get(one.what, set()) if place == "users/<name>" else SEES.get(one.what, set(ASKERS))
    return str(STATE.get((one.name, one.what), 200)) if asker in seen else "404"


def _of_admin(one: Address, asker: str) -> str:
    if asker == "nostep":
        return SECOND_STEP
    reads = asker in ("audit", "oper")
    if one.route == "admin/login/":
        return SIGN_IN if asker in ("public", "off") else "302"
    if one.route in ("admin/logout/", "admin/password_change/"):
        return "302" if reads or one.route == "admin/logout/" else ADMIN
    if not reads:
        return ADMIN
    whole = {
        "admin/": "200",
        "admin/jsi18n/": "200",
        "admin/autocomplete/": "403",
        "admin/password_change/done/": "200",
    }
    if one.route in whole:
        return whole[one.route]
    if one.route.startswith(("admin/r/", "admin/(?P<url>", "admin/^(?P<app_label>")):
        return "404"
    found = re.match(r"admin/\w+/(\w+)/(.*)", one.route)
    assert found, one.route
    table, rest = found[1], found[2]
    if table not in AUDITORS_TABLES:
        raise LookupError(f"no rule says who reads the table {table}")
    may = asker == "audit" or table in OPERATORS_TABLES
    if not rest:
        return "200" if may else "403"
    if rest == "add/" or "delete" in rest:
        return "403"
    return (
        "302" if may or "history" in rest or not rest.count("/") > 1 else "403"
    )  # there is no such row; where there is one, tests/web/security/test_reading_room.py looks


# ── who gets what ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def some_of(world: World, part: str) -> list[Address]:
    """Return the addresses of a part; of the admin's many tables all lists, and the rows of three."""
    found = [one for one in addresses(world) if part_of(one) == part and one.name != "account_logout"]
    if part != "admin":
        return found
    return [one for one in found if one.route.count("/") < 4 or re.search("/(user|need|entry)/", one.route)]


CARRIED = {
    "content policy": "default-src 'none'",
    "nosniff": "X-Content-Type-Options': 'nosniff'",
    "referrer policy": "Referrer-Policy': 'same-origin'", "frame options": "X-Frame-Options': 'DENY'",
    "opener policy": "Cross-Origin-Opener-Policy': 'same-origin'", "permissions": "Permissions-Policy': '",
}  # fmt: skip
"""What every answer carries, whoever gets it."""

HIDDEN = {*MAY_MEET, "focal-tcd"} - {"u-CANARYwriter"}
"""What not everybody may meet; and names to sign in with, which no page tells but to those who keep them. Who wrote an entry is
known by its opaque id alone, which is in the leaf that everybody checks."""


def may_meet(asker: str) -> set[str]:
    """Return what an asker may meet; whoever lacks its second step, nothing but its own name."""
    name, state = ASKERS[asker]
    if state == "switched off" or not name:
        return set()
    if state == "without second step":
        return {"canary-auditor"}
    keeps = {"focal-tcd"} if name in ("auditor", "operator") else {name}
    return {canary for canary, viewers in MAY_MEET.items() if name in viewers} | keeps


def text_of(answer: Any) -> str:
    """Return all that an answer says: its page, its headers, and what lies in a packed file."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return body.decode("utf-8", "replace") + str(answer.headers)


def cell(answer: Any) -> str:
    """Return an answer as it stands in the table: its status, and where it leads."""
    to = answer.get("Location", "").partition("?")[0].rstrip("/").rpartition("/")[2]
    named = {"sign-in", "second-step", "desk", "login"}
    return f"{answer.status_code}:{to}" if answer.status_code in (301, 302) and to in named else str(answer.status_code)


def ask(world: World, part: str) -> Iterator[tuple[Address, str, str, str]]:
    """Ask for everything of a part as everybody, each time undoing what that did."""
    from evenhand.api import limits

    found = some_of(world, part)
    for asker in ASKERS:
        with transaction.atomic():
            browser = browser_of(asker)
            for one in found:
                limits.KEYS.clear()
                limits.ADDRESSES.clear()
                answer = browser.get(one.path)
                page = text_of(answer)
                let_go(answer)
                yield one, asker, cell(answer), page
            transaction.set_rollback(True)


@pytest.mark.parametrize("part", PARTS)
def test_everybody_gets_what_the_rules_say_and_nothing_else(world: World, part: str, update_golden: bool) -> None:
    lines: dict[tuple[str, str], list[str]] = {}
    surprises, unruled, met, bare = [], set(), set[str](), set[str]()
    for one, asker, went, page in ask(world, part):
        bare |= {f"{one.path} as {asker} has no {name}" for name in CARRIED if CARRIED[name] not in page}
        if one.name in ("api", "api-openapi"):
            page = ""  # its examples were made in a world like this one
        met |= {
            f"{canary} at {one.path} as {asker}"
            for canary in HIDDEN - may_meet(asker)
            if canary in page and canary not in one.path
        }
        lines.setdefault((one.route, one.what), []).append(went)
        try:
            wanted = expected(one, asker)
        except LookupError as error:
            unruled.add(f"{one.name}: {one.route} ({error})")
        else:
            if went != wanted:
                surprises.append(f"{one.path} [{one.what}] as {asker}: {went}, and the rule says {wanted}")
    assert not unruled, "no rule says who may ask for: " + "; ".join(sorted(unruled))
    assert not met, "somebody meets what it may not see:\n" + "\n".join(sorted(met)[:60])
    assert not bare, "\n".join(sorted(bare)[:60])
    assert not surprises, f"{len(surprises)} cells differ:\n" + "\n".join(surprises[:200])
    compare(GOLDEN / f"matrix_{part}.txt", lines, update_golden)


def compare(golden: Path, lines: dict[tuple[str, str], list[str]], update: bool) -> None:
    """Compare a table with its golden file, or write that anew."""
    width = max(len(f"{route} [{what}]") for route, what in lines) + 2
    written = [f"{'address [what stands in it]':{width}}" + " ".join(f"{asker:11}" for asker in ASKERS)]
    written += [
        f"{f'{route} [{what}]' if what else route:{width}}" + " ".join(f"{one:11}" for one in cells)
        for (route, what), cells in lines.items()
    ]
    text = "\n".join(line.rstrip() for line in written) + "\n"
    if update:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text, "read the difference, then --update-golden"


def test_there_are_more_than_six_thousand_cells_and_a_rule_for_every_name(world: World) -> None:
    found = addresses(world)
    assert len(found) * len(ASKERS) > 6000
    assert {part_of(one) for one in found} == set(PARTS)


# ── in whatever way they ask ─────────────────────────────────────────────────────────────────────────────────────────

WRITING = ("POST", "PUT", "PATCH", "DELETE")
REFUSED = {401, 403, 404, 405}


def rows() -> dict[str, int]:
    """Count the rows of all our tables, and say which version the records have."""
    from django.apps import apps

    from evenhand.access.models import Version

    counted = {
        model._meta.label: model._default_manager.count()
        for name in ("access", "records", "rounds", "stockbook")
        for model in apps.get_app_config(name).get_models()
    }
    return counted | {"version": sum(Version.objects.values_list("number", flat=True))}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("asker", ["public", "own"])
def test_whatever_writes_is_refused_without_a_token_and_changes_nothing(world: World, asker: str, part: str) -> None:
    from evenhand.api import limits

    browser = browser_of(asker, enforce_csrf_checks=True)
    before, surprises = rows(), []
    for one in some_of(world, part):
        if part == "admin" and "<" in one.route:
            continue
        for method in WRITING if one.what in ("", "draft", "need draft") else ("POST",):
            limits.KEYS.clear()
            limits.ADDRESSES.clear()
            answer = browser.generic(method, one.path)
            let_go(answer)
            if answer.status_code not in REFUSED:
                surprises.append(f"{method} {one.path} as {asker}: {answer.status_code}")
    assert not surprises, "\n".join(surprises[:40])
    assert rows() == before


@pytest.mark.parametrize("part", PARTS)
def test_other_ways_of_asking_fail_nothing_and_change_nothing(world: World, part: str) -> None:
    """HEAD is answered as GET is, without a body; OPTIONS says little; TRACE is refused everywhere."""
    from evenhand.api import limits

    browser = browser_of("own")
    before, surprises = rows(), []
    for one in some_of(world, part):
        if one.what not in ("", "csv", "nowhere", "draft", "need draft", "published", "chad"):
            continue
        limits.KEYS.clear()
        limits.ADDRESSES.clear()
        head, options, trace = (browser.generic(method, one.path) for method in ("HEAD", "OPTIONS", "TRACE"))
        for method, answer, fine in (
            ("HEAD", head, head.status_code < 500 and not getattr(head, "content", b"")),
            ("OPTIONS", options, options.status_code < 500 and b"CANARY" not in getattr(options, "content", b"")),
            ("TRACE", trace, trace.status_code == 405),
        ):
            let_go(answer)
            if not fine:
                surprises.append(f"{method} {one.path}: {answer.status_code}")
    assert not surprises, "\n".join(surprises[:40])
    assert rows() == before
