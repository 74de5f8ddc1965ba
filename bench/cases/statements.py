"""How long reading official texts takes, beside spaCy's blank English pipeline on the same texts."""

from __future__ import annotations

import sys

from bench.process import ROOT, Measured, beside, run_command
from bench.table import Row, met, seconds, times

MOST_TIMES = 5.0
LEAST_A_SECOND = 200
DOCUMENTS = 400
READOUTS = ROOT.parent / "shared" / "readouts"
"""The annotated readouts, where this machine has them; else the made text below is read."""
TEXT = """N'DJAMENA, 12 May 2023 (ABC) -- President of Chad Ali Musa received Eva Lund, Executive Director of the World Food Programme (WFP).

The head of state thanked the guest for the 3,400 tonnes of sorghum that WFP had brought to the eastern camps since December {number}.

"We will send another {number} tents to Iriba," said Lund. She added that the appeal for ${number} million has not been met.

The sides noted that the road to the east is open again, and exchanged views on the harvest, the price of fuel and the schools of the region.
"""
PREPARE = """from pathlib import Path
texts = [path.read_text(encoding='utf-8') for path in sorted(Path({folder!r}).glob('[0-9]*.txt'))] or [{text!r}.replace('{{number}}', str(number)) for number in range(100, 118)]
texts = (texts * {many})[:{many}]"""
CODE = {
    "ours": "from evenhand.statements.document import Text; from evenhand.statements.reader import read_text; one = lambda text: read_text(Text('a', text))",
    "spaCy": "import spacy; one = spacy.blank('en')",
}
RUN = "from time import perf_counter as now\n{prepare}\n{code}\none(texts[0])\nbegun = now()\nfor text in texts: one(text)\nprint(now() - begun)"


def reading(quick: bool) -> list[Row]:
    """Measure the reader beside spaCy's tokeniser, each in a process of its own, on the same texts."""
    pairs = beside(lambda: _read("ours"), lambda: _read("spaCy"), 3 if quick else 9)
    a_second = DOCUMENTS / pairs.ours_seconds
    return [
        Row(
            f"read {DOCUMENTS} readouts of 2 kB, beside spaCy's blank pipeline",
            f"{seconds(pairs.ours_seconds)} ({a_second:,.0f} a second){pairs.hindrance}",
            seconds(pairs.peer_seconds),
            times(pairs.ratio),
            f"≥ {LEAST_A_SECOND} a second, ≤ {MOST_TIMES:.0f} ×",
            met(a_second >= LEAST_A_SECOND and pairs.ratio <= MOST_TIMES),
            "one core; loading the words is not counted",
        )
    ]


def _read(which: str) -> Measured:
    prepare = PREPARE.format(folder=str(READOUTS), text=TEXT, many=DOCUMENTS)
    done = run_command([sys.executable, "-c", RUN.format(prepare=prepare, code=CODE[which])])
    return Measured(float(done.answer["output"]), done.peak_bytes, {})
