"""What every room stands on: settings, clock, database, language, errors."""
