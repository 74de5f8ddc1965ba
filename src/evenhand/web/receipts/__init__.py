"""Receipts on a phone: what is on its way to one's party, the form that says what came, and how it works without a line."""
