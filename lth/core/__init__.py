"""Hold what stands on nothing else: settings, clock, database, language, text, working days."""
