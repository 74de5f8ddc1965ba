"""What a person reads when something went wrong: what happened, what is safe, what to do next.

Made without a database, a session or the frame, because any of these may be what failed.
"""
