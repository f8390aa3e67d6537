"""What each step promises, over in-memory ports."""
