"""`make bench`: pages, dashboards, synthesis, reports, the tick, on both databases; then papers."""

import sys

from bench import checks, dashboards, documents, pages, reports, synthesis, tick

if __name__ == "__main__":
    arguments = sys.argv[1:] or ["--database", "sqlite", "postgres"]
    missed = [part.main(arguments) for part in (pages, dashboards, synthesis, reports, tick)]
    sys.exit(any([*missed, checks.main([]), documents.main([])]))
