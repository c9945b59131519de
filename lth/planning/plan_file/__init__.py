"""Plan files: a whole plan as one YAML text that people write (docs/plan-files.md)."""
