"""Backups: all rows of all tables in one file, from either database and into either."""

from lth.exchange.backup.archive import Tell, opened
from lth.exchange.backup.dump import write
from lth.exchange.backup.load import restore
from lth.exchange.backup.manifest import BackupError, Manifest
from lth.exchange.backup.noted import BACKUP, note

__all__ = ["BACKUP", "BackupError", "Manifest", "Tell", "note", "opened", "restore", "write"]
