"""Every string that people read, gathered from templates, Python and the engine's sentences into the six catalogues.

`make words` runs it: `django.pot` is made anew, what is new goes into every catalogue untranslated, what is gone leaves it,
translations and their comments stay. Django's own reader of templates finds what they hold, Babel what Python marks,
`source_sentences` what the engine says. Needs what is on PyPI and nothing else. Must never translate or drop a draft mark.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from evenhand.web.languages import FOLDER, LANGUAGES, SOURCE
from evenhand.web.languages.compiling import compile_all, is_translated
from evenhand.web.languages.sentences import CONTEXT
from evenhand.web.languages.source_sentences import read_sentences

PACKAGE: Final = FOLDER.parents[1]
TEMPLATES: Final = (".html", ".txt", ".svg", ".xml")
WIDTH: Final = 120

KEYWORDS: Final[dict[str, tuple[int | tuple[int, str], ...] | None]] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "say": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "say_count": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
"""What marks a string in Python."""

PLURALS: Final = {
    "ar": (6, "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"),
    "zh": (1, "0"),
    "en": (2, "(n != 1)"),
    "fr": (2, "(n > 1)"),
    "ru": (3, "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"),
    "es": (2, "(n != 1)"),
}
"""Language → how many plural forms it has, and which one a number takes (CLDR, for whole numbers)."""

COMMENT: Final = "Translators:"


def extract_all(package: Path = PACKAGE) -> Catalog:
    """Return every string of the pages, the forms, the API and the engine, with the files it stands in."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package).as_posix()
        if file.suffix in TEMPLATES and "templates" not in file.name and name.startswith(("web/", "api/")):
            found = _in_template(file.read_text(encoding="utf-8"), name)
        elif file.suffix == ".py" and "migrations" not in file.parts:
            found = _in_python(file.read_bytes())
        else:
            continue
        for message, context, comments in found:
            catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    for sentence in read_sentences(package):
        catalog.add(sentence.template, locations=[(sentence.file, 0)], context=CONTEXT)
    return catalog


Found = tuple[str | tuple[str, ...], str | None, list[str]]


def _in_python(source: bytes) -> Iterator[Found]:
    if not any(keyword.encode() + b"(" in source for keyword in KEYWORDS):
        return
    for _, message, comments, context in extract("python", io.BytesIO(source), KEYWORDS, [COMMENT]):
        yield message, context, list(comments)


def _in_template(text: str, name: str) -> Iterator[Found]:
    """Return the strings of a template, which Django turns into calls of gettext that stand between other letters."""
    from django.utils.translation.template import templatize

    code = templatize(text, origin=name)
    for call in re.finditer(r"\b(_|gettext|ngettext|pgettext|npgettext)\(", code):
        strings = list(_leading_strings(code, call.end()))
        context = strings.pop(0) if call[1].startswith(("pg", "npg")) else None
        wanted = 2 if call[1].startswith("n") else 1
        if len(strings) >= wanted and all(strings[:wanted]):
            yield (strings[0] if wanted == 1 else tuple(strings[:2])), context, []


def _leading_strings(code: str, at: int) -> Iterator[str]:
    """Return the literal strings with which the arguments of a call begin."""
    literal = re.compile(r"""\s*(u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))\s*,?""", re.DOTALL)
    while found := literal.match(code, at):
        yield ast.literal_eval(found[1])
        at = found.end()


def merge(template: Catalog, file: Path, language: str) -> Catalog:
    """Return a language's catalogue with what is new in it untranslated and what is gone left out."""
    kept = read_catalog(file) if file.is_file() else Catalog()
    merged = Catalog(locale=language, charset="utf-8", fuzzy=False)
    forms = PLURALS[language][0]
    for one in template:
        if not one.id:
            continue
        before = kept.get(one.id, one.context)
        same = before is not None and before.id == one.id
        empty: str | tuple[str, ...] = ("",) * forms if one.pluralizable else ""
        merged.add(
            one.id, before.string if same and before is not None and before.string else empty,
            locations=one.locations, auto_comments=one.auto_comments, context=one.context,
            user_comments=before.user_comments if same and before is not None else (),
            flags=set(one.flags),
        )  # fmt: skip
    return merged


def read_catalog(file: Path) -> Catalog:
    """Return a catalogue as people edit it."""
    with file.open("rb") as opened:
        return read_po(opened, abort_invalid=True)


def write_catalog(file: Path, catalog: Catalog, language: str) -> bool:
    """Write a catalogue, by file and then by words, with no date and no line number in it; say whether it changed."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)
    body = (_header(language) + buffer.getvalue().decode()).encode()
    if file.is_file() and file.read_bytes() == body:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return True


def _header(language: str) -> str:
    forms, expression = PLURALS.get(language, PLURALS[SOURCE])
    lines = [
        f"Language: {language}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit", f"Plural-Forms: nplurals={forms}; plural={expression};",
    ]  # fmt: skip
    said = "".join(f'"{line}\\n"\n' for line in lines)
    about = f"in {language}" if language else "to be translated"
    return f'# Evenhand, {about}. How: docs/howto/translate.md\nmsgid ""\nmsgstr ""\n{said}\n'


def main() -> int:
    """Make the template anew, merge it into every catalogue, compile them, and say what is to be translated."""
    template = extract_all()
    write_catalog(FOLDER / "django.pot", template, "")
    for language in LANGUAGES:
        if language != SOURCE:
            file = FOLDER / language / "LC_MESSAGES" / "django.po"
            merged = merge(template, file, language)
            write_catalog(file, merged, language)
            without = len([one for one in merged if one.id and not is_translated(one.string)])
            sys.stdout.write(f"{language}: {len(merged)} strings, {without} without a translation\n")
    compile_all(FOLDER)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
