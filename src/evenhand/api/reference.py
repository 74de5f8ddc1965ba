"""The page of reference: every operation with its parameters, its schema and an example, made from the OpenAPI document.

Plain HTML of the server's own, with the portal's style and no script of anybody. Called by `addresses`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

STYLE = "portal.css"
ACTING = "do: "
"""How the subjects of actions begin."""


def write_reference(document: Mapping[str, Any]) -> str:
    """Return the page."""
    subjects: dict[str, list[SafeString]] = {}
    for place, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", ["other"])[0]
            subjects.setdefault(tag, []).append(_operation(method.upper(), place, operation))
    subjects = dict(sorted(subjects.items(), key=lambda one: one[0].startswith(ACTING)))  # what is read comes first
    listing = format_html_join(
        "\n", '<li><a href="#{}">{}</a></li>', ((_anchor(tag), _titled(tag)) for tag in subjects)
    )
    parts = format_html_join(
        "\n", '<section><h2 id="{}">{}</h2>{}</section>',
        ((_anchor(tag), _titled(tag), mark_safe("\n".join(found))) for tag, found in subjects.items()),  # noqa: S308 -- built by format_html
    )  # fmt: skip
    records = format_html_join(
        "\n", '<details><summary id="{}"><code>{}</code></summary>{}</details>',
        ((_anchor(name), name, _record(schema)) for name, schema in document["components"]["schemas"].items()),
    )  # fmt: skip
    return format_html(
        """<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>The API of Evenhand, version {version}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="{style}"></head>
<body><header class="top"><div class="wrap"><a class="brand" href="/">Evenhand</a></div></header>
<main class="wrap" id="content"><h1>The API</h1>
<p class="lead">Everything the pages read and do, as JSON. Reading what is public takes no key.</p>
<p>The same for programs: <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1). Every error has one body, with a
sentence that says what would work. A list comes in pages: <code>next</code> is the address of the next one. Send
<code>If-None-Match</code> with the <code>ETag</code> you have, and nothing travels that you have already.</p>
<nav aria-label="Subjects"><ul>{listing}</ul></nav>
{parts}
<section><h2 id="records">Records</h2>{records}</section></main></body></html>""",
        version=document["info"]["version"], style=_style(), listing=listing, parts=parts, records=records,
    )  # fmt: skip


def _operation(method: str, place: str, operation: Mapping[str, Any]) -> SafeString:
    rows = [
        (one["name"], one["in"], _type(one.get("schema", {})), one.get("required", False), one.get("description", ""))
        for one in operation.get("parameters", [])
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    needed = set(body.get("schema", {}).get("required", []))
    rows += [
        (name, "body", _type(schema), name in needed, schema.get("description", ""))
        for name, schema in body.get("schema", {}).get("properties", {}).items()
    ]
    answers = operation["responses"]["200"]["content"]
    answer = next(iter(answers.values()))
    return format_html(
        "<details><summary><code>{} {}</code> {}</summary>{}{}{}<p>Answers with {}.</p></details>",
        method, place, operation.get("summary", ""), _parameters(rows), _example("Body", body.get("example")),
        _example("Answer", answer.get("example")), _answer_kind(answers),
    )  # fmt: skip


def _parameters(rows: Iterable[tuple[str, str, str, bool, str]]) -> SafeString:
    cells = format_html_join(
        "\n", '<tr><th scope="row"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td></tr>',
        ((name, where, f"{kind}, needed" if needed else kind, meaning) for name, where, kind, needed, meaning in rows),
    )  # fmt: skip
    if not cells:
        return SafeString("")
    head = (
        '<tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Kind</th><th scope="col">Meaning</th></tr>'
    )
    return format_html('<div class="scroll" tabindex="0"><table><thead>{}</thead><tbody>{}</tbody></table></div>',
                       mark_safe(head), cells)  # fmt: skip  # noqa: S308 -- a constant


def _record(schema: Mapping[str, Any]) -> SafeString:
    rows = [
        (name, "", _type(one), False, one.get("description", "")) for name, one in schema.get("properties", {}).items()
    ]
    return format_html("<p>{}</p>{}", schema.get("description", ""), _parameters(rows))


def _example(title: str, value: Any) -> SafeString:
    if value is None:
        return SafeString("")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return format_html('<p>{}:</p><div class="scroll" tabindex="0"><pre><code>{}</code></pre></div>', title, text)


def _answer_kind(answers: Mapping[str, Any]) -> SafeString:
    data = answers.get("application/json", {}).get("schema", {}).get("properties", {}).get("data", {})
    ref = data.get("$ref") or data.get("items", {}).get("$ref")
    if ref is None:
        return format_html("{}", " or ".join(answers))
    name = ref.rpartition("/")[2]
    return format_html(
        '{}<a href="#{}"><code>{}</code></a>', "many of " if "items" in data else "", _anchor(name), name
    )


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if schema.get("contentEncoding"):
        return "a file, in base64"
    kind = schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"many of {_type(schema.get('items', {}))}"
    return str(schema.get("format", kind))


def _titled(tag: str) -> str:
    return tag[:1].upper() + tag[1:]


def _anchor(name: str) -> str:
    return name.replace(": ", "-").replace(" ", "-").replace(".", "-").lower()


def _style() -> str:
    try:
        return staticfiles_storage.url(STYLE)
    except ValueError:  # the assets were not collected yet
        return f"/assets/{STYLE}"
