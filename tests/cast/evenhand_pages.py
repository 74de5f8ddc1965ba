"""Every page by the name of its address, with an example to visit it at: what crawls and budgets go by.

`PAGES` is written by hand and compared with the URL conf by a test, so that no page is left out. An example is a path under
the language, with facts of the demo in braces; `who` visits it; `wrong` is where it shows an error; "press" sends its form empty.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from evenhand_served import Site, run_python


@dataclass(frozen=True)
class Example:
    """Hold one page: where it is, who visits it, where it shows an error, where it is in an empty installation, what it answers."""

    path: str
    who: str = ""
    wrong: str = ""
    empty: str = ""
    status: int = 200


FOCAL, NURSE, DONOR, OTHER_DONOR = "focal-tcd", "nurse-moissala", "donor-demo-relief", "donor-demo-medical"
TASK_FORCE, BOARD, AUDITOR, OPERATOR = "demo-task-force", "board-uga", "demo-auditor", "operator"
PRESS = "press"

PAGES: dict[str, Example] = {
    "home": Example("", wrong="no-such-page"),
    "needs": Example("needs", wrong="needs?order=nothing&after=junk"),
    "need": Example("needs/{need}", wrong="needs/ND-0000000000"),
    "members": Example("members", wrong="members?order=nothing"),
    "donors": Example("donors", wrong="donors?order=nothing"),
    "party": Example("parties/TCD", wrong="parties/NOBODY", empty="parties/TCD"),
    "resources": Example("resources", wrong="resources?order=nothing"),
    "resource": Example("resources/covid-vaccine", wrong="resources/nothing", empty="resources/ors"),
    "programmes": Example("programmes", wrong="programmes?order=nothing"),
    "programme": Example("programmes/{programme}", wrong="programmes/PG-0000000000"),
    "groups": Example("groups", wrong="groups?order=nothing"),
    "group": Example("groups/NAM", wrong="groups/nothing"),
    "rounds": Example("rounds", wrong="rounds?order=nothing"),
    "round": Example("rounds/{posted}", wrong="rounds/RD-0000000000"),
    "why": Example("rounds/{posted}/TCD", wrong="rounds/{posted}/NOBODY"),
    "round-rules": Example("rounds/{posted}/rules/compared", TASK_FORCE, wrong="rounds/RD-0000000000/rules/compared"),
    "round-override": Example("rounds/{posted}/override/plan", BOARD, status=409),
    "round-explain": Example("rounds/{posted}/explain/another", wrong="rounds/{posted}/explain/another?set=nonsense"),
    "consignments": Example("consignments", wrong="consignments?order=nothing"),
    "consignment": Example("consignments/{short}", wrong="consignments/CN-0000000000"),
    "offers": Example("offers", wrong="offers?order=nothing"),
    "offer": Example("offers/{offer}", wrong="offers/OF-0000000000"),
    "promises": Example("promises", wrong="promises?order=nothing"),
    "book": Example("book", wrong="book?nothing=1"),
    "entries": Example("book/entries", wrong="book/entries?after=junk"),
    "entry": Example("book/entries/1", wrong="book/entries/99999999"),
    "checkpoints": Example("book/checkpoints", wrong="book/checkpoints?after=junk"),
    "checkpoint": Example("book/checkpoints/{size}", wrong="book/checkpoints/999999"),
    "consistency": Example("book/consistency", wrong="book/consistency?from=x&to=y"),
    "statements": Example("statements", wrong="statements?since=yesterday"),
    "statement": Example("statements/{statement}", wrong="statements/ST-0000000000", empty="statements/ST-0000000000"),
    "thread": Example("statements/threads/{thread}", wrong="statements/threads/TH-0000000000"),
    "words": Example("statements/words", wrong="statements/words?until=tomorrow"),
    "try-text": Example("statements/try", wrong=PRESS),
    "document": Example("documents/{document}", wrong="documents/EV-0000000000"),
    "meetings": Example("meetings", wrong="meetings?since=yesterday"),
    "meeting": Example("meetings/{meeting}", wrong="meetings/MT-0000000000"),
    "officials": Example("officials", wrong="officials?order=nothing"),
    "official": Example("officials/{official}", wrong="officials/HO-0000000000"),
    "review": Example("desk/said", TASK_FORCE, wrong="desk/said?nothing=1"),
    "evidence": Example("evidence/{evidence}", wrong="evidence/EV-0000000000"),
    "search": Example("search?q=chad", wrong="search?q=%00"),
    "changes": Example("changes", wrong="changes?after=junk"),
    "help": Example("help", wrong="help/nothing"),
    "help-topic": Example("help/sharing", wrong="help/nothing"),
    "glossary": Example("glossary", wrong="glossary?q=nothing"),
    "accessibility": Example("accessibility", wrong="accessibility?nothing=1"),
    "data": Example("data", wrong="data/nothing.csv"),
    "receipts": Example("receipts", FOCAL, wrong="receipts/CN-0000000000"),
    "receipt": Example("receipts/{awaited}", FOCAL, wrong=PRESS),
    "act": Example("act/need/draft", FOCAL, wrong=PRESS),
    "plan-consignment": Example("consignments/plan", TASK_FORCE, wrong=PRESS),
    "stock": Example("desk/stock", FOCAL),
    "desk": Example("desk", FOCAL, wrong="desk/nothing"),
    "my_needs": Example("desk/needs", FOCAL),
    "renew_all": Example("desk/needs/renew", FOCAL, wrong=PRESS),
    "check_needs": Example("desk/needs/check", TASK_FORCE, wrong=PRESS),
    "expiring": Example("desk/expiring", TASK_FORCE),
    "actions": Example("desk/actions", AUDITOR, wrong="desk/actions?after=junk"),
    "audit": Example("desk/audit", AUDITOR),
    "users": Example("desk/users", OPERATOR, wrong="desk/users?after=junk"),
    "user": Example("desk/users/{operator}", OPERATOR, wrong="desk/users/u-nobody"),
    "keys": Example("desk/keys", FOCAL),
    "gifts": Example("desk/gifts", DONOR),
    "give": Example("desk/gifts/new", DONOR, wrong=PRESS),
    "imports": Example("desk/import", FOCAL),
    "import": Example("desk/import/needs", FOCAL, wrong=PRESS),
    "account": Example("account", FOCAL, wrong="account?nothing=1"),
    "account_login": Example("account/sign-in", wrong=PRESS),
    "account_logout": Example("account/sign-out", FOCAL, wrong="account/sign-out?next=//elsewhere.example"),
    "account_inactive": Example("account/switched-off"),
    "account_reauthenticate": Example("account/again", AUDITOR, wrong=PRESS),
    "account_change_password": Example("account/password", AUDITOR, wrong=PRESS),
    "account_reset_password": Example("account/recover", wrong=PRESS),
    "account_reset_password_done": Example("account/recover/sent"),
    "account_reset_password_from_key": Example("account/recover/1-set-password"),
    "account_reset_password_from_key_done": Example("account/recover/done"),
    "mfa_index": Example("account/second-step", FOCAL),
    "mfa_activate_totp": Example("account/second-step/app", FOCAL, wrong=PRESS),
    "mfa_view_recovery_codes": Example("account/second-step/codes", AUDITOR),
    "mfa_generate_recovery_codes": Example("account/second-step/codes/new", AUDITOR),
    "mfa_list_webauthn": Example("account/passkeys", FOCAL),
    "mfa_add_webauthn": Example("account/passkeys/add", FOCAL),
    "usersessions_list": Example("account/sessions", FOCAL),
}
"""Name of an address → its example."""

NO_PAGES = {
    "keep-text": "of a text that was tried: tests/web/said", "statements-feed": "Atom", "meetings-feed": "Atom",
    "import_preview": "of a file that was sent: the focal point's journey", "import_problems": "a table",
    "import_template": "a spreadsheet", "evidence-file": "a file", "checkpoint-note": "plain text", "health": "JSON", "manifest": "JSON", "robots": "plain text", "proof-text": "plain text",
    "verifier": "a file of Python", "feed": "Atom", "everything": "a ZIP file", "open-table": "data", "round-file": "a file",
    "code": "leads on to a page", "labels-pdf": "a paper", "manifest-pdf": "a paper", "receipt-pdf": "a paper", "worker": "a script",
    "receipts-token": "JSON", "step_in": "only posted to", "end_session": "only posted to", "api": "tests/api", "api-openapi": "JSON",
    "account_signup": "closed", "account_email": "closed", "account_email_verification_sent": "closed",
    "account_set_password": "closed", "mfa_login_webauthn": "JSON for the passkey's script",
    "mfa_authenticate": "half way through signing in: the operator's journey goes there",
    "mfa_reauthenticate": "half way: the operator's journey", "mfa_reauthenticate_webauthn": "half way: the operator's journey",
    "mfa_deactivate_totp": "of one's own device: the operator's journey", "mfa_edit_webauthn": "of one's own passkey: tests/web/account",
    "mfa_remove_webauthn": "of one's own passkey: tests/web/account",
}  # fmt: skip
"""Name of an address → why no browser looks at it here."""

NAMES = """
    import json
    from django.urls import get_resolver
    from evenhand.access.rights import RIGHTS
    from evenhand.actions.catalogue import ACTIONS
    from evenhand.web.forms.acts import NOT_HERE
    def walk(resolver):
        for one in resolver.url_patterns:
            if getattr(one, "app_name", None) in ("admin", "evenhand-api") or getattr(one, "namespace", None) == "admin":
                continue
            if hasattr(one, "url_patterns"):
                yield from walk(one)
            elif one.name:
                yield one.name
    acts = {name: list(RIGHTS[name]) for name in ACTIONS if name not in NOT_HERE}
    print(json.dumps({"names": sorted(set(walk(get_resolver()))), "acts": acts}))
"""

FACTS = """
    import json
    from evenhand.access.models import User
    from evenhand.records.models import Evidence, Need, Offer, Programme
    from evenhand.rounds.models import Round
    from evenhand.said.models import Meeting, Official, Statement, Thread
    from evenhand.stockbook.models import Checkpoint, Consignment, Entry
    first = lambda rows, default="none": next((str(one) for one in rows), default)
    of_party = Need.objects.filter(party_id="TCD", state="approved")
    lost = Entry.objects.filter(verb__in=("miss", "lose", "damage")).values_list("concerns", flat=True)
    received = set(Entry.objects.filter(verb="receive").values_list("concerns", flat=True))
    to_chad = [one.ref for one in Consignment.objects.filter(destination_id="TCD").order_by("-made_at")]
    print(json.dumps({
        "operator": first(User.objects.filter(name="operator").values_list("public_id", flat=True)),
        "need": first(of_party.values_list("ref", flat=True), "ND-0000000001"),
        "draft": first(Need.objects.filter(party_id="TCD", state="draft").values_list("ref", flat=True), "ND-0000000001"),
        "offer": first(Offer.objects.filter(donor_id="DEMO-RELIEF", firmness="commitment").values_list("ref", flat=True), "OF-0000000001"),
        "programme": first(Programme.objects.values_list("ref", flat=True), "PG-0000000001"),
        "evidence": first(Evidence.objects.filter(public=True).values_list("ref", flat=True), "EV-0000000001"),
        "statement": first(Statement.objects.filter(state="accepted").values_list("ref", flat=True), "ST-0000000001"),
        "thread": first(Thread.objects.values_list("ref", flat=True), "TH-0000000001"),
        "document": first(Statement.objects.filter(state="accepted").values_list("evidence", flat=True), "EV-0000000001"),
        "meeting": first(Meeting.objects.filter(state="confirmed").values_list("ref", flat=True), "MT-0000000001"),
        "official": first(Official.objects.values_list("ref", flat=True), "HO-0000000001"),
        "posted": first(Round.objects.filter(state="posted").values_list("ref", flat=True), "RD-0000000001"),
        "open": first(Round.objects.filter(state="open").values_list("ref", flat=True), "RD-0000000001"),
        "short": first([one for one in lost if one.startswith("CN-")], "CN-0000000001"),
        "awaited": first([one for one in to_chad if one not in received], "CN-0000000001"),
        "size": first(Checkpoint.objects.order_by("-size").values_list("size", flat=True), "1"),
    }))
"""


def facts_of(site: Site) -> dict[str, str]:
    """Return what examples name in braces, as it is in an installation."""
    found: dict[str, str] = json.loads(run_python(site.folder, FACTS))
    return found


def names_of(site: Site) -> dict[str, Any]:
    """Return the names of all addresses, and every action with the roles that may do it."""
    found: dict[str, Any] = json.loads(run_python(site.folder, NAMES))
    return found
