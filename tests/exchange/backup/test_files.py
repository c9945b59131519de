"""Attached files go along in a backup and come back the same, or nothing does."""

import zipfile
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from lth.access.scope import Purpose, system
from lth.cli import main
from lth.core import clock
from lth.exchange import backup
from lth.exchange.backup import load
from lth.exchange.files import stores
from lth.exchange.files.store import FolderStore, fingerprint
from lth.models import Attachment, Document

FILES = [f"Tệp số {number}".encode() * 50 for number in range(3)]
STRAY = b"named by no row"


@pytest.fixture
def dataset():
    return "workflow"


@pytest.fixture
def settings(app, tmp_path):
    return replace(app.config["SETTINGS"], files=str(tmp_path / "files"))


@pytest.fixture
def store(settings):
    return stores.store_at(settings.files)


@pytest.fixture
def attached(session, store):
    """Three files beside a document, and one in the store that no row names."""
    with system(session, Purpose.LOAD):
        document = session.scalars(select(Document).limit(1)).one()
        for number, data in enumerate(FILES):
            attachment = Attachment(
                document_id=document.id,
                from_number=1,
                unit_id=document.unit_id,
                person_id=document.created_by_id,
                name=f"{number}.pdf",
                media_type="application/pdf",
                size=len(data),
                sha256=store.put(data),
                added_at=clock.now(),
            )
            session.add(attachment)
        session.flush()
        session.commit()
    store.put(STRAY)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "lth.zip"


@pytest.fixture
def target(databases, tmp_path):
    databases.blank("blank")
    yield replace(databases.settings("blank"), files=str(tmp_path / "back"))
    databases.close()


def names(settings):
    return {one.fingerprint for one in stores.store_at(settings.files).kept()}


def test_they_come_back_and_what_nobody_names_does_not(settings, attached, file, target):
    made = backup.write(settings, file, now=clock.now())
    assert (made.files.count, made.files.size) == (3, sum(map(len, FILES)))
    backup.restore(target, file)
    assert names(target) == set(map(fingerprint, FILES))
    again = backup.write(target, file.with_name("again.zip"), now=clock.now())
    assert again.contents == made.contents


def test_another_file_is_another_content(settings, attached, file):
    with_files = backup.write(settings, file, now=clock.now())
    lost = []
    stores.store_at(settings.files).remove(fingerprint(FILES[0]))
    without = backup.write(settings, file.with_name("b.zip"), now=clock.now(), lost=lost)
    assert lost == [fingerprint(FILES[0])]
    assert without.contents != with_files.contents


def test_a_file_that_is_lost_or_changed_ends_it(settings, attached, file, store):
    name = fingerprint(FILES[1])
    place = Path(settings.files) / name[:2] / name
    place.write_bytes(b"changed")
    with pytest.raises(backup.BackupError, match="has changed there"):
        backup.write(settings, file, now=clock.now())
    place.unlink()
    with pytest.raises(backup.BackupError, match="lacks 1 that the database names"):
        backup.write(settings, file, now=clock.now())
    assert not file.exists()


def test_a_store_that_is_away_ends_it(settings, attached, file, tmp_path):
    nowhere = "s3://lth?endpoint=http://127.0.0.1:9"
    with pytest.raises(backup.BackupError, match="cannot be reached"):
        backup.write(replace(settings, files=nowhere), file, now=clock.now())
    assert not file.exists()


def changed(file, part, change):
    with zipfile.ZipFile(file) as found:
        parts = {name: found.read(name) for name in found.namelist()}
    change(parts, part)
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)


def _cut(parts, part):
    parts[part] = parts[part][:-1]


def _spoil(parts, part):
    parts[part] = bytes([parts[part][0] ^ 1]) + parts[part][1:]


def _drop(parts, part):
    del parts[part]


def _unlist(parts, part):
    lines = parts["files.jsonl"].splitlines(keepends=True)
    parts["files.jsonl"] = b"".join(lines[1:])


@pytest.mark.parametrize("change", [_cut, _spoil, _drop, _unlist])
def test_a_changed_file_is_refused_before_anything_is_touched(
    settings, attached, file, target, change
):
    backup.write(settings, file, now=clock.now())
    name = fingerprint(FILES[0])
    changed(file, f"files/{name[:2]}/{name}", change)
    with pytest.raises(backup.BackupError):
        backup.restore(target, file)
    assert names(target) == set()


def test_files_go_where_the_rows_go_or_not_at_all(settings, attached, file, target, monkeypatch):
    backup.write(settings, file, now=clock.now())
    there = FolderStore(Path(target.files))
    there.put(FILES[0])

    def fails(*_):
        raise backup.BackupError("late")

    monkeypatch.setattr(load.FilesReturn, "put", put_then(load.FilesReturn.put, fails))
    with pytest.raises(backup.BackupError, match="late"):
        backup.restore(target, file)
    assert names(target) == {fingerprint(FILES[0])}


def put_then(put, fails):
    """Put two files back, and fail over the third."""
    done = []

    def stand_in(self, name, data):
        if len(done) == 2:
            fails()
        put(self, name, data)
        done.append(name)

    return stand_in


def test_they_go_from_a_bucket_into_a_folder(settings, attached, file, target, store, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(
            Bucket="lth"
        )
        bucket = replace(settings, files=f"s3://lth/tep?endpoint={endpoint}")
        for data in FILES:
            stores.store_at(bucket.files).put(data)
        made = backup.write(bucket, file, now=clock.now())
    finally:
        server.stop()
    assert made.files.count == 3
    backup.restore(target, file)
    assert names(target) == set(map(fingerprint, FILES))


def test_the_command_tells_the_size(settings, attached, databases, file, monkeypatch):
    for name, value in databases.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LTH_FILES", settings.files)
    done = CliRunner().invoke(main, ["backup", str(file)])
    assert done.exit_code == 0, done.output
    assert "3 attached files (0.0 MB)" in done.output
    FolderStore(Path(settings.files)).remove(fingerprint(FILES[2]))
    refused = CliRunner().invoke(main, ["backup", str(file.with_name("b.zip"))])
    assert (refused.exit_code, "--without-lost-files" in refused.output) == (1, True)
    made = CliRunner().invoke(
        main, ["backup", str(file.with_name("b.zip")), "--without-lost-files"]
    )
    assert made.exit_code == 0, made.output
    assert fingerprint(FILES[2]) in made.output
