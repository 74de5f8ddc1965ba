"""One person, one record: which records of a table may be the same person, and why.

`match` takes a table and proposes; `train` learns a model once and `read_model` brings it back; `entry.Index` answers for
one new record while a registrar waits. `columns` to `comparisons` hold what is compared, as data; Splink does the
comparing (DuckDB here, Spark on a cluster). Nothing in this folder knows the people register or any web framework,
decides, or prints. Needs `pip install 'evenhand[people]'`.
"""

from evenhand.matching.match import Matches, match
from evenhand.matching.model import THRESHOLD, Model, read_model
from evenhand.matching.preparing import Prepared, prepare
from evenhand.matching.training import train

__all__ = ["THRESHOLD", "Matches", "Model", "Prepared", "match", "prepare", "read_model", "train"]
