"""`make bench`: pages and acts, the synthesis and the tick, on both databases; then the checks."""

import sys

from bench import checks, pages, synthesis, tick

if __name__ == "__main__":
    arguments = sys.argv[1:] or ["--database", "sqlite", "postgres"]
    missed = [part.main(arguments) for part in (pages, synthesis, tick)]
    sys.exit(any([*missed, checks.main([])]))
