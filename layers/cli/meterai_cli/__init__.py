"""The operator's command line. It is not deployed."""
