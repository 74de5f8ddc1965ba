"""`evenhand read`: official texts in, who said what about what out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import AsJson, Everything
from evenhand.cli.progress import progress
from evenhand.cli.screen import rows_that_fit
from evenhand.errors import FileUnreadable, OptionRefused

if TYPE_CHECKING:
    from evenhand.statements.scoring import Scores

PEOPLE = (Heading("name"), Heading("office"), Heading("party_name", label="party"), Heading("side", "key"))
SENTENCES = (
    Heading("line", "amount"),
    Heading("speaker"),
    Heading("acts"),
    Heading("words"),
    Heading("reason", spare=True, narrow=False),
)
CLAIMS = (
    Heading("kind", "key"),
    Heading("giver"),
    Heading("receiver"),
    Heading("resource"),
    Heading("quantity", "amount"),
    Heading("unit"),
    Heading("place", spare=True),
    Heading("when", spare=True),
    Heading("speaker", spare=True),
    Heading("confidence", "number", narrow=False),
    Heading("words", narrow=False),
    Heading("file", narrow=False),
)
DOCUMENTS = (
    Heading("file"),
    Heading("published", "key", spare=True),
    Heading("kind", "key"),
    Heading("date", "key", spare=True),
    Heading("place", spare=True),
    Heading("people", "amount"),
    Heading("sentences", "amount"),
    Heading("claims", "amount"),
)
SCORES = (
    Heading("measure", "key"),
    Heading("precision", "share"),
    Heading("recall", "share"),
    Heading("f1", "share", label="F1"),
    Heading("right", "amount", spare=True),
    Heading("read", "amount", spare=True),
    Heading("annotated", "amount", spare=True),
)
MOST_SHOWN = 200
"""Documents that a table or a page is made of; JSON lines hold them all."""
NOTES_SHOWN = 20


def read(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Texts, HTML, PDF, DOCX, RSS or Atom files, or folders of them."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write JSON lines there, one document a line.")
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="Show what was read as tables (this is what happens without --out).")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write one page with speakers and claims marked in the text."),
    ] = None,
    score: Annotated[
        Path | None, typer.Option("--score", metavar="GOLD", help="Compare with annotated documents, JSON lines.")
    ] = None,
    differences: Annotated[
        bool, typer.Option("--differences", help="With --score: list every difference in words.")
    ] = False,
    reader: Annotated[
        str,
        typer.Option(
            "--reader",
            metavar="MODULE:FUNCTION",
            help="Another extractor instead of Evenhand's rules.",
            show_default=False,
        ),
    ] = "",
    jobs: Annotated[
        int, typer.Option("--jobs", metavar="N", help="Worker processes.", show_default="one for each core")
    ] = 0,
    everything: Everything = False,
    as_json: AsJson = False,
) -> Answer:
    """Read official texts for who said what, and which assistance was given, promised or needed.

    English readouts and press reports, with the menus and stamps around them. Each sentence gets its speaker and act, each claim its giver,
    receiver, resource and amount, with offsets into the text, a confidence and a reason. Nothing is stated as Evenhand's own claim.
    """
    if find_spec("spacy") is None:
        raise OptionRefused(
            "reading texts needs a few more packages; install them with: pip install 'evenhand[statements]'"
        )
    from evenhand.statements.folder import list_files, read_files

    if jobs < 0:
        raise OptionRefused(f"--jobs {jobs} is no number of processes; write 1 or more")
    files = list_files(paths)
    if score is not None:
        files = [path for path in files if path.resolve() != score.resolve()]
    kept: list[dict[str, Any]] = []
    counts = {"documents": 0, "sentences": 0, "claims": 0, "with notes": 0}
    notes: list[str] = []
    with ExitStack() as stack:
        report = stack.enter_context(progress(quiet=as_json))
        file = stack.enter_context(_open(out)) if out is not None else None
        for line in read_files(files, reader=reader, jobs=jobs, progress=report):
            if file is not None:
                file.write(line + "\n")
            document = json.loads(line)
            _count(document, counts, notes)
            if len(kept) < MOST_SHOWN or score is not None:
                kept.append(document)
    closing = [f"JSON lines: {out}"] if out is not None else []
    if html is not None:
        _write_html(html, kept[:MOST_SHOWN], files)
        closing.append(f"The page: {html}")
        if counts["documents"] > MOST_SHOWN:
            notes.append(f"the page holds the first {MOST_SHOWN} documents of {counts['documents']:,}")
    limit = rows_that_fit(everything=everything, as_json=as_json)
    if score is not None:
        return _scored(kept, score, closing, notes, differences=differences)
    listings: tuple[Listing, ...] = ()
    if table or as_json or (out is None and html is None):
        listings = _one(kept[0], files[0]) if counts["documents"] == 1 else _many(kept, counts["documents"], limit)
    facts = _facts(kept[0]) if counts["documents"] == 1 else {}
    result = {name.replace(" ", "_"): value for name, value in counts.items()}
    return Answer(
        "read", _headline(counts), facts, result, listings=listings, closing=closing, notes=notes[:NOTES_SHOWN]
    )


def _open(path: Path) -> Any:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be written: {error.strerror}") from None


def _count(document: dict[str, Any], counts: dict[str, int], notes: list[str]) -> None:
    counts["documents"] += 1
    counts["sentences"] += len(document["sentences"])
    counts["claims"] += len(document["claims"])
    counts["with notes"] += bool(document.get("notes"))
    if len(notes) < NOTES_SHOWN:
        notes += [f"{document['file']}: {note}" for note in document.get("notes", [])]


def _headline(counts: dict[str, int]) -> str:
    def many(number: int, word: str) -> str:
        return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"

    return f"Read {many(counts['documents'], 'document')}: {many(counts['sentences'], 'sentence')}, {many(counts['claims'], 'claim')} about assistance."


def _facts(document: dict[str, Any]) -> dict[str, str]:
    meeting = document["meeting"]
    facts = {
        "published": document["published"],
        "meeting": meeting["kind"],
        "date": meeting["date"],
        "place": meeting["place"],
    }
    return {name: value or "not stated" for name, value in facts.items()}


def _texts(documents: list[dict[str, Any]], files: list[Path]) -> Iterator[str]:
    """Yield the stored text of each document, opened again from its file."""
    from evenhand.statements.sources import MOST_BYTES, open_source

    by_name: dict[str, list[Path]] = {}
    for path in files:
        by_name.setdefault(path.name, []).append(path)
    for document in documents:
        name = document["file"].partition("#")[0] if document.get("source") == "feed" else document["file"]
        text = ""
        for path in by_name.get(name, []):
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            for one in open_source(content, path.name):
                if one.name == document["file"] and one.sha256 == document.get("sha256", one.sha256):
                    text = one.text
        yield text


def _one(document: dict[str, Any], path: Path) -> tuple[Listing, ...]:
    """Return a document's tables: people, sentences with their words, claims."""
    text = next(_texts([document], [path]))
    people = [tuple(one[head.name] for head in PEOPLE) for one in document["meeting"]["participants"]]
    sentences = [
        (
            number,
            one["speaker"],
            ", ".join(one["acts"]),
            " ".join(text[one["start"] : one["end"]].split()),
            one.get("reason", ""),
        )
        for number, one in enumerate(document["sentences"], start=1)
    ]
    return (
        Listing("participants", "Participants", PEOPLE, tuple(people)),
        Listing("sentences", "Who speaks", SENTENCES, tuple(sentences)),
        Listing("claims", "Assistance", CLAIMS, tuple(_claim_rows(document, text))),
    )


def _claim_rows(document: dict[str, Any], text: str) -> Iterator[tuple[Any, ...]]:
    for one in document["claims"]:
        row = one | {
            "receiver": ", ".join(one["receiver"]),
            "words": " ".join(text[one["start"] : one["end"]].split()),
            "file": document["file"],
        }
        yield tuple(row.get(head.name) for head in CLAIMS)


def _many(documents: list[dict[str, Any]], total: int, limit: int | None) -> tuple[Listing, ...]:
    rows = tuple(
        (
            one["file"], one["published"], one["meeting"]["kind"], one["meeting"]["date"], one["meeting"]["place"],
            len(one["meeting"]["participants"]), len(one["sentences"]), len(one["claims"]),
        )
        for one in documents[:limit]
    )  # fmt: skip
    claims = [row for one in documents for row in _claim_rows(one, "")]
    shown = tuple(claims[:limit])
    return (
        Listing("documents", "Documents", DOCUMENTS, rows, more=total - len(rows)),
        Listing("claims", "Assistance", CLAIMS, shown, more=len(claims) - len(shown)),
    )


def _write_html(path: Path, documents: list[dict[str, Any]], files: list[Path]) -> None:
    from evenhand.statements.page import write_page

    with _open(path) as file:
        file.write(write_page(documents, list(_texts(documents, files))))


def _scored(
    documents: list[dict[str, Any]], gold_path: Path, closing: list[str], notes: list[str], *, differences: bool
) -> Answer:
    """Return the scores beside annotated documents; both sides must name the same files."""
    from evenhand.statements.scoring import read_gold, score_documents

    gold = {one["file"]: one for one in read_gold(gold_path)}
    read_by_name = {one["file"]: one for one in documents}
    pairs = [(gold[name], read_by_name[name]) for name in sorted(gold) if name in read_by_name]
    if not pairs:
        raise OptionRefused(
            f"none of the documents read is annotated in {gold_path}; their file names must be the same"
        )
    scores = score_documents(pairs)
    listings = [_score_listing(scores)]
    if differences:
        listings.append(
            Listing("differences", "", (Heading("difference"),), tuple((one,) for one in scores.differences))
        )
    missing = len(gold) - len(pairs)
    more = [f"{missing:,} annotated documents were not among those read"] if missing else []
    return Answer(
        "read",
        f"Scored {len(pairs):,} documents beside {gold_path.name}.",
        listings=tuple(listings),
        closing=closing,
        notes=[*more, *notes[:NOTES_SHOWN]],
    )


def _score_listing(scores: Scores) -> Listing:
    rows = tuple(
        (name, one.precision, one.recall, one.f1, one.right, one.said, one.wanted)
        for name, one in scores.counts.items()
    )
    return Listing("scores", "Precision, recall and F1", SCORES, rows)
