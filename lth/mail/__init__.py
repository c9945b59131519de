"""Mail as rows: kinds of message, the one writer of the outbox, and the holders of a role."""
