"""From bytes to a stored text: plain text, HTML, PDF, DOCX, RSS and Atom, in whatever encoding.

Called by `read_document` and by the folder's reader. Whatever is wrong with a file becomes a note on its text, in a sentence; nothing
raises and nothing is thrown away. Archives and XML are opened with limits, because anybody can send them.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from evenhand.statements.document import Text

MOST_BYTES = 8 * 1024 * 1024
"""How much of one file is read: a readout is 2 kB; of a 50 MB file the rest is left out, with a note."""
MOST_CHARACTERS = 400_000
MOST_PAGES = 200
MOST_ITEMS = 2_000
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
HTML_START = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article|div|p|h1)\b", re.IGNORECASE | re.DOTALL
)
FEED_START = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def open_source(content: bytes | str, name: str) -> Iterator[Text]:
    """Yield the texts of a file: one, or one for each item of a feed.

    Parameters
    ----------
    content
        The file's bytes, or a text that is known already.
    name
        The file's name; its ending helps where the bytes do not tell.

    Examples
    --------
    >>> [text.text for text in open_source("Grüße".encode("cp1252"), "a.txt")]
    ['Grüße']
    """
    if isinstance(content, str):
        yield _limited(Text(name, content))
        return
    notes: tuple[str, ...] = ()
    size = len(content)
    if content.startswith(b"%PDF"):
        yield _limited(_pdf(content, name))
        return
    if content.startswith(b"PK\x03\x04"):
        yield _limited(_docx(content, name))
        return
    if size > MOST_BYTES:
        notes = (f"the file has {size:,} bytes; only the first {MOST_BYTES:,} were read",)
        content = content[:MOST_BYTES]
    head = content[:4096]
    if FEED_START.search(head) and not HTML_START.match(head):
        yield from _feed(content, name, notes)
    elif HTML_START.match(head) or (name.lower().endswith((".html", ".htm")) and b"<" in head):
        yield _limited(_html(content, name, notes))
    else:
        text, more = _decode(content)
        yield _limited(Text(name, text, "text", notes + more))


def _limited(text: Text) -> Text:
    if len(text.text) <= MOST_CHARACTERS:
        return text
    note = f"the text has {len(text.text):,} characters; only the first {MOST_CHARACTERS:,} were read"
    return Text(text.name, text.text[:MOST_CHARACTERS], text.source, (*text.notes, note), text.published)


def _decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return bytes as text: UTF-8 where it is, else the mark at the start, else Windows-1252, with notes on what was odd."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), ()
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        if "unexpected end" in error.reason:
            return content[: error.start].decode("utf-8"), ("the file ends inside a character; it seems to be cut off",)
    if content[:400].count(0) > 60:
        return content.decode("utf-16-le", "replace").replace("\ufffd", "?"), ("the text is in UTF-16 without a mark",)
    broken = content.decode("utf-8", "replace").count("\ufffd")
    lines = content.split(b"\n")
    if sum(not _is_utf8(line) for line in lines) * 2 <= sum(any(byte > 127 for byte in line) for line in lines):
        decoded = "\n".join(
            line.decode("utf-8") if _is_utf8(line) else line.decode("cp1252", "replace") for line in lines
        )
        return decoded, (f"the file mixes UTF-8 with another encoding, read as Windows-1252 ({broken:,} places)",)
    if content[:2000].count(0):
        return content.decode("latin-1").replace("\0", " "), (
            "the file holds binary data; it is no text that can be read",
        )
    return content.decode("cp1252", "replace"), (
        "the text is not in UTF-8; it was read as Windows-1252",
    ) if broken > 3 else ()


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _html(content: bytes, name: str, notes: tuple[str, ...]) -> Text:
    """Return the article of a page without its menus (trafilatura), one paragraph a line."""
    import trafilatura

    markup, more = _decode(content)
    declared = re.search(rb"charset=[\"']?([\w-]+)", content[:2048])
    if declared and more:
        try:
            markup, more = content.decode(declared.group(1).decode("ascii"), "replace"), ()
        except LookupError:
            more = (*more, f"the page names an unknown encoding, {declared.group(1).decode('ascii')}")
    extracted = trafilatura.extract(markup, include_comments=False, include_tables=False, favor_precision=False)
    published = re.search(
        r"<meta[^>]+(?:article:published_time|datePublished|pubdate|DC\.date)[^>]+content=[\"'](\d{4}-\d\d-\d\d)|<time[^>]+datetime=[\"'](\d{4}-\d\d-\d\d)",
        markup,
    )
    day = next((group for group in published.groups() if group), None) if published else None
    if not extracted:
        return Text(
            name, "", "html", (*notes, *more, "no article was found on this page: it seems to be all menu"), day
        )
    return Text(name, extracted.replace("\n", "\n\n"), "html", notes + more, day)


def _pdf(content: bytes, name: str) -> Text:
    """Return the text layer of a PDF; a scan has none, which is said."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it has to say becomes a note here
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        pages = [page.extract_text() for page in reader.pages[:MOST_PAGES]]
        left_out = max(0, len(reader.pages) - MOST_PAGES)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
        NotImplementedError,
    ) as error:
        # What a broken or encrypted PDF makes pypdf raise is not one class of its own.
        return Text(name, "", "pdf", (f"the PDF cannot be opened ({type(error).__name__}); nothing was read",))
    text = "\n\n".join(_unwrapped(page) for page in pages).strip()
    notes = (f"the PDF has {left_out:,} more pages, which were not read",) if left_out else ()
    if len(text) < 20:
        return Text(name, text, "pdf", (*notes, "the PDF has no text: it seems to be a scan; nothing was read"))
    return Text(name, text, "pdf", notes)


def _unwrapped(page: str) -> str:
    """Return a page's text with a blank line where a line ends like a paragraph and is shorter than its fellows."""
    lines = [line.strip() for line in page.splitlines()]
    widest = max((len(line) for line in lines), default=0)
    joined: list[str] = []
    for line in lines:
        ended = (
            not joined
            or not joined[-1]
            or (
                len(joined[-1].rsplit("\n", 1)[-1]) < 0.8 * widest
                and joined[-1].endswith((".", "!", "?", '"', "”", ":"))
            )
        )
        if ended or not line:
            joined.append(line)
        else:
            joined[-1] = f"{joined[-1]}\n{line}"
    return "\n\n".join(part for part in joined if part)


def _docx(content: bytes, name: str) -> Text:
    """Return the paragraphs of a Word document; a zip bomb or another archive is said to be one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > 4 * MOST_BYTES:
                return Text(name, "", "docx", (f"the document unpacks to {part.file_size:,} bytes; nothing was read",))
            markup = archive.read(part)
        if b"<!DOCTYPE" in markup[:2048] or b"<!ENTITY" in markup:
            return Text(
                name,
                "",
                "docx",
                ("the document declares entities, which a Word document never does; nothing was read",),
            )
        root = ElementTree.fromstring(markup)  # noqa: S314  # entities were refused just above
    except KeyError:
        return Text(name, "", "docx", ("this archive is not a Word document; nothing was read",))
    except (
        zipfile.BadZipFile,
        ElementTree.ParseError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
        OSError,
    ) as error:
        return Text(name, "", "docx", (f"the document is broken ({type(error).__name__}); nothing was read",))
    paragraphs = []
    for paragraph in root.iter(f"{WORD}p"):
        words = [
            "\t" if part.tag == f"{WORD}tab" else "\n" if part.tag == f"{WORD}br" else part.text or ""
            for part in paragraph.iter()
            if part.tag in (f"{WORD}t", f"{WORD}tab", f"{WORD}br")
        ]
        paragraphs.append("".join(words))
    text = "\n\n".join(words for words in paragraphs if words.strip())
    return Text(name, text, "docx", () if text else ("the document holds no text",))


def _feed(content: bytes, name: str, notes: tuple[str, ...]) -> Iterator[Text]:
    """Yield the items of an RSS or Atom feed, with the date that each states."""
    from email.utils import parsedate_to_datetime

    import trafilatura

    if b"<!ENTITY" in content:
        yield Text(name, "", "feed", (*notes, "the feed declares entities, which can be an attack; nothing was read"))
        return
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  # entities were refused just above
    except ElementTree.ParseError as error:
        text, more = _decode(content)
        yield Text(
            name,
            re.sub(r"<[^>]+>", " ", text),
            "feed",
            (*notes, *more, f"the feed is broken XML ({error}); its text was read as it is"),
        )
        return
    items = [node for node in root.iter() if node.tag.rsplit("}", 1)[-1] in ("item", "entry")]
    if not items:
        yield Text(name, "", "feed", (*notes, "the feed holds no items"))
    for number, item in enumerate(items[:MOST_ITEMS], start=1):
        parts = {node.tag.rsplit("}", 1)[-1]: "".join(node.itertext()).strip() for node in item}
        markup = parts.get("encoded") or parts.get("content") or parts.get("description") or parts.get("summary") or ""
        words = markup
        if "<" in markup:
            words = (
                trafilatura.html2txt(markup)
                if len(markup) < 200
                else (
                    trafilatura.extract(f"<html><body><article>{markup}</article></body></html>")
                    or trafilatura.html2txt(markup)
                )
            )
            words = words.replace("\n", "\n\n")
        stated = parts.get("pubDate") or parts.get("published") or parts.get("updated") or parts.get("date") or ""
        day = stated[:10] if re.match(r"\d{4}-\d\d-\d\d", stated) else None
        more = notes
        if day is None and stated:
            try:
                day = parsedate_to_datetime(stated).date().isoformat()
            except (ValueError, TypeError):
                more = (*notes, f'the item\'s date "{stated[:40]}" cannot be read')
        title = parts.get("title", "")
        yield _limited(Text(f"{name}#{number}", f"{title}\n\n{words}" if title else words, "feed", more, day))
    if len(items) > MOST_ITEMS:
        yield Text(
            f"{name}#more",
            "",
            "feed",
            (f"the feed holds {len(items):,} items; only the first {MOST_ITEMS:,} were read",),
        )
