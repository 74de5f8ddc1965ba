"""Pages for reading: search, what changed lately and its feed, help, the glossary, the open data."""
