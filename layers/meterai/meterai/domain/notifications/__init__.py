"""What people are told by e-mail, if they asked for it."""
