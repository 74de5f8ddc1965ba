"""The form that takes a spreadsheet, and the one that answers what the file leaves open."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.exchange.imports import list_layouts, load_layout
from evenhand.web.forms.fields import Words

DAYS: Final = (
    ("", gettext_lazy("as the file says it")),
    ("day-first", gettext_lazy("the day first: 03/04/2021 is in April")),
    ("month-first", gettext_lazy("the month first: 03/04/2021 is in March")),
)
DECIMALS: Final = (
    ("", gettext_lazy("as the file says it")),
    (".", gettext_lazy("a point: 1,234.5")),
    (",", gettext_lazy("a comma: 1.234,5")),
)


class Answers(forms.Form):
    """Take what only a person can say about a file."""

    use_required_attribute = False
    days = forms.ChoiceField(label=gettext_lazy("How days are written"), choices=DAYS, required=False)
    decimal = forms.ChoiceField(label=gettext_lazy("What stands before decimals"), choices=DECIMALS, required=False)
    identical = forms.ChoiceField(
        label=gettext_lazy("Rows that repeat another in every cell"), required=False,
        choices=(("", gettext_lazy("refuse the file: they are a mistake")), ("keep", gettext_lazy("keep them: they are different things"))),
    )  # fmt: skip

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*given, **named)


class Upload(Answers):
    """Take a file, and how to read it."""

    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True, widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt,.parquet,.gz"}))  # fmt: skip
    layout = forms.ChoiceField(
        label=gettext_lazy("Whose headings it has"), required=False,
        help_text=gettext_lazy("A file made from the template has ours."),
    )  # fmt: skip
    sheet = Words(
        label=gettext_lazy("Sheet"), required=False, max_length=200,
        help_text=gettext_lazy("Of a workbook. Left empty: the first with a heading that fits."),
    )  # fmt: skip
    constants = Words(
        label=gettext_lazy("What is the same in every row"), required=False, max_length=2000,
        help_text=gettext_lazy("Such as party=TCD; several separated by “;”."),
    )  # fmt: skip
    approved = forms.BooleanField(
        label=gettext_lazy("They are approved at once"), required=False,
        help_text=gettext_lazy("Only for who may approve needs; everybody sees them at once."),
    )  # fmt: skip

    def __init__(self, *given: Any, register: str, may_approve: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        fitting = [name for name in list_layouts() if load_layout(name).table == register]
        layout: Any = self.fields["layout"]
        layout.choices = [("", _("Evenhand’s own")), *((name, name) for name in fitting)]
        if not fitting:
            del self.fields["layout"]
        if register != "needs" or not may_approve:
            del self.fields["approved"]
        self.most = int(settings.EVENHAND["largest_file"])
        self.fields["file"].help_text = _("Excel (.xlsx), CSV or Parquet, at most {most} MiB.").format(most=self.most)

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse a file that is too large or has nothing in it."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(
                _("“{name}” is empty. Send the file that holds the rows.").format(name=file.name)
            )
        if file.size > self.most * 2**20:
            raise forms.ValidationError(
                _("“{name}” is larger than {most} MiB. Send it in parts.").format(name=file.name, most=self.most)
            )
        return file
