"""Who may see and do what: actors, scopes, and what each scope can see."""
