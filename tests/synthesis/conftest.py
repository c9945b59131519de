"""The units below one another whose plans are added up here."""

import pytest
from synthesis.builders import Tree

from lth.models.unit import Level


@pytest.fixture
def tree(session):
    return Tree(session)


@pytest.fixture
def province(tree):
    return tree.unit(Level.PROVINCE, "Trà Vinh")
