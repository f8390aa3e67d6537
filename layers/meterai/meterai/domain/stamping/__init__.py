"""E-meterai: serials, placements, lanes, receipts, verdicts."""
