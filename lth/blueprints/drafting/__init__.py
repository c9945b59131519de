"""The drafting pages: targets, parts, sections, findings, saving."""
