"""The source of the artwork layer, and the package built from it."""
