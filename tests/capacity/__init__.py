"""The real size, by simulation from AWS's published limits and our measured times."""
