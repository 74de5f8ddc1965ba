"""Migrations of the tables of what was said."""
