"""Files are kept by what is in them."""

import pytest

from lth.exchange.files.store import FolderStore, fingerprint

DATA = "Kế hoạch của xã Tập Sơn".encode()


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


def test_what_is_put_comes_back_and_the_same_is_kept_once(store, tmp_path):
    name = store.put(DATA)
    assert (name, store.put(DATA), store.get(name)) == (fingerprint(DATA), name, DATA)
    (kept,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert kept.stat().st_mode & 0o077 == 0


def test_what_is_not_there_or_has_changed_is_missing(store, tmp_path):
    name = store.put(DATA)
    (tmp_path / "files" / name[:2] / name).write_bytes(DATA + b"!")
    for missing in (name, fingerprint(b"x"), "../../etc/passwd", "A" * 64, ""):
        with pytest.raises(KeyError):
            store.get(missing)


def test_what_is_removed_is_gone_and_may_be_put_again(store):
    name = store.put(DATA)
    store.remove(name)
    store.remove(name)
    with pytest.raises(KeyError):
        store.get(name)
    assert store.get(store.put(DATA)) == DATA
