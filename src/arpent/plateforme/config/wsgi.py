"""WSGI entry point: `gunicorn arpent.plateforme.config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from .base import preparer_pour_le_web

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings")
application = get_wsgi_application()
preparer_pour_le_web()
