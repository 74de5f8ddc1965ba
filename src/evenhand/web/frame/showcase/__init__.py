"""Every component of the frame on one page, in every state: for whoever works on the look, and for its tests.

At `/en/components`, only where DEBUG is on. Its words are samples and stand in no catalogue; it asks the database nothing.
"""
