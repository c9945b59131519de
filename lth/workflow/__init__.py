"""Hold the heart: states, one transition table, guards by name, operations, events, roads."""
