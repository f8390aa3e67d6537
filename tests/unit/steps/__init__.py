"""What each step promises, tested over in-memory ports."""
