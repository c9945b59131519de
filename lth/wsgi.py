"""Make the application for a WSGI server: ``granian --interface wsgi lth.wsgi:app``."""

from lth import create_app

app = create_app()
