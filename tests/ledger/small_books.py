"""Small stock books and their exports, made without the verifier: lines, leaves, balances, checkpoints, sums."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

from evenhand.ledger.checkpoint import Checkpoint, SigningKey, countersign, sign_checkpoint
from evenhand.ledger.entries import HEADING, AccountKey, Entry, balances_of
from evenhand.ledger.merkle import leaf_hash, root_of
from evenhand.ledger.stages import LEGAL, STAGES

ORIGIN = "evenhand.example/stock-book"
KEY = SigningKey(ORIGIN, hashlib.sha256(b"a key of the tests").digest())
OTHER_KEY = SigningKey("ministry.example/witness", hashlib.sha256(b"another").digest())
HOLDERS = {stage.name: stage.holder for stage in STAGES}


@dataclass
class Book:
    """Entries in order, and the sizes at which a checkpoint was signed."""

    entries: list[Entry] = field(default_factory=list)
    signed_at: tuple[int, ...] = ()
    witnessed_at: tuple[int, ...] = ()

    def add(self, verb: str, source: str, target: str, quantity: int, *, entry: str = "", **other: str) -> Entry:
        number = len(self.entries) + 1
        fields = {
            "action": f"a{number}", "by": "US-01", "resource": "mask", "typed": str(quantity), "unit": "piece",
            "value": "", "currency": "", "valued_on": "", "happened": "2026-03-02",
            "recorded": f"2026-03-02T10:00:00.{number:06d}Z", "concerns": "", "reverses": "",
        } | other  # fmt: skip
        made = Entry(
            seq=number,
            entry=entry or f"e{number}",
            verb=verb,
            source=source,
            target=target,
            quantity=quantity,
            **fields,
        )
        self.entries.append(made)
        return made

    def change(self, place: int, /, **what: object) -> None:
        self.entries[place - 1] = replace(self.entries[place - 1], **what)  # type: ignore[arg-type]  # a test's own field

    def lines(self) -> list[bytes]:
        return [entry.line() for entry in self.entries]

    def leaves(self) -> list[bytes]:
        return [leaf_hash(line) for line in self.lines()]

    def notes(self) -> dict[int, str]:
        leaves, made = self.leaves(), {}
        for size in self.signed_at:
            made[size] = sign_checkpoint(Checkpoint(ORIGIN, size, root_of(leaves[:size])), KEY)
            if size in self.witnessed_at:
                made[size] = countersign(made[size], OTHER_KEY)
        return made

    def files(self) -> dict[str, bytes]:
        """Return the files of an export, without SHA256SUMS."""
        lines, leaves = self.lines(), self.leaves()
        balances = balances_of(self.entries)
        export = {
            "format": "evenhand-export/1",
            "made_at": "2026-03-02T11:00:00Z",
            "size": len(lines),
            "root": base64.b64encode(root_of(leaves)).decode(),
            "counts": {"entries": len(lines), "checkpoints": len(self.signed_at)},
        }
        keys = [KEY.verifier.text()] + ([OTHER_KEY.verifier.text()] if self.witnessed_at else [])
        made = {
            "entries.csv": b"".join(line + b"\n" for line in [HEADING.encode(), *lines]),
            "leaves.txt": b"".join(leaf.hex().encode() + b"\n" for leaf in leaves),
            "balances.csv": "".join(
                row + "\n" for row in ["account,balance", *(f"{key},{balances[key]}" for key in sorted(balances))]
            ).encode(),
            "keys.txt": "".join(key + "\n" for key in keys).encode(),
            "export.json": json.dumps(export, indent=1).encode(),
            "tables/parties.csv": b"key,name\nTCD,Chad\n",
        }
        for size, note in self.notes().items():
            made[f"checkpoints/{size:012d}.txt"] = note.encode()
        return made

    def write(self, folder: Path) -> Path:
        return write_files(folder, self.files())


def with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with the SHA256SUMS that fits them."""
    files = {name: data for name, data in files.items() if name != "SHA256SUMS"}
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return files | {"SHA256SUMS": sums.encode()}


def write_files(folder: Path, files: dict[str, bytes], *, sums: bool = True) -> Path:
    for name, data in (with_sums(files) if sums else files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def village_book() -> Book:
    """From a pledge to the village clinic, one box damaged, one entry put right: ten entries, two checkpoints."""
    book = Book(signed_at=(4, 8), witnessed_at=(8,))
    a, consignment = "OF-7K2M9QX4PD", "CN-9QX4PD7K2M"
    book.add("offer", f"outside/{a}", f"offered/{a}", 1000, value="250.00", currency="USD", valued_on="2026-03-01")
    book.add("allocate", f"offered/{a}", f"allocated/{a}/TCD", 600)
    book.add("allocate", f"offered/{a}", f"allocated/{a}/KEN", 400)
    book.add("dispatch", f"allocated/{a}/TCD", f"in-transit/{a}/{consignment}", 600, concerns=consignment)
    book.add("receive", f"in-transit/{a}/{consignment}", f"received/{a}/TCD", 590)
    book.add("damage", f"in-transit/{a}/{consignment}", f"damaged/{a}/{consignment}", 10)
    book.add("distribute", f"received/{a}/TCD", f"used/{a}/TCD", 90)
    book.add("reverse", f"used/{a}/TCD", f"received/{a}/TCD", 90, reverses="e7")
    book.add("distribute", f"received/{a}/TCD", f"used/{a}/TCD", 80)
    book.add("expire", f"received/{a}/TCD", f"expired/{a}/TCD", 5)
    return book


def random_book(seed: int, size: int, *, offers: int = 5, every: int = 0) -> Book:
    """Return a lawful book of any size: moves that the table allows, of units that the account has, some undone."""
    draw = random.Random(seed)
    refs = [f"OF-{place:010d}" for place in range(offers)]
    resources = [draw.choice(["mask", "vaccine-az", "rice"]) for _ in refs]
    have: dict[str, int] = {}
    by_offer: list[list[str]] = [[f"outside/{ref}"] for ref in refs]
    targets = {name: [(verb, target) for verb, source, target in sorted(LEGAL) if source == name] for name in HOLDERS}
    book, undoable = Book(signed_at=tuple(range(every, size + 1, every)) if every else ()), []
    while len(book.entries) < size:
        place = draw.randrange(offers)
        if undoable and draw.random() < 0.05:
            entry = undoable.pop(draw.randrange(len(undoable)))
            if entry.target.startswith("outside/") or have.get(entry.target, 0) < entry.quantity:
                continue
            book.add(
                "reverse", entry.target, entry.source, entry.quantity, reverses=entry.entry, resource=entry.resource
            )
            made = book.entries[-1]
        else:
            source = draw.choice(by_offer[place])
            stage = AccountKey.read(source).stage
            left = 10**6 if stage == "outside" else have.get(source, 0)
            if not left or not targets[stage]:
                continue
            verb, target_stage = draw.choice(targets[stage])
            wanted = HOLDERS[target_stage]
            holder = {
                "": "", "party": draw.choice(["TCD", "KEN"]), "consignment": f"CN-{draw.randrange(3):010d}",
                "either": draw.choice(["TCD", "KEN"]),
            }[wanted]  # fmt: skip
            target = str(AccountKey(target_stage, refs[place], holder))
            made = book.add(verb, source, target, draw.randint(1, left), resource=resources[place])
            undoable.append(made)
            if target not in by_offer[place]:
                by_offer[place].append(target)
        have[made.source] = have.get(made.source, 0) - made.quantity
        have[made.target] = have.get(made.target, 0) + made.quantity
    return book
