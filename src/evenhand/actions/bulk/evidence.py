"""The evidence of an import: the file itself, and the addresses or titles that its rows name.

Used by `importing` and by the registers whose rows name what proves them. A row's address is kept once, with a link from
everything that it proves.
"""

from __future__ import annotations

import polars as pl

from evenhand.actions.bulk.weighing import Weighing
from evenhand.actions.bulk.writing import insert, moment
from evenhand.actions.evidence import ADDRESS
from evenhand.records.models import Evidence, EvidenceLink, StoredFile

FILE, SOURCES = 0, 1_000_000_000
"""Numbers of refs: the file's own, and those of the addresses from here on."""


def keep_sent(weighing: Weighing) -> str:
    """Note the file, which is kept already, as evidence and return its ref; the same file, the same ref."""
    sent, doing = weighing.sent, weighing.doing
    ref = sent.ref("EV", FILE)
    if Evidence.objects.filter(pk=ref).exists():
        return ref
    Evidence.objects.create(
        ref=ref, title=(sent.filename or f"{sent.register}, imported")[:300], kind="table", dated=None,
        source=f"import of {sent.register}" + (f" by the layout {sent.layout}" if sent.layout else ""),
        public=sent.public, file=StoredFile(sha256=weighing.table.digest), given_by_id=doing.for_party or None,
        made_at=doing.at,
    )  # fmt: skip
    EvidenceLink.objects.create(evidence_id=ref, about=doing.id)
    return ref


def link_sources(weighing: Weighing, about: pl.Series, sources: pl.Series) -> None:
    """Keep each address or title once, and link it with what it proves."""
    links = pl.DataFrame([about.alias("about"), sources.alias("text")]).drop_nulls()
    if not links.height:
        return
    distinct = links["text"].unique(maintain_order=True)
    refs = [weighing.sent.ref("EV", SOURCES + number) for number in range(len(distinct))]
    texts = distinct.to_list()
    kinds = ["link" if ADDRESS.fullmatch(text) else "document" for text in texts]
    insert("records_evidence", pl.DataFrame({
        "ref": refs, "title": [text[:300] for text in texts], "kind": kinds, "source": texts,
    }), {"dated": None, "language": "", "confidence": "", "public": weighing.sent.public, "file_id": None, "given_by_id": None,
         "made_at": moment(weighing.doing.at)})  # fmt: skip
    insert("records_evidencelink", links.with_columns(
        pl.col("text").replace_strict(texts, refs, return_dtype=pl.String).alias("evidence_id")
    ).select("evidence_id", "about"))  # fmt: skip
