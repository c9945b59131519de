"""Mail: what it says, how it is drained from the outbox, and what administrators see of it."""
