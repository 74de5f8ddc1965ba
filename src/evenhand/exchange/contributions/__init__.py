"""Contributions to the pooled funds of the United Nations: what each donor pledged beside what it paid, and how long it took."""

from evenhand.exchange.contributions.kept import DonorKept, Kept, count_kept
from evenhand.exchange.contributions.read import Contribution, Contributions, read_contributions

__all__ = ["Contribution", "Contributions", "DonorKept", "Kept", "count_kept", "read_contributions"]
