"""The board's page for another plan than the fair one: what it would cost is measured and shown before it can be proposed.

Two steps on one page: "What would it cost?" changes nothing; "Propose it" does the action, and only for the very lines whose
cost was shown. Must never hold the lines back where something is wrong: what was typed stays.
"""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import require
from evenhand.access.viewers import Target
from evenhand.actions.action import Acting
from evenhand.actions.rounds.overriding import override_round, read_override, refuse_infeasible
from evenhand.errors import ActionRefused, EvenhandError
from evenhand.fairness.measures import MEASURES as MEASURED
from evenhand.lookups.round_stories import RoundStory, get_story
from evenhand.rounds.planning import write_lines
from evenhand.web.forms.fields import Words
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.typed import forget_typed, typed_before
from evenhand.web.languages.sentences import in_language
from evenhand.web.rounds.told import Told, tell
from evenhand.web.rounds.why import tell_changes
from evenhand.web.rounds.words import MEASURES, measure

MOST_BYTES = 2_000_000


class OverrideForm(forms.Form):
    """Take the lines of another plan, as text or as a file, and the reason."""

    request_id = forms.CharField(widget=forms.HiddenInput, max_length=36)
    lines = forms.CharField(
        label=gettext_lazy("The plan wanted"), required=False, strip=False, max_length=MOST_BYTES,
        help_text=gettext_lazy("One line for each gift: lot, recipient, packs. The fair plan stands here to begin with."),
        widget=forms.Textarea(attrs={"rows": 16, "dir": "ltr", "spellcheck": "false", "class": "mono"}),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Or a file with the same columns"), required=False,
        help_text=gettext_lazy("CSV or a spreadsheet. Where a file is given, it counts."),
    )  # fmt: skip
    reason = Words(
        label=gettext_lazy("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Published with the plan and its cost, under the name of the party for which you sit on the board."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    use_required_attribute = False


@private_page("board")
def override(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the lines of the fair plan, what a change would cost, and propose it."""
    viewer = viewer_of(request)
    story = _fair(viewer, ref)
    require(viewer, "round override", Target(groups=(story.group,)))
    if story.state not in ("proposed", "published"):
        raise ActionRefused(f"{ref} is {story.state}; only a round that is proposed or published can be overridden")
    told = tell(story.folder)
    context: dict[str, Any] = {"round": story, "told": told, "fair": told.story}
    if request.method != "POST":
        initial = {
            "request_id": str(uuid.uuid4()), "lines": write_lines(list(story.lines)).decode(), **typed_before(request),
        }  # fmt: skip
        return show(request, "rounds/override.html", context | {"form": OverrideForm(initial=initial, label_suffix="")})
    form = OverrideForm(request.POST, request.FILES, label_suffix="")
    status = 422
    if form.is_valid():
        upload = form.cleaned_data["file"]
        given: bytes = upload.read(MOST_BYTES + 1) if upload else form.cleaned_data["lines"].encode()
        try:
            cost, wanted = _cost(told, given, story)
        except EvenhandError as error:
            form.add_error("file" if upload else "lines", str(in_language(error.sentence)))
        else:
            mark = hashlib.sha256(wanted).hexdigest()
            if request.POST.get("step") == "propose" and form.cleaned_data["seen"] == mark:
                acting = Acting(
                    viewer, reason=form.cleaned_data["reason"], request=form.cleaned_data["request_id"],
                    origin=str(request.META.get("REMOTE_ADDR", ""))[:64],
                )  # fmt: skip
                try:
                    done = override_round(acting, round=ref, lines=wanted)
                except EvenhandError as error:
                    form.add_error("reason" if "reason" in error.sentence else None, str(in_language(error.sentence)))
                else:
                    forget_typed(request)
                    messages.success(
                        request,
                        _("Plan {number} was proposed instead of the fair one.").format(number=done.facts["proposal"]),
                    )
                    return redirect("round", ref)
            else:
                status = 200
            kept = request.POST.copy()
            kept["lines"], kept["seen"] = wanted.decode(), mark
            form.data = kept
            context |= cost
    return show(request, "rounds/override.html", context | {"form": form}, status=status)


def _fair(viewer: Any, ref: str) -> RoundStory:
    """Return a round with its newest fair plan: what an override departs from."""
    story = get_story(viewer, ref)
    fair = [one.number for one in story.plans if not one.override]
    if not fair:
        raise ActionRefused(f"{ref} has no plan yet; there is nothing to override")
    return story if story.shown is not None and story.shown.number == fair[-1] else get_story(viewer, ref, fair[-1])


def _cost(told: Told, given: bytes, story: RoundStory) -> tuple[dict[str, Any], bytes]:
    """Return what a plan would cost beside the fair one, for the page, and its lines as they would be written.

    Raises
    ------
    EvenhandError
        It is no plan of this round, or could never be carried out.
    """
    if len(given) > MOST_BYTES:
        raise ActionRefused(f"the lines are larger than {MOST_BYTES:,} bytes; use the command evenhand round override")
    wanted = read_override(given, told.plan)
    if wanted == sorted(tuple(line) for line in story.lines):
        raise ActionRefused("that is the fair plan as it stands; there is nothing to override")
    refuse_infeasible(wanted, told.plan)
    lines = write_lines(wanted)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "override.csv")
        table.write_bytes(lines)
        comparison = told.plan.compare(table)
    rows = [
        {
            "title": MEASURES[one.name][0], "better": one.better, "fair": measure(one.name, fair, story.rule),
            "override": measure(one.name, other, story.rule), "worse": (other < fair) == (one.better == "higher") and other != fair,
        }
        for one, (_title, fair, other, _better) in zip(MEASURED, comparison.measures, strict=True)
    ]  # fmt: skip
    return {"cost": rows, "sentences": comparison.sentences, **tell_changes(comparison, told)}, lines
