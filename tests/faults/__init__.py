"""A fault at every port call: which invariants hold after it, checked by running the steps."""
