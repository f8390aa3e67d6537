"""Keys and secrets: signing, receipts, account numbers."""
