"""The pages: server-rendered, each with its template beside its view.

A view asks `evenhand.lookups` for what its viewer may see and shows it; it holds no rule and changes no record.
"""
