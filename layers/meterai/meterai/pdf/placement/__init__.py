"""Where on a page a stamp is placed."""
