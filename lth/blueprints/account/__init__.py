"""One's own account: profile, password, language, and which of one's roles one is in."""

from flask import Flask

from lth.blueprints.account.feed import blueprint  # the pages of `views`, and the feed's


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
