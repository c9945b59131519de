"""`make bench`: pages, acts, the synthesis, the tick, on both databases; then checks and papers."""

import sys

from bench import checks, documents, pages, synthesis, tick

if __name__ == "__main__":
    arguments = sys.argv[1:] or ["--database", "sqlite", "postgres"]
    missed = [part.main(arguments) for part in (pages, synthesis, tick)]
    sys.exit(any([*missed, checks.main([]), documents.main([])]))
