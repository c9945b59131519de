"""The checks themselves, a family a file."""
