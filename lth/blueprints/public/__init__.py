"""What is served to anybody."""
