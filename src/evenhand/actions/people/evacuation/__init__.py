"""Actions on medical evacuation: asking, places in hospitals, matching, referrals, transfers out and back.

A need, an offer, an allocation (the referral) and a consignment (the transfer), each of its own; a machine proposes, people decide.
"""
