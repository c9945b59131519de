"""An existing plan (Word, PDF with text, plain text) read into items that a person confirms."""
