"""Replies that travel by themselves: the queue they wait in, and the vendors' programs they are sent to."""
