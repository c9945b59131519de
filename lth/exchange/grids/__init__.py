"""Rows and cells of spreadsheets, whatever they are about: read within bounds, and written."""
