"""Lists of clubs: read from Excel or CSV, held against the register, written cell by cell."""
