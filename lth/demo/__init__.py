"""The demo: real units and programmes, assumed figures and dates, and a story that is under way."""
