"""Rules of the domain, tested without storage or network."""
