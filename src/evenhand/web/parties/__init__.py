"""Parties: members by how far their needs are met, donors by name, and the page of one party, whatever it does."""
