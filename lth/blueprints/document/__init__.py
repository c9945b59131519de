"""A document's page: reading, acts, the strip, the timeline, remarks."""
