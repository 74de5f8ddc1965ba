"""Feeds of what was decided and received, for readers of news and for machines. Called by the pages; knows no database."""
