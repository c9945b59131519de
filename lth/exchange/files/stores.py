"""Open the place that a setting names for files."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path

from lth.core.config import SettingError
from lth.exchange.files.store import FileStore, FolderStore


@lru_cache(maxsize=8)
def store_at(place: str) -> FileStore:
    """Return the store of a setting LTH_FILES: of a folder, or of a bucket.

    One for each place: what speaks to a bucket takes long to make, and may be shared by threads.
    Raises SettingError where the extra `s3` is not installed.
    """
    if not place.startswith("s3://"):
        return FolderStore(Path(place))
    try:
        bucket = import_module("lth.exchange.files.s3_store")  # its packages are an extra
    except ImportError as error:
        raise SettingError(
            "LTH_FILES names a bucket, and the package for it is not installed; expected: lth with"
            " its extra (pip install 'lth[s3]')."
        ) from error
    store: FileStore = bucket.S3Store(place)
    return store
