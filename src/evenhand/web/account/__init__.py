"""Signing in and out, the second step, passkeys, sessions, passwords: allauth's flows under our addresses and pages.

Holds no rights and no roles. What is changed here are allauth's own rows and the user's password, and every such change
is written to the log `evenhand.security`.
"""
