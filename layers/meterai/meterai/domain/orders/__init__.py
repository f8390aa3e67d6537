"""Orders and the payments that settle them."""
