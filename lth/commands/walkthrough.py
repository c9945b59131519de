"""``lth walkthrough``."""

import json
import os
import secrets
import tempfile
from typing import Any

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print data and nothing else.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option(
    "--database-url",
    metavar="URL",
    help="Play it there instead; it must be empty. LTH_MIGRATION_DATABASE_URL still counts.",
)
def walkthrough(as_json: bool, language: str, database_url: str | None) -> None:
    """Play the whole cycle on a temporary database, through the operations of the pages.

    Quotas down, plans up, two returned, a synthesis sent back because of one commune and sent
    again; then the two-tier road. Prints the sums, the mails and the time taken, and ends with 1
    when a sum does not come out.
    """
    from lth.core.language import speaking
    from lth.demo import report_text
    from lth.demo import walkthrough as played

    with tempfile.TemporaryDirectory(prefix="lth-walkthrough-") as folder:
        app = _app(folder, database_url)
        try:
            report = played.walk(app)
        except played.NotEmptyError as error:
            raise click.ClickException(
                "The database holds units or people already; give one that is empty."
            ) from error
        with app.app_context(), speaking(language):
            if as_json:
                click.echo(json.dumps(report_text.data(report), ensure_ascii=False, indent=2))
            else:
                click.echo(report_text.text(report))
    if not report.ok:
        raise click.exceptions.Exit(1)


def _app(folder: str, database_url: str | None) -> Any:
    """Return an application of its own, migrated: nothing of the real one's settings is touched."""
    from lth import create_app
    from lth.core import config, schema

    environment = {"LTH_HOME": folder, "LTH_SECRET_KEY": secrets.token_urlsafe(48)}
    if database_url:
        environment["LTH_DATABASE_URL"] = database_url
        owner = os.environ.get("LTH_MIGRATION_DATABASE_URL")
        if owner:
            environment["LTH_MIGRATION_DATABASE_URL"] = owner
    settings = config.load(environment)
    schema.upgrade(settings)
    return create_app(settings)
