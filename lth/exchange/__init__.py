"""Let documents out and in: plan files."""
