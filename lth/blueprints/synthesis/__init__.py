"""The synthesis page and its figures."""
