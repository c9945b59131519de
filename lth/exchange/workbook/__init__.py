"""The workbook of a unit's plan: out with every cell's place and version, in again cell by cell."""
