"""A backup holds everything, is of one moment, and comes back whole on either database or not."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect
from support.databases import Databases

from lth.core import clock, database
from lth.core.config import Settings
from lth.exchange import backup
from lth.models import Base

TABLES = sorted(Base.metadata.tables)


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lth.zip"


@pytest.fixture
def kept(databases: Databases, app: Flask, file: Path) -> backup.Manifest:
    """A backup of the dataset in `file`."""
    return backup.write(app.config["SETTINGS"], file, now=clock.now())


@pytest.fixture
def blank(databases: Databases) -> Iterator[Settings]:
    """A database without any table, of the kind of the test."""
    databases.blank("blank")
    yield databases.settings("blank")
    databases.close()


def tables_in(settings: Settings) -> list[str]:
    engine = database.migration_engine(settings)
    found = sorted(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_every_table_is_in_it(kept: backup.Manifest, file: Path) -> None:
    assert sorted(one.shape.name for one in kept.tables) == TABLES
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
    assert names == {"manifest.json", *(f"tables/{name}.jsonl" for name in TABLES)}


def test_restore(kept, file, blank):
    backup.restore(blank, file)
