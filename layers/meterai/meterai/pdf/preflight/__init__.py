"""Whether a document can be stamped, and what a portal may refuse."""
