"""All open data as one ZIP: every table, what its columns mean, the licence, the checkpoint, the checksums.

Called by `evenhand.lookups.open_data`. The same tables on the same day make the same bytes, so that two people who fetched it
can compare one hash. Described as Frictionless Data Package 1.0 (specs.frictionlessdata.io), which pandas, R and CKAN read.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from evenhand.errors import OptionRefused
from evenhand.exchange.open_data.about import About
from evenhand.exchange.open_data.columns import OpenTable, Row
from evenhand.exchange.open_data.write import MEDIA_TYPES, stream_table

FORMATS = ("parquet", "csv")
TYPES = {
    "key": "string", "text": "string", "names": "string", "whole": "integer", "amount": "number", "flag": "boolean",
    "day": "date", "moment": "datetime",
}  # fmt: skip
"""Kind of a column → its type in a Table Schema."""

EARLIEST = 1980
"""The first year that a ZIP file can say."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Say what a package holds: the rows of each table, by name."""

    rows: dict[str, int]


def write_package(
    out: IO[bytes],
    tables: Iterable[tuple[OpenTable, Iterable[Row]]],
    about: About,
    *,
    checkpoint: str = "",
    format: str = "parquet",
) -> Packed:
    """Write the package; each table is read once, when its turn comes.

    Parameters
    ----------
    out
        Where to; it must be seekable.
    tables
        Each declaration with its rows.
    checkpoint
        The newest signed checkpoint of the stock book as it was signed, "" where there is none.
    format
        "parquet" or "csv".

    Raises
    ------
    OptionRefused
        There is no such format.
    """
    if format not in FORMATS:
        raise OptionRefused(f"there is no format '{format}' for a package of open data; say parquet or csv")
    sums: dict[str, str] = {}
    counts: dict[str, int] = {}
    resources = []
    with zipfile.ZipFile(out, "w") as package:

        def put(name: str, pieces: Iterable[bytes]) -> int:
            digest, size = hashlib.sha256(), 0
            info = zipfile.ZipInfo(
                name, date_time=(max(about.day.year, EARLIEST), about.day.month, about.day.day, 0, 0, 0)
            )
            # Parquet is compressed in itself.
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with package.open(info, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
            sums[name] = digest.hexdigest()
            return size

        for table, rows in tables:
            name = f"data/{table.name}.{format}"
            counted = _Counted(rows)
            size = put(name, stream_table(format, table.columns, counted, about))
            counts[table.name] = counted.count
            resources.append(_resource(table, name, format, size, sums[name], counted.count))
        put("datapackage.json", [_json(_described(about, resources))])
        put("LICENCE.txt", [f"{about.licence.title}\n{about.licence.address}\n".encode()])
        if checkpoint:
            put("checkpoint.txt", [checkpoint.encode()])
        put("README.md", [_read_me(about, resources, checkpoint=bool(checkpoint)).encode()])
        put("SHA256SUMS", ["".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()])
    return Packed(counts)


class _Counted:
    """Count rows as they go by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _resource(table: OpenTable, path: str, format: str, size: int, digest: str, rows: int) -> dict[str, Any]:
    fields = [
        {"name": one.key, "type": TYPES[one.kind], "title": one.title, "description": one.meaning}
        | ({"unit": one.unit} if one.unit else {})
        | ({"hxl": one.hxl} if one.hxl else {})
        | ({"trueValues": ["yes"], "falseValues": ["no"]} if one.kind == "flag" else {})
        | ({"type": "array"} if one.kind == "names" and format == "parquet" else {})
        for one in table.columns
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.unique:
        schema["primaryKey"] = list(table.unique)
    return {
        "name": table.name, "path": path, "title": table.title, "description": f"A row is {table.row}.",
        "profile": "tabular-data-resource", "format": format, "mediatype": MEDIA_TYPES[format].partition(";")[0],
        "encoding": "utf-8", "bytes": size, "hash": f"sha256:{digest}", "rows": rows, "schema": schema,
    }  # fmt: skip


def _described(about: About, resources: list[dict[str, Any]]) -> dict[str, Any]:
    licence = {"name": about.licence.name, "title": about.licence.title, "path": about.licence.address}
    return {
        "profile": "tabular-data-package", "name": "evenhand-open-data", "title": about.title,
        "version": str(about.version), "created": f"{about.day.isoformat()}T00:00:00Z", "homepage": about.address,
        "publisher": about.publisher, "licenses": [licence], "evenhand": about.told(), "resources": resources,
    }  # fmt: skip


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _read_me(about: About, resources: list[dict[str, Any]], *, checkpoint: bool) -> str:
    lines = [
        f"# {about.title}", "",
        *([f"Published by {about.publisher}.", ""] if about.publisher else []),
        (f"Drawn on {about.day.isoformat()}, at version {about.version} of the records and {about.entries:,} entries of the "
        "stock book."),
        f"Root of the book's tree: `{about.root}`." if about.root else "",
        f"Licence: {about.licence.title}, {about.licence.address}",
        *([f"Address: {about.address}"] if about.address else []), "",
        "| table | rows | a row is |", "|---|---|---|",
        *(f"| [{one['name']}]({one['path']}) | {one['rows']:,} | {one['description'][9:-1]} |" for one in resources), "",
        ("What each column means stands in `datapackage.json`. Whole numbers count base units of the resource. In CSV a text "
        "that begins with =, +, - or @ has an apostrophe before it, so that no spreadsheet computes it."), "",
        "Check the files with: sha256sum -c SHA256SUMS",
    ]  # fmt: skip
    if checkpoint:
        lines += ["", ("`checkpoint.txt` is the newest signed checkpoint of the stock book. The column `leaf` of as many entries, in "
                  "order, makes its root: RFC 6962, section 2.1.")]  # fmt: skip
    return "\n".join(lines) + "\n"
