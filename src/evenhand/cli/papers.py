"""`evenhand consignment manifest | labels | receipt`: the papers of a consignment as PDF.

Called by `evenhand.cli.looking`. The words are of the language that is asked for, where it was translated.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import ActingUser, AsJson
from evenhand.errors import OptionRefused, suggest

if TYPE_CHECKING:
    from evenhand.exchange.papers.contents import Paper

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")

Ref = Annotated[str, typer.Argument(metavar="CONSIGNMENT", help="Its ref, CN-...", show_default=False)]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FILE.pdf", help="The file to write; it must not exist.")]
Language = Annotated[str, typer.Option("--language", metavar="|".join(LANGUAGES), help="The language of its words.")]


def consignment_manifest(
    ref: Ref, out: Out, language: Language = "en", acting_as: ActingUser = "", as_json: AsJson = False
) -> Answer:
    """Write the manifest of a consignment: what travels, with boxes to tick and lines to sign."""
    from evenhand.exchange.papers.manifest import write_manifest

    return _answer("manifest", ref, out, language, acting_as, lambda paper, fonts: write_manifest(paper, language=language, fonts=fonts))  # fmt: skip


def consignment_receipt(
    ref: Ref, out: Out, language: Language = "en", acting_as: ActingUser = "", as_json: AsJson = False
) -> Answer:
    """Write the note of a receipt: what was sent, what was found, what is lacking and why."""
    from evenhand.exchange.papers.receipt import write_receipt

    return _answer("receipt", ref, out, language, acting_as, lambda paper, fonts: write_receipt(paper, language=language, fonts=fonts))  # fmt: skip


def consignment_labels(
    ref: Ref,
    out: Out,
    boxes: Annotated[
        str,
        typer.Option(
            metavar="N or LINE=N;...",
            help="How many boxes or pallets each line travels in, such as 12, or 1=12;2=3. Its packs where not said.",
        ),
    ] = "",
    layout: Annotated[str, typer.Option(metavar="sheet|page", help="Eight on a sheet of A4, or one on A6.")] = "sheet",
    language: Language = "en",
    acting_as: ActingUser = "",
    as_json: AsJson = False,
) -> Answer:
    """Write a label for every box or pallet of a consignment: its code, what is in it, from whom to whom, which of how many."""
    from evenhand.exchange.papers.labels import boxes_of, write_labels

    def draw(paper: Paper, fonts: str) -> bytes:
        counts = read_boxes(boxes, [line.number for line in paper.lines]) if boxes else boxes_of(paper)
        return write_labels(paper, boxes=counts, layout=layout, language=language, fonts=fonts)

    return _answer("labels", ref, out, language, acting_as, draw)


def read_boxes(text: str, lines: list[int]) -> dict[int, int]:
    """Return how many boxes each line travels in, as an option says it.

    Raises
    ------
    OptionRefused
        It is neither a number nor lines with numbers.

    Examples
    --------
    >>> read_boxes("12", [1, 2]), read_boxes("1=12; 2=3", [1, 2])
    ({1: 12, 2: 12}, {1: 12, 2: 3})
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    try:
        if len(parts) == 1 and "=" not in parts[0]:
            return dict.fromkeys(lines, int(parts[0]))
        return {int(line): int(count) for line, count in (part.split("=") for part in parts)}
    except ValueError:
        raise OptionRefused(f"--boxes is '{text}'; say one number for every line, or line=number: 1=12;2=3") from None


def _answer(what: str, ref: str, out: Path, language: str, acting: str, draw: Callable[[Paper, str], bytes]) -> Answer:
    if language not in LANGUAGES:
        raise OptionRefused(
            f"language is '{language}'{suggest(language, LANGUAGES)}; say one of {', '.join(LANGUAGES)}"
        )
    from evenhand.cli.session import viewer_named

    viewer = viewer_named(acting)
    from django.conf import settings
    from django.utils import translation

    from evenhand.lookups.papers import read_paper
    from evenhand.wording import speaking

    paper = read_paper(viewer, ref, language=language)
    with ExitStack() as stack:
        stack.enter_context(translation.override("zh-hans" if language == "zh" else language))
        stack.enter_context(speaking(translation.gettext))
        body = draw(paper, settings.EVENHAND["fonts"])
    try:
        with out.open("xb") as file:
            file.write(body)
    except FileExistsError as error:
        raise OptionRefused(f"{out} exists; give a name that is free") from error
    except OSError as error:
        raise OptionRefused(f"{out} cannot be written: {error.strerror}; choose another place") from error
    return Answer(
        f"consignment {what}",
        f"The {what} of {ref} {'are' if what == 'labels' else 'is'} in {out}.",
        {"bytes": f"{len(body):,}"},
        {"file": str(out), "bytes": len(body), "consignment": ref},
    )


PAPERS: dict[str, dict[str, Callable[..., Answer]]] = {
    "consignment": {"manifest": consignment_manifest, "labels": consignment_labels, "receipt": consignment_receipt}
}
"""Group → word → a command that writes a paper."""
