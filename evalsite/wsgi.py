"""WSGI entry for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
application = get_wsgi_application()

from evalsite.startup import refuse_demo_data  # noqa: E402  (needs the applications to be loaded)

refuse_demo_data()
