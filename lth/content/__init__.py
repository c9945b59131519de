"""What a document says: its targets, parts and sections, as values."""
