"""Make the application for a WSGI server: ``granian --interface wsgi lth.wsgi:app``.

``lth run`` serves ``gateway``, which takes no thread for a request before it is whole.
"""

from lth import create_app
from lth.blueprints.web.input import UPLOADS
from lth.core.gateway import Gateway

app = create_app()
gateway = Gateway(app, light=("/static/", "/healthz"), uploads=(UPLOADS,))
