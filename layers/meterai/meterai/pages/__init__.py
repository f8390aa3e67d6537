"""HTML that people see."""
