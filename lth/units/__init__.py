"""Administrative units by date: read from the national list, found by name."""
