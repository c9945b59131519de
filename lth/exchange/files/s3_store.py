"""Keep files in a bucket of an S3-compatible store (extra `s3`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lth.core.errors import StoreAwayError
from lth.exchange.files.store import (
    KeptFile,
    checked,
    fingerprint,
    is_fingerprint,
)

_SECONDS_TO_CONNECT, _SECONDS_TO_READ, _TRIES = 5, 60, 3
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Store:
    """Files of a bucket under a prefix: `PREFIX/ab/abcdef…`."""

    def __init__(self, address: str) -> None:
        """Take `s3://BUCKET/PREFIX?endpoint=…&region=…`; keys come from the usual environment."""
        parts = urlsplit(address)
        self._bucket = parts.netloc
        prefix = parts.path.strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._client = _client(dict(parse_qsl(parts.query)))

    def put(self, data: bytes) -> str:
        """Send the bytes, also where they are there: that renews their moment."""
        name = fingerprint(data)
        with _reaching():
            self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=data)
        return name

    def get(self, fingerprint: str) -> bytes:
        """Read the bytes and see that they are still what they were."""
        key = self._key(fingerprint)
        with _reaching(fingerprint):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            data: bytes = answer["Body"].read()
        return checked(data, fingerprint)

    def remove(self, fingerprint: str) -> None:
        with _reaching():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(fingerprint))

    def put_at(self, fingerprint: str) -> datetime | None:
        key = self._key(fingerprint)
        try:
            with _reaching(fingerprint):
                found = self._client.head_object(Bucket=self._bucket, Key=key)
        except KeyError:
            return None
        moment: datetime = found["LastModified"]
        return moment

    def kept(self) -> Iterator[KeptFile]:
        pages = self._client.get_paginator("list_objects_v2")
        with _reaching():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for found in page.get("Contents", ()):
                    name = found["Key"].rpartition("/")[2]
                    if is_fingerprint(name):
                        yield KeptFile(name, found["Size"], found["LastModified"])

    def _key(self, fingerprint: str) -> str:
        if not is_fingerprint(fingerprint):
            raise KeyError(fingerprint)
        return f"{self._prefix}{fingerprint[:2]}/{fingerprint}"


def _client(options: dict[str, str]) -> Any:
    endpoint = options.get("endpoint")
    config = Config(
        connect_timeout=_SECONDS_TO_CONNECT,
        read_timeout=_SECONDS_TO_READ,
        retries={"max_attempts": _TRIES, "mode": "standard"},
        s3={"addressing_style": "path" if endpoint else "auto"},
    )
    region = options.get("region") or ("us-east-1" if endpoint else None)
    return boto3.client("s3", endpoint_url=endpoint, region_name=region, config=config)


@contextmanager
def _reaching(name: str = "") -> Iterator[None]:
    """Tell what is not there from a place that cannot be reached."""
    try:
        yield
    except ClientError as error:
        if name and error.response.get("Error", {}).get("Code") in _MISSING:
            raise KeyError(name) from None
        raise StoreAwayError from error
    except BotoCoreError as error:
        raise StoreAwayError from error
