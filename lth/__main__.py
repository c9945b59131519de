"""``python -m lth`` is ``lth``."""

from lth.cli import main

main(prog_name="lth")
