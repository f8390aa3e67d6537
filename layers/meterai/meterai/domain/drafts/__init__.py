"""What applicants prepare on the pages."""
