"""Actions on what was said: documents read, statements and meetings decided by a person, replies of parties.

What a machine reads is proposed with its reasons; a person accepts, corrects, rejects or merges it. Words never change.
"""
