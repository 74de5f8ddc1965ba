"""The page where anybody tries a text: pasted or sent as a file, read at once, shown with what was understood, kept nowhere.

Whoever may put documents in can then keep it: until then the file lies beside others that wait, for an hour, for its sender
alone. The address of a text is written down and never asked for anything. Must never say what the text says in our own voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from evenhand.access.rights import RIGHTS
from evenhand.lookups.called import Parties, known_parties
from evenhand.statements.document import Claim, Document, Participant
from evenhand.statements.gazetteer import state_names
from evenhand.web.forms.fields import Words
from evenhand.web.frame.pages import show, viewer_of
from evenhand.web.imports.kept import Kept, keep
from evenhand.web.rounds.trying import Refusal
from evenhand.web.said.marking import BOTH, Claimed, Person, direction_of, mark_text
from evenhand.web.said.reading import MOST_BYTES, MOST_LETTERS, read_out
from evenhand.web.said.telling import amount_of, name_of

KEPT: Final = "document"
"""Under which register a file waits to be kept."""

ENDINGS: Final = (".txt", ".html", ".htm", ".pdf", ".docx")
PASTED: Final = "pasted.txt"


class Trying(forms.Form):
    """Take a text or a file, and where it comes from."""

    use_required_attribute = False
    text = Words(
        label=gettext_lazy("Text"), required=False, max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("Paste a readout, a press release or a news report in English."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Or a file"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=gettext_lazy("A text, a saved web page, a PDF or a Word document (.docx), at most 2 MiB."),
    )  # fmt: skip
    address = forms.URLField(
        label=gettext_lazy("Where it stands on the web"), required=False, max_length=2000, assume_scheme="https",
        help_text=gettext_lazy("Written down as its source. Nothing is fetched from there: save the page and send the file."),
        error_messages={"invalid": gettext_lazy("This is no address of a page. It begins with https:// or http://.")},
    )  # fmt: skip

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*given, **named)

    def clean_address(self) -> str:
        """Refuse what is no page of the web."""
        address: str = self.cleaned_data["address"]
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError(_("This is no address of a page. It begins with https:// or http://."))
        return address

    def clean_file(self) -> UploadedFile[bytes] | None:
        """Refuse a file that is too large, empty, or of another kind."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return None
        name = str(file.name)
        if not file.size:
            raise forms.ValidationError(_("“{name}” is empty. Send the file that holds the text.").format(name=name))
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("“{name}” is larger than 2 MiB. Send a part of it.").format(name=name))
        if not name.lower().endswith(ENDINGS):
            raise forms.ValidationError(
                _("“{name}” is of a kind that is not read here. Send one of: {endings}.").format(
                    name=name, endings=", ".join(ENDINGS)
                )
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for one text."""
        found: dict[str, Any] = super().clean() or {}
        if self.errors:
            return found
        if found.get("text") and found.get("file"):
            self.add_error("file", _("There is a text and a file. Send one of them."))
        elif not found.get("text") and not found.get("file"):
            said = _("Paste a text, or choose a file.")
            if found.get("address"):
                said = _(
                    "An address alone is not enough: nothing is fetched from the web. Save the page and send the file, or paste its text."
                )
            self.add_error("text", said)
        return found


@dataclass(frozen=True, slots=True)
class Meant:
    """Hold a name of a text, and the party of the records that it was taken for.

    Attributes
    ----------
    key, called
        Of the party; "" where none fits, or several do.
    """

    name: str
    key: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """Hold a claim as it was understood, under its number."""

    number: int
    claim: Claim
    words: str
    amount: str
    giver: Meant
    receivers: Sequence[Meant]


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Hold somebody who took part, with the party that was meant."""

    who: Participant
    party: Meant


@require_http_methods(["GET", "HEAD", "POST"])
def try_text(request: HttpRequest) -> HttpResponse:
    """Show the form; read what was sent, and show what was understood."""
    viewer = viewer_of(request)
    form, status, context = Trying(), 200, {}
    if request.method == "POST":
        form = Trying(request.POST, request.FILES)
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            body, name = (file.read(), _plain(file.name)) if file else (form.cleaned_data["text"].encode(), PASTED)
            found = read_out(
                body, name, "" if viewer.public_id else str(request.META.get("REMOTE_ADDR", "")), known_parties()
            )
            if isinstance(found, Refusal):
                form.add_error(None, found.sentence)
                status = found.status
            else:
                status = 200
                context = told(found) | {"name": name, "address": form.cleaned_data["address"]}
                if may_keep(request):
                    context["token"] = keep(request, Kept(KEPT, name), body)
    response = show(request, "said/try.html", {"form": form, **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def may_keep(request: HttpRequest) -> bool:
    """Say whether whoever asks may put documents in."""
    return viewer_of(request).has(*RIGHTS["document read"])


def told(document: Document) -> dict[str, Any]:
    """Return what was understood of a document, for its page: names are those of the records, where one fits."""
    parties = Parties()

    def meant(name: str | None, written: str | None = None) -> Meant:
        party, _why = parties.find(name or written)
        called = (name_of("party", name) if name in state_names() else name) or written or ""
        return Meant(called, party.key, party.name) if party else Meant(called)

    claims = [
        Understood(
            number, one, document.text.text[one.start : one.end], amount_of(one.quantity, one.unit),
            meant(one.giver), [meant(name) for name in one.receiver],
        )
        for number, one in enumerate(sorted(document.claims, key=lambda one: (one.start, one.end)), start=1)
    ]  # fmt: skip
    people = [TakingPart(one, meant(one.party, one.party_name)) for one in document.meeting.participants]
    several = [one for one in document.parties if one.party is None and len(one.candidates) > 1]
    told_of = {one.words for one in several}
    return {
        "document": document,
        "text_direction": direction_of(document.text.text),
        "claims": claims,
        "turns": mark_text(
            document.text.text,
            document.sentences,
            [Claimed(one.claim.start, one.claim.end, one.claim.kind, one.number, f"#c{one.number}") for one in claims],
            people_of(document.meeting.participants),
        ),
        "hosts": [one for one in people if one.who.side == "host"],
        "guests": [one for one in people if one.who.side == "guest"],
        "doubtful": several,
        "open": [why for name, (party, why) in parties.known.items() if party is None and name not in told_of],
        "both": BOTH,
    }


def people_of(participants: Sequence[Participant]) -> dict[str, Person]:
    """Return who stands on which side, in which office."""
    return {one.name: Person(one.side, one.office or "") for one in participants}


def _plain(name: str | None) -> str:
    """Return a file's name without folders and what is no letter."""
    text = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in text if letter.isprintable())[-120:] or PASTED
