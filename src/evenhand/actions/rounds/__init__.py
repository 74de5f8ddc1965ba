"""Actions on rounds, a module for each part of the way: open, freeze, propose, override, object, decide, post.

Each step needs the one before it, and none can be taken back but by cancelling the round. What is long (solving,
checking) is done before the write lock is taken; the action then makes sure that nothing has changed meanwhile.
"""
