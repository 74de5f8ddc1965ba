"""Papers that travel with goods, as PDF: the manifest of a consignment, labels for its boxes, a note of its receipt.

`manifest.write_manifest`, `labels.write_labels` and `receipt.write_receipt` take a `contents.Paper` and return bytes; the
same contents make the same bytes. Called by commands and pages. Their words are the reader's (`evenhand.wording.say`), their
letters those of fonts that are installed (`fonts`): none is shipped. Must never read a database, a setting or a clock.
"""
