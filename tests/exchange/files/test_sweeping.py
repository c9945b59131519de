"""Bytes that no row names go after a while, and no others; what is lost is told."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import String, select

from lth import commands
from lth.access.scope import Purpose, system
from lth.cli import main
from lth.core import clock
from lth.exchange.files import sweeping
from lth.exchange.files.store import FolderStore, fingerprint
from lth.models import Attachment, Base, Document

NAMED, STRAY, FRESH = b"named by a row", b"named by none", b"put there just now"


@pytest.fixture
def dataset():
    return "workflow"


@pytest.fixture
def store(tmp_path):
    """A file that a row will name and one that none does, both old, and a new one."""
    store = FolderStore(tmp_path / "files")
    for data in (NAMED, STRAY, FRESH):
        store.put(data)
    for data in (NAMED, STRAY):
        age(tmp_path / "files", data, 15)
    return store


def age(folder: Path, data: bytes, days: int) -> None:
    name = fingerprint(data)
    then = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(folder / name[:2] / name, (then, then))


@pytest.fixture
def attach(session):
    """Name a file in a row; it may have been removed from its document since."""

    def name(data, *, removed=False):
        with system(session, Purpose.LOAD):
            document = session.scalars(select(Document).limit(1)).one()
            attachment = Attachment(
                document_id=document.id,
                from_number=1,
                unit_id=document.unit_id,
                person_id=document.created_by_id,
                name="Kế hoạch.pdf",
                media_type="application/pdf",
                size=len(data),
                sha256=fingerprint(data),
                added_at=clock.now(),
            )
            if removed:
                attachment.removed_at, attachment.removed_number = clock.now(), 1
            session.add(attachment)
            session.flush()
            session.commit()

    return name


def kept(store):
    return {one.fingerprint for one in store.kept()}


@pytest.mark.parametrize("removed", [False, True])
def test_only_what_nobody_has_named_for_long_goes(session, store, attach, removed):
    attach(NAMED, removed=removed)
    assert sweeping.look(session, store, clock.now()).files == 3
    assert kept(store) == set(map(fingerprint, (NAMED, STRAY, FRESH)))
    swept = sweeping.sweep(session, store, clock.now())
    assert [one.fingerprint for one in swept.stale] == [fingerprint(STRAY)]
    assert kept(store) == set(map(fingerprint, (NAMED, FRESH)))


def test_what_is_put_again_meanwhile_stays(session, store, attach, monkeypatch):
    """Somebody attaches the same bytes while they are being swept."""
    attach(NAMED)
    look = sweeping.look

    def look_and_lose_the_race(*given):
        found = look(*given)
        store.put(STRAY)
        return found

    monkeypatch.setattr(sweeping, "look", look_and_lose_the_race)
    assert list(sweeping.sweep(session, store, clock.now()).stale) == []
    assert fingerprint(STRAY) in kept(store)


def test_what_is_lost_is_told(session, store, attach):
    attach(b"never put there")
    assert sweeping.look(session, store, clock.now()).lost == [fingerprint(b"never put there")]


def test_every_column_that_may_name_a_file_is_asked():
    """A new table is asked by itself: a column of the length of a fingerprint is enough."""
    asked = set(sweeping.naming_columns())
    words = ("sha256", "fingerprint", "file_hash", "digest")
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String) and column.name.endswith(words):
                assert column in asked or column.type.length != 64, column
            if column.info.get("of_a_file"):
                assert column in asked, column
    assert Attachment.__table__.c.sha256 in asked


OF_NO_FILE = {
    "revision.sha256": "of what a plan says",
    "receipt.sha256": "of the plan that a synthesis took in",
    "sheet_match.fingerprint": "of the heads of a sheet",
}


def test_each_fingerprint_of_bytes_that_are_kept_says_so():
    """A backup without the file of such a column is not whole; others are named with their reason.

    A column of the length of a fingerprint that is named like one is one or the other.
    """
    named = {
        f"{column.table.name}.{column.name}": column.info.get("of_a_file", False)
        for column in sweeping.naming_columns()
        if column.name.endswith(("sha256", "fingerprint", "digest"))
    }
    assert {name for name, of_a_file in named.items() if not of_a_file} == set(OF_NO_FILE)
    marked = {
        f"{column.table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("of_a_file")
    }
    assert marked <= set(named), "a fingerprint is called one"


def test_a_row_in_any_of_them_keeps_a_file(session, store):
    """Each column in turn names the stray file, whatever its table is about."""
    session.rollback()
    for column in sweeping.naming_columns():
        with system(session, Purpose.LOAD):
            row = session.execute(select(column.table).limit(1)).first()
        if row is None:
            session.rollback()
            continue
        statement = select(column).limit(1)
        with system(session, Purpose.LOAD):
            there = session.scalar(statement.where(column.is_not(None)))
        named = sweeping.named(session)
        if there is not None and len(there) == 64:
            assert there in named.may, column
        session.rollback()


def test_the_command_counts_sweeps_and_tells_what_is_lost(
    app, session, store, attach, tmp_path, monkeypatch
):
    attach(NAMED)
    session.rollback()
    settings = replace(app.config["SETTINGS"], files=str(tmp_path / "files"))
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setattr(commands, "make_app", lambda: app)
    looked = CliRunner().invoke(main, ["files"])
    assert looked.exit_code == 0, looked.output
    assert "3 files" in looked.output
    assert "14 days: 1 (0.0 MB), may be removed" in looked.output
    assert CliRunner().invoke(main, ["files", "--sweep"]).exit_code == 0
    assert kept(store) == set(map(fingerprint, (NAMED, FRESH)))
    store.remove(fingerprint(NAMED))
    lost = CliRunner().invoke(main, ["files"])
    assert (lost.exit_code, f"lost: {fingerprint(NAMED)}" in lost.output) == (1, True)
