"""What is kept for some days goes when they are over, with its bytes, and nothing else does."""

from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import func, select
from world import NOON

from lth.access.scope import Purpose, system
from lth.application import settings_of
from lth.blueprints.web.extensions import sessions_of
from lth.core import clock
from lth.core.errors import StoreAwayError
from lth.exchange import purging
from lth.exchange.files import stores
from lth.exchange.files.store import FolderStore, fingerprint
from lth.models import Base, LongJob
from lth.notifications import tick

LASTING = {"invitation", "address_change", "password_reset"}
"""Tables whose rows have an end and stay: they say what was done."""

SENT, RESULT, ELSEWHERE, AGAIN = (
    *("gói bảng tính".encode(), "kết quả".encode()),
    *("mẫu văn bản".encode(), "gói gửi lại".encode()),
)


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path, monkeypatch):
    """Where files are kept: a folder, or a bucket on a server of its own."""
    if request.param == "folder":
        yield str(tmp_path / "files")
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="lth-files")
    stores.store_at.cache_clear()
    # A prefix of its own: the servers of one process keep the same buckets.
    yield f"s3://lth-files/{tmp_path.name}?endpoint={endpoint}"
    server.stop()


@pytest.fixture
def job(session):
    """Keep a job of somebody with its files, as it stands after its time."""

    def keep(sent, result, ends):
        with system(session, Purpose.LOAD):
            known = session.scalars(select(LongJob).limit(1)).one()
            job = LongJob(kind="pack_in", person_id=known.person_id, unit_id=known.unit_id)
            job.created_at, job.expires_at = NOON, ends
            job.sent_digest, job.result_digest = fingerprint(sent), fingerprint(result)
            session.add(job)
            session.commit()

    return keep


@pytest.fixture
def purge(app, session, place):
    def purge(now):
        session.rollback()
        return purging.purge(replace(settings_of(app), files=place), sessions_of(app), now)

    return purge


def rows(session) -> dict[str, int]:
    with system(session, Purpose.LOAD):
        found = {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
        session.rollback()
    return found


def test_each_table_whose_rows_end_is_purged_or_lasts():
    ending = {name for name, table in Base.metadata.tables.items() if "expires_at" in table.c}
    purged = {model.__tablename__ for model in purging.SHORT_LIVED}
    assert ending == purged | LASTING
    assert not purged & LASTING


def test_only_what_is_over_goes(session, purge):
    before = rows(session)
    assert purge(NOON) == 0
    assert rows(session) == before
    gone = purge(NOON + timedelta(days=400))
    after = rows(session)
    changed = {name for name, count in before.items() if after[name] != count}
    assert changed == {model.__tablename__ for model in purging.SHORT_LIVED}
    assert gone == sum(before[name] for name in changed)
    assert not any(after[name] for name in changed)


def test_the_bytes_of_a_job_go_with_it_and_others_stay(purge, place, job):
    store, now = stores.store_at(place), clock.now() + timedelta(hours=2)
    for data in (SENT, RESULT, ELSEWHERE):
        store.put(data)
    job(SENT, RESULT, now)
    job(ELSEWHERE, ELSEWHERE, now)
    job(ELSEWHERE, ELSEWHERE, now + timedelta(days=1))
    purge(now - timedelta(seconds=1))
    assert store.get(fingerprint(SENT)) == SENT
    assert purge(now) >= 2
    kept = {one.fingerprint for one in store.kept()}
    assert kept == {fingerprint(ELSEWHERE)}, "the other job still names it"


def test_bytes_that_somebody_puts_again_meanwhile_stay(purge, place, job):
    """The same pack is sent once more, and no row names it yet."""
    store, now = stores.store_at(place), clock.now()
    store.put(AGAIN)
    job(AGAIN, AGAIN, now)
    assert purge(now + timedelta(minutes=5)) >= 1
    assert store.get(fingerprint(AGAIN)) == AGAIN


def test_a_place_that_is_away_holds_up_no_row(purge, place, job, monkeypatch, session):
    def away(*_given):
        raise StoreAwayError

    now = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(type(stores.store_at(place)), "put_at", away)
    job(SENT, RESULT, now)
    assert purge(now) >= 1
    assert rows(session)["long_job"] == 0


def test_the_tick_does_it(app, session, tmp_path):
    session.rollback()
    settings = replace(settings_of(app), files=str(tmp_path / "files"))
    later = NOON + timedelta(days=400)
    report = tick.run(settings, sessions_of(app), now=lambda: later)
    assert report.counted["expired"] >= len(purging.SHORT_LIVED)
    assert "expired" not in tick.run(settings, sessions_of(app), now=lambda: later).counted


def test_a_file_that_is_not_there_was_put_at_no_time(place):
    store = stores.store_at(place)
    assert store.put_at(fingerprint(SENT)) is None
    store.put(SENT)
    put_at = store.put_at(fingerprint(SENT))
    assert abs(put_at - clock.now()) < timedelta(minutes=5)
    assert isinstance(store, FolderStore) is not place.startswith("s3://")
