"""One self-contained page: a text with its speakers and its claims marked in it.

Called by `evenhand read --html`. No script, no request, no colour that means something alone: every mark also has a word. Whatever stands in
the text is escaped: it is data.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

STYLE = """
:root{--ink:#1b2430;--soft:#56606e;--paper:#fff;--ground:#f3f1ec;--line:#d9d5cb;--given:#0b6b3a;--promised:#8a4b00;--needed:#8d1d4f;--host:#1d4e89;--guest:#6b3f8f}
@media (prefers-color-scheme:dark){:root{--ink:#eceae4;--soft:#b3b8c0;--paper:#1c2128;--ground:#12161b;--line:#3a424c;--given:#6fd39b;--promised:#f0b45f;--needed:#f494bf;--host:#8fbdf5;--guest:#cda6f0}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.6 Georgia,"Noto Serif",serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 4rem}article{background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:1.75rem 2rem;margin:0 0 2rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .25rem}h2{font-size:1.3rem;margin:0 0 .75rem;overflow-wrap:anywhere}h3{font:600 .95rem/1.4 system-ui,sans-serif;margin:1.75rem 0 .6rem;letter-spacing:.02em}
.lead,.quiet{color:var(--soft)}.lead{margin:0 0 1.5rem}.facts,.sides,.line,table,.legend,nav{font-family:system-ui,sans-serif;font-size:.88rem}
.facts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0 0 1rem}.facts div{min-width:6rem}.facts dt{color:var(--soft);font-size:.78rem}.facts dd{margin:0;font-weight:600}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.75rem;list-style:none;margin:0;padding:0}.sides li{border:1px solid var(--line);border-inline-start:5px solid var(--host);border-radius:4px;padding:.5rem .75rem}
.sides li.guest{border-inline-start:5px double var(--guest)}.sides b{display:block;font-size:.98rem}.sides small{color:var(--soft)}
.said{list-style:none;margin:0;padding:0}.said>li{display:grid;grid-template-columns:11.5rem 1fr;gap:0 1.25rem;padding:.45rem 0;border-top:1px solid var(--line)}.said>li:first-child{border-top:0}
.line{color:var(--soft);padding-top:.2rem}.line b{display:block;color:var(--ink);overflow-wrap:anywhere}.line .act{display:inline-block;border:1px solid var(--line);border-radius:3px;padding:0 .35rem;margin:.15rem .2rem 0 0;font-size:.76rem}
.said p{margin:0;overflow-wrap:anywhere}.said .narrator b{font-weight:400;font-style:italic;color:var(--soft)}
mark{background:none;color:inherit;text-decoration-thickness:2px;text-underline-offset:4px}mark.given{text-decoration:underline solid var(--given) 2px}mark.promised{text-decoration:underline dashed var(--promised) 2px}mark.needed{text-decoration:underline dotted var(--needed) 3px}
sup.tag{line-height:1}sup.tag a,td a{font:600 .68rem/1 system-ui,sans-serif;text-decoration:none;border:1px solid currentColor;border-radius:3px;padding:.05rem .25rem;margin-inline-start:.25rem;white-space:nowrap}
.given a,a.given{color:var(--given)}.promised a,a.promised{color:var(--promised)}.needed a,a.needed{color:var(--needed)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:start;color:var(--soft);padding-bottom:.4rem}th,td{text-align:start;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}th{font-weight:600;white-space:nowrap}th.n,td.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
.notes{border-inline-start:5px solid var(--promised);padding:.5rem 1rem;margin:0 0 1rem;background:color-mix(in srgb,var(--promised) 8%,transparent)}.notes ul{margin:.25rem 0;padding-inline-start:1.2rem}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;color:var(--soft);margin:0 0 1.25rem}nav ol{columns:2;padding-inline-start:1.2rem}a{color:var(--host)}a:focus-visible{outline:3px solid var(--host);outline-offset:2px}
@media (max-width:40rem){article{padding:1.1rem}.said>li{grid-template-columns:1fr}nav ol{columns:1}}@media print{body{background:#fff}article{border:0;padding:0;break-inside:auto}}
"""
KINDS = {"given": "given", "promised": "promised", "needed": "needed"}


def write_page(documents: Sequence[dict[str, Any]], texts: Sequence[str]) -> str:
    """Return the page of documents, in the shape of `Document.to_json`, each with its stored text.

    Examples
    --------
    >>> page = write_page([{"file": "<a>", "published": None, "meeting": {"date": None, "place": None, "kind": "met",
    ...     "participants": []}, "sentences": [], "claims": [], "notes": ["n"]}], [""])
    >>> "&lt;a&gt;" in page, "<script" in page
    (True, False)
    """
    articles = "".join(
        _article(number, document, text)
        for number, (document, text) in enumerate(zip(documents, texts, strict=True), start=1)
    )
    claims = sum(len(document["claims"]) for document in documents)
    many = "1 document" if len(documents) == 1 else f"{len(documents):,} documents"
    listed = "".join(
        f'<li><a href="#d{number}">{escape(document["file"])}</a></li>'
        for number, document in enumerate(documents, start=1)
    )
    contents = f'<nav aria-label="Documents"><ol>{listed}</ol></nav>' if len(documents) > 1 else ""
    title = escape(documents[0]["file"]) if len(documents) == 1 else many
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Who said what: {title}</title><style>{STYLE}</style></head><body><main><h1>Who said what</h1>"
        f'<p class="lead">{many}, {claims:,} {"mention" if claims == 1 else "mentions"} of assistance. Read by rules, not yet confirmed by a person. '
        f"What is said here is said by the speakers named, not by Evenhand.</p>{contents}{articles}</main></body></html>\n"
    )


def _article(number: int, document: dict[str, Any], text: str) -> str:
    parts = [f'<article id="d{number}" aria-labelledby="t{number}"><h2 id="t{number}">{escape(document["file"])}</h2>']
    notes = document.get("notes") or []
    if notes:
        parts.append(
            f'<div class="notes" role="note"><b>Notes</b><ul>{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul></div>'
        )
    parts.append(_meeting(document))
    if document["sentences"]:
        parts.append("<h3>Sentence by sentence</h3>")
        if document["claims"]:
            parts.append(
                '<p class="legend"><span><mark class="given">solid line</mark>: given</span><span><mark class="promised">dashed line</mark>: promised</span>'
                '<span><mark class="needed">dotted line</mark>: needed</span></p>'
            )
        parts.append(_sentences(number, document, text))
    elif text.strip():
        parts.append(f'<h3>The text as stored</h3><p class="quiet">{escape(text[:2000])}</p>')
    if document["claims"]:
        parts.append(_claims(number, document))
    return "".join(parts) + "</article>"


def _meeting(document: dict[str, Any]) -> str:
    meeting = document["meeting"]
    facts = {
        "Published": document["published"],
        "Kind": meeting["kind"],
        "Date": meeting["date"],
        "Place": meeting["place"],
    }
    shown = "".join(
        f"<div><dt>{name}</dt><dd>{escape(value) if value else '<span class=quiet>not stated</span>'}</dd></div>"
        for name, value in facts.items()
    )
    people = "".join(
        f'<li class="{one["side"]}"><small>{one["side"]}</small><b>{escape(one["name"])}</b>'
        f"{escape(one['office'] or '')}<br><small>{escape(one['party_name'] or '')}</small></li>"
        for one in meeting["participants"]
    )
    return f'<dl class="facts">{shown}</dl>' + (
        f'<ul class="sides" aria-label="Participants">{people}</ul>' if people else ""
    )


def _sentences(number: int, document: dict[str, Any], text: str) -> str:
    claims = list(enumerate(document["claims"], start=1))
    lines = []
    for sentence in document["sentences"]:
        inside = [
            (place, claim)
            for place, claim in claims
            if sentence["start"] <= claim["start"] and claim["end"] <= sentence["end"]
        ]
        at, words = sentence["start"], []
        for place, claim in inside:
            if claim["start"] < at:
                continue
            words.append(escape(text[at : claim["start"]]))
            words.append(
                f'<mark class="{claim["kind"]}" id="d{number}w{place}">{escape(text[claim["start"] : claim["end"]])}'
                f'</mark><sup class="tag {claim["kind"]}"><a href="#d{number}c{place}" aria-label="claim {place}, {claim["kind"]}">{place} {claim["kind"]}</a></sup>'
            )
            at = claim["end"]
        words.append(escape(text[at : sentence["end"]]))
        speaker = "both sides" if sentence["speaker"] == "both" else sentence["speaker"]
        quiet = ' class="narrator"' if sentence["speaker"] == "narrator" else ""
        acts = "".join(f'<span class="act">{escape(act)}</span>' for act in sentence["acts"])
        title = escape(sentence.get("reason", ""), quote=True)
        lines.append(
            f'<li{quiet}><div class="line" title="{title}"><b>{escape(speaker)}</b>{acts}</div><p>{"".join(words)}</p></li>'
        )
    return f'<ol class="said">{"".join(lines)}</ol>'


def _party(key: str | None) -> str:
    """Return a state's name for its code, any other party as it is."""
    from evenhand.statements.gazetteer import state_names

    return state_names().get(key, key) if key else ""


def _claims(number: int, document: dict[str, Any]) -> str:
    rows = []
    for place, claim in enumerate(document["claims"], start=1):
        amount = "" if claim["quantity"] is None else f"{claim['quantity']:,}"
        giver, receivers = _party(claim["giver"]), ", ".join(_party(one) for one in claim["receiver"])
        cells = [giver or "not named", receivers or "not named", claim["resource"]]
        after = [claim["place"] or "", claim["when"] or "", claim["speaker"]]
        rows.append(
            f'<tr id="d{number}c{place}"><td><a class="{claim["kind"]}" href="#d{number}w{place}">{place} {claim["kind"]}</a></td>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + f'<td class="n">{amount} {escape(claim["unit"] or "")}</td>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in after)
            + f'<td class="n">{claim.get("confidence", 1.0):.0%}</td></tr>'
        )
    heads = "".join(
        f'<th scope="col"{" class=n" if name in ("Amount", "Confidence") else ""}>{name}</th>'
        for name in ("Claim", "Giver", "Receiver", "What", "Amount", "Where", "When", "Said by", "Confidence")
    )
    return (
        '<h3>Assistance mentioned</h3><div class="scroll" tabindex="0" role="region" aria-label="Assistance mentioned"><table>'
        f"<caption>Each row is one mention, in the words of its speaker.</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
