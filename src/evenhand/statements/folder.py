"""Many files to JSON lines: in order, on all cores, in memory that does not grow with their number.

Called by `evenhand read`. Files go to worker processes in small bundles, a bounded number of bundles at a time; each comes back as finished
lines. spaCy's vocabulary is emptied after each bundle, because it would otherwise keep every new word of every text.
"""

from __future__ import annotations

import importlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from evenhand.errors import FileUnreadable, OptionRefused
from evenhand.statements.document import Document, Reader, Text
from evenhand.statements.sources import MOST_BYTES, open_source

BUNDLE = 16
"""Files of one bundle: enough that sending them costs nothing, few enough that order costs no memory."""
AHEAD = 4
"""Bundles that each worker may be ahead of the writer."""
ENDINGS = frozenset((".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".xml", ".rss", ".atom"))
WORTH_A_POOL = 64
"""Files from which on other processes are started at all: each takes a second to load its words."""


def list_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files that paths name: a file itself, of a folder every readable one below it, in the order of their names.

    Raises
    ------
    FileUnreadable
        A path that does not exist, or names nothing that can be read.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.suffix.lower() in ENDINGS and one.is_file())
        elif path.exists():
            found.append(path)
        else:
            raise FileUnreadable(
                f"there is no file or folder {path}; name readouts (text, HTML, PDF, DOCX, RSS) or a folder of them"
            )
    if not found:
        raise FileUnreadable(f"no text, HTML, PDF, DOCX or feed lies in {', '.join(map(str, paths))}")
    return found


@lru_cache(maxsize=8)
def find_reader(name: str) -> Reader:
    """Return the reader of that name: Evenhand's own for "", or "module:function".

    Raises
    ------
    OptionRefused
        A module that cannot be imported, or that holds no such function.

    Examples
    --------
    >>> find_reader("nothing:here")
    Traceback (most recent call last):
    evenhand.errors.OptionRefused: no module 'nothing' to take a reader from; ...
    """
    if not name:
        from evenhand.statements.reader import read_text

        return read_text
    module_name, colon, function = name.partition(":")
    if not colon or not function:
        raise OptionRefused(f"'{name}' is no reader; write module:function, as in mypackage.reader:read")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise OptionRefused(
            f"no module '{module_name}' to take a reader from; it must be importable here ({error})"
        ) from None
    reader = getattr(module, function, None)
    if not callable(reader):
        raise OptionRefused(f"the module '{module_name}' holds no function '{function}'")
    return reader  # type: ignore[no-any-return]  # what a plugged-in function returns is its author's word


def read_file(path: Path, name: str, reader: Reader) -> Iterator[Document]:
    """Yield the documents of one file; a file that cannot be opened is a document with a note."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        yield Document(Text(name, ""), notes=(f"the file cannot be opened: {error.strerror}",))
        return
    for text in open_source(content, name):
        note = (
            (f"the file has {size:,} bytes; only the first {MOST_BYTES:,} were read",) if size > MOST_BYTES + 1 else ()
        )
        notes = tuple(one for one in text.notes if not (note and "bytes; only the first" in one))
        yield reader(Text(text.name, text.text, text.source, note + notes, text.published))


def read_bundle(files: Sequence[tuple[str, str]], reader_name: str) -> list[tuple[str, list[str]]]:
    """Return the name and the JSON lines of each file of a bundle."""
    from evenhand.statements.gazetteer import load_gazetteer

    reader = find_reader(reader_name)
    with load_gazetteer().pipeline.memory_zone():
        return [(name, [as_line(one) for one in read_file(Path(path), name, reader)]) for path, name in files]


def as_line(document: Document) -> str:
    """Return a document as one line of JSON."""
    return json.dumps(document.to_json(), ensure_ascii=False)


def read_files(
    files: Sequence[Path], *, reader: str = "", jobs: int = 0, progress: Callable[[str, float], None] | None = None
) -> Iterator[str]:
    """Yield one line of JSON for each document of the files, in their order.

    Parameters
    ----------
    reader
        "" for Evenhand's own rules, or "module:function".
    jobs
        Worker processes; 0 for as many as there are cores, 1 for none beside this one.
    progress
        Called with what is being done and the share that is done.
    """
    find_reader(reader)  # refuse here, not in a worker
    named = [(str(path), path.name) for path in files]
    jobs = jobs or os.cpu_count() or 1
    done = 0
    bundles = (named[start : start + BUNDLE] for start in range(0, len(named), BUNDLE))
    if jobs == 1 or len(files) < WORTH_A_POOL:
        for bundle in bundles:
            for _, lines in read_bundle(bundle, reader):
                yield from lines
                done += 1
                _tell(progress, done, len(files))
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[tuple[str, list[str]]]]] = deque()
        waiting.extend(pool.submit(read_bundle, bundle, reader) for bundle in islice(bundles, jobs * AHEAD))
        while waiting:
            for _, lines in waiting.popleft().result():
                yield from lines
                done += 1
            _tell(progress, done, len(files))
            waiting.extend(pool.submit(read_bundle, bundle, reader) for bundle in islice(bundles, 1))


def _tell(progress: Callable[[str, float], None] | None, done: int, files: int) -> None:
    if progress is not None:
        progress(f"read {done:,} of {files:,} files", done / files)
