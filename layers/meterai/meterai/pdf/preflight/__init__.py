"""Whether a document can be stamped, where, and how it will look."""
