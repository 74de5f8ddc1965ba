"""Migrations of the people register, in its own database."""
