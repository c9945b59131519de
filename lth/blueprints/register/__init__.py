"""Sổ văn bản đi: the register of a unit's papers."""
