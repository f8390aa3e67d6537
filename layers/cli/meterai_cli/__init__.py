"""The operator's command line tool. It is not deployed."""
