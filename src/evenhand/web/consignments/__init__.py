"""Consignments: where each is, what was sent, received, damaged and missing; the code on its boxes; planning one."""
