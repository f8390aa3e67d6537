"""What the signatures of a stamped file say."""
