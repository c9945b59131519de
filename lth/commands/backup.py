"""``lth backup`` and ``lth restore``: everything in the database as one file, and back."""

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
def backup(file: Path, verify: bool) -> None:
    """Write everything in the database into the new file FILE, while people go on working.

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
            manifest = write(settings, file, now=began, tell=_tell)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {len(manifest.tables)} tables, {manifest.rows} rows")
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
    """Put the backup FILE into the database, which must be empty, on SQLite or PostgreSQL.

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
        f"{len(manifest.tables)} tables, {manifest.rows} rows of {manifest.origin.made_at} are"
        " back; counts and hashes are the file's, and every plan is what its trail says."
    )
    click.echo(f"sha256 of their contents: {manifest.contents}")


def _tell(table: str, rows: int) -> None:
    click.echo(f"  {table}: {rows} rows …", err=True)
