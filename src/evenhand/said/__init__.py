"""What was said: documents as they were read, meetings, people in office, statements word for word, threads, replies.

Nothing here is Evenhand's own claim, and nothing here counts in a total. Changed by `evenhand.actions` alone; knows nothing
of rounds or of the stock book.
"""
