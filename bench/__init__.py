"""Evenhand beside its peers: the same problem, the same run, each in a process of its own.

``python -m bench`` (or ``make bench``) measures every case, prints one table and writes it to docs/benchmarks.md. Not
part of the library and not shipped with it. `instances` makes the problems, `peers` holds what we are measured
against, `ours` calls Evenhand, `cases` says what is measured and what is promised, `process` starts a job by itself.
"""
