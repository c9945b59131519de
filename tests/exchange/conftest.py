"""Fixtures of what comes in and goes out as files."""

import pytest
from support.office import Office, libreoffice


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice, which converts files of a folder into others beside them."""
    home = tmp_path_factory.mktemp("office")
    return libreoffice(home, "libreoffice-writer-nogui libreoffice-calc-nogui")
