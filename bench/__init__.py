"""Measurements, as ratios within one run; `make bench` runs them all.

They borrow the tests' databases, whose folder must be found first.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
