"""A fault at every port call: what must still hold after it, checked by running the steps."""
