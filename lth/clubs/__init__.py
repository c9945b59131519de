"""Clubs of the communes: their register, their boards' keys, their monthly books, their score."""
