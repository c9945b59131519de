"""Hand a paper over to the office's document system, and take the signed PDF back."""
