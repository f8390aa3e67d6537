"""The real size, by simulation: what AWS's published limits and our measured times come to."""
