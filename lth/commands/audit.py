"""``lth audit``: holding the trail to its chains, and keeping their heads elsewhere."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

import click

from lth.commands import acting_for, with_app

if TYPE_CHECKING:
    from lth.access.chain_check import ChainFault, ChainHead

NO_UNIT = "-"
"""What stands for the chain of no unit in the place of a unit's code."""


@click.group()
def audit() -> None:
    """Hold events and administrative changes to the chains of their units."""


@audit.command()
@click.option("--unit", metavar="CODE", help="Only this unit's chain; - is the chain of no unit.")
@click.option("--heads", type=click.File(encoding="utf-8"), help="What `lth audit heads` printed.")
@with_app
def verify(app: Any, unit: str | None, heads: TextIO | None) -> None:
    """Name what was changed, taken out of the trail or slipped into it; change nothing.

    Ends with 1, and a line for each, when something is not as it was written.
    """
    from lth.access.chain_check import ChainCheck, LinkedRow, chains_of, unit_names
    from lth.access.scope import Purpose
    from lth.core import database

    kept = list(_read(heads)) if heads else []
    found = 0
    with database.reading(), acting_for(app, Purpose.CHAIN) as session:
        names, check = unit_names(session), ChainCheck(session, kept)
        only = None
        if unit is not None:
            only = [0] if unit == NO_UNIT else chains_of(session, unit)
            if not only:
                raise click.ClickException(f"no unit has the code {unit!r}")
        for fault in check.faults(only):
            found += 1
            click.echo(_line(fault, names.get(fault.chain, f"unit {fault.chain}")))
    if found:
        raise click.exceptions.Exit(1)
    events, entries = (check.rows[kind] for kind in (LinkedRow.EVENT, LinkedRow.ENTRY))
    click.echo(
        f"The trail stands as it was written: {events} events and {entries} administrative changes"
        f" in {check.units} chains" + (f", by {len(kept)} heads kept elsewhere." if kept else ".")
    )


@audit.command()
@with_app
def heads(app: Any) -> None:
    """Print the end of every chain, to be kept where nobody who runs this machine can change it."""
    from lth.access import chain_check
    from lth.access.scope import Purpose
    from lth.core import clock, database

    with database.reading(), acting_for(app, Purpose.CHAIN) as session:
        names, ends = chain_check.unit_names(session), chain_check.heads(session)
    click.echo(f"# The heads of the trail at {clock.now().isoformat(timespec='seconds')}:")
    click.echo("# chain, links, hash of the last, unit")
    for one in ends:
        click.echo(f"{one.chain} {one.seq} {one.hash} {names.get(one.chain, '')}".rstrip())


def _line(fault: "ChainFault", unit: str) -> str:
    """Say where and what, as far as it is known."""
    place = [unit]
    if fault.seq is not None:
        place.append(f"no. {fault.seq}")
    if fault.at is not None:
        place.append(str(fault.at))
    if fault.kind is not None:
        place.append("event" if fault.kind.value == "event" else "administrative change")
    return f"{', '.join(place)}: {fault.what}"


def _read(file: TextIO) -> "Iterator[ChainHead]":
    from lth.access.chain_check import ChainHead

    for number, line in enumerate(file, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        chain, seq, hash_ = (*line.split(maxsplit=3), "", "", "")[:3]
        if not (chain.isdecimal() and seq.isdecimal() and len(hash_) == 64):
            raise click.ClickException(f"line {number} is no head: {line.strip()!r}")
        yield ChainHead(int(chain), int(seq), hash_)
