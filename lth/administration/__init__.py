"""People, offices, settings, deadlines, the calendar and delegations, as they are managed."""
