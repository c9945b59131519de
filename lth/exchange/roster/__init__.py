"""Lists of people: read from Excel or CSV, checked row by row, invited in one go."""
