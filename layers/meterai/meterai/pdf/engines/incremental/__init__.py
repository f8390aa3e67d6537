"""The incremental engine: a small, strict writer of updates that uses only the standard library.

It handles plain documents, which are nearly all, and reads only what a stamp needs. For anything
odd (encryption, hybrid cross-references, generations, duplicate keys, …) it raises Unsupported, and
the next engine is tried. It never repairs or guesses.
"""
