"""`make bench`: the pages and acts, then the synthesis, on both databases; then the checks."""

import sys

from bench import checks, pages, synthesis

if __name__ == "__main__":
    arguments = sys.argv[1:] or ["--database", "sqlite", "postgres"]
    sys.exit(pages.main(arguments) | synthesis.main(arguments) | checks.main([]))
