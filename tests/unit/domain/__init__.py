"""What is true, proved without any world."""
