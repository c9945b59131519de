"""``lth backup`` and ``lth restore``: all rows and files as one file, and back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from lth.core.config import Settings
    from lth.exchange.backup import Manifest

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=FILE)
@click.option("--verify", is_flag=True, help="Read FILE through instead, and write nothing.")
@click.option(
    "--without-lost-files",
    is_flag=True,
    help="Make it although files that people attached are gone from their store.",
)
def backup(file: Path, verify: bool, without_lost_files: bool) -> None:
    """Write everything in the database and all attached files into the new file FILE, while people
    go on working.

    It holds all of one moment, and is read through before it gets its name. For example:
    lth backup /var/backups/lth/2026-11-29.zip

    FILE is as secret as the database: keep it as its owner's alone. The secret key is not in it.
    """
    from lth.core import clock, config
    from lth.exchange.backup import BackupError, opened, write

    settings, began = config.load(), clock.now()
    try:
        if verify:
            with opened(file) as reader:
                reader.check(_tell)
                manifest = reader.manifest
        else:
            lost = [] if without_lost_files else None
            manifest = write(settings, file, now=began, tell=_tell, lost=lost)
            for name in lost or ():
                click.echo(f"  lost: the file {name}", err=True)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {_told(manifest)}")
    click.echo(f"sha256 of its contents: {manifest.contents}")
    if not verify:
        _note(settings, manifest, began)


def _note(settings: "Settings", manifest: "Manifest", began: "datetime") -> None:
    """Let the checklist know; the backup is whole, whether or not the database can be told."""
    from sqlalchemy.exc import SQLAlchemyError

    from lth.core import clock
    from lth.core.database import UnsafeRoleError
    from lth.exchange.backup import note

    try:
        note(settings, manifest, began=began, ended=clock.now())
    except (SQLAlchemyError, UnsafeRoleError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        click.echo(f"The file is whole, but that it was made could not be noted: {why}", err=True)


@click.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put the backup FILE into the database, which must be empty, on SQLite or PostgreSQL, and its
    files into the place of LTH_FILES.

    All of it gets in and is held to the file's counts and hashes, or nothing does.
    """
    from lth.core import config, home
    from lth.exchange.backup import BackupError
    from lth.exchange.backup import restore as put_back

    try:
        with home.founding(config.load()) as settings:
            manifest = put_back(settings, file, tell=_tell)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{_told(manifest)} of {manifest.origin.made_at} are back; counts and hashes are the"
        " file's, and every plan is what its trail says."
    )
    click.echo(f"sha256 of their contents: {manifest.contents}")


def _told(manifest: "Manifest") -> str:
    """Say how much a backup holds."""
    files = manifest.files
    size = f"{files.size / 1_000_000:.1f} MB"
    rows = f"{len(manifest.tables)} tables, {manifest.rows} rows"
    return f"{rows}, {files.count} attached files ({size})"


def _tell(table: str, rows: int) -> None:
    what = "done" if table == "files" else "rows"
    click.echo(f"  {table}: {rows} {what} …", err=True)
