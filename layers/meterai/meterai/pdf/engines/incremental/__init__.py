"""The first door: a small, strict writer of incremental updates, by the standard library alone.

It takes plain documents, which is nearly all, and reads of them only what a stamp needs; whatever
is odd (encryption, hybrid cross-references, generations, duplicate keys, …) it leaves to the next
door by raising Unsupported. No document is repaired or guessed at here.
"""
