"""The desk: what waits, the inbox, the work list, bulk acts, the unit's documents."""
