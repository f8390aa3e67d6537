"""The artwork layer's source: what draws the e-meterai, and what was built from it."""
