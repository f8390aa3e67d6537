"""Where a stamp stands."""
