"""Both places for files keep the same promises: a folder, and a bucket that speaks S3."""

import os
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from lth.core.config import SettingError, load
from lth.core.errors import StoreAwayError
from lth.exchange.files import stores
from lth.exchange.files.store import FolderStore, fingerprint
from lth.exchange.files.stores import store_at

DATA = "Kế hoạch của xã Tập Sơn".encode()


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="lth-files")
    stores.store_at.cache_clear()
    yield client
    for found in client.list_objects_v2(Bucket="lth-files").get("Contents", ()):
        client.delete_object(Bucket="lth-files", Key=found["Key"])
    client.delete_bucket(Bucket="lth-files")


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path, endpoint):
    if request.param == "folder":
        return FolderStore(tmp_path / "files")
    request.getfixturevalue("bucket")
    return store_at(f"s3://lth-files/tep/2026?endpoint={endpoint}")


def test_what_is_put_comes_back(store):
    assert store.get(store.put(DATA)) == DATA
    assert store.get(store.put(DATA)) == DATA
    (kept,) = store.kept()
    assert (kept.fingerprint, kept.size) == (fingerprint(DATA), len(DATA))
    assert abs(kept.put_at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize("name", [fingerprint(b"x"), "../../etc/passwd", "A" * 64, ""])
def test_what_is_not_there_is_missing(store, name):
    with pytest.raises(KeyError):
        store.get(name)


def test_what_is_removed_is_gone(store):
    name = store.put(DATA)
    store.remove(name)
    store.remove(name)
    assert list(store.kept()) == []
    with pytest.raises(KeyError):
        store.get(name)


def test_the_bucket_holds_them_under_its_prefix_and_notices_a_change(bucket, endpoint):
    store = store_at(f"s3://lth-files/tep?endpoint={endpoint}&region=us-east-1")
    name = store.put(DATA)
    key = f"tep/{name[:2]}/{name}"
    assert bucket.get_object(Bucket="lth-files", Key=key)["Body"].read() == DATA
    bucket.put_object(Bucket="lth-files", Key=key, Body=DATA + b"!")
    with pytest.raises(KeyError):
        store.get(name)


def test_a_place_that_is_away_is_told_from_a_file_that_is_not_there(bucket, endpoint, tmp_path):
    missing = store_at(f"s3://no-such-bucket-here?endpoint={endpoint}")
    with pytest.raises(StoreAwayError, match="kho tệp"):
        missing.put(DATA)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreAwayError):
        FolderStore(tmp_path / "file").put(DATA)


def test_a_folder_is_its_owners_alone(tmp_path):
    FolderStore(tmp_path / "a" / "files").put(DATA)
    found = list((tmp_path / "a" / "files").rglob("*"))
    assert len(found) == 2
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "a" / "files", *found)} == {0}


def test_putting_again_renews_the_moment_and_not_the_bytes(tmp_path):
    store = FolderStore(tmp_path)
    place = tmp_path / fingerprint(DATA)[:2] / fingerprint(DATA)
    store.put(DATA)
    os.utime(place, (0, 0))
    inode = place.stat().st_ino
    store.put(DATA)
    assert place.stat().st_ino == inode
    assert next(store.kept()).put_at.year > 2000


@pytest.mark.parametrize(
    "address",
    [
        "s3://",
        "s3://key:secret@bucket/files",
        "https://bucket/files",
        "s3://bucket?endpoint=ftp://x",
        "s3://bucket?secret=x",
        "s3://bucket#x",
    ],
)
def test_an_address_that_is_none_ends_the_start(tmp_path, address):
    with pytest.raises(SettingError, match="LTH_FILES") as told:
        load({"LTH_HOME": str(tmp_path), "LTH_FILES": address})
    assert "secret" not in str(told.value).partition("expected")[0]


@pytest.mark.parametrize(
    "address", ["clamav", "clamav:", ":3310", "clamav:0", "clamav:99999", "a/b:1"]
)
def test_a_scanner_has_an_address(tmp_path, address):
    with pytest.raises(SettingError, match="LTH_CLAMAV"):
        load({"LTH_HOME": str(tmp_path), "LTH_CLAMAV": address})


def test_files_lie_at_home_unless_said_otherwise(tmp_path):
    assert load({"LTH_HOME": str(tmp_path)}).files == f"{tmp_path}/files"
    assert load({"LTH_HOME": str(tmp_path), "LTH_FILES": f"{tmp_path}/x"}).files == f"{tmp_path}/x"
    for fine in ("clamav:3310", "[::1]:3310", "/run/clamav/clamd.ctl"):
        assert load({"LTH_HOME": str(tmp_path), "LTH_CLAMAV": fine}).clamav == fine
