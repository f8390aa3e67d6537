"""The local account, on a small template of its own."""
