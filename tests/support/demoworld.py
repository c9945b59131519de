"""The demo, loaded as `lth run --demo` loads it."""

from flask import Flask

from lth import demo


def fill(app: Flask) -> None:
    """The dataset: both demos, their stories told up to the moment of loading."""
    assert demo.load_if_empty(app)
