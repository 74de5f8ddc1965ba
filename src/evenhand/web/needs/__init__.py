"""Needs and gaps: the list everybody reads, and the page of one need."""
