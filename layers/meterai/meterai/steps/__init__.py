"""What happens: one step a file, numbered as in the README."""
