"""The floor: the least a Django list page can do, in one file: session, user, one indexed query, template.

Same server, same database engine, same number of rows, columns and lines a page as the list of fiches.

    python -m bench.plancher TAILLE      fills its table up to TAILLE rows and prints a session key
    gunicorn bench.plancher:application  serves it
"""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import dj_database_url
import django
from django.conf import settings
from django.urls import path

DOSSIER = Path(os.environ["ARPENT_DONNEES"])
settings.configure(
    SECRET_KEY="plancher",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": dj_database_url.parse(
            os.environ.get("PLANCHER_URL", f"sqlite:///{DOSSIER / 'plancher.sqlite3'}"), conn_max_age=600
        )
    },
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    LANGUAGE_CODE="fr",
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client  # noqa: E402

PAR_PAGE = 50


class Ligne(models.Model):
    """As wide as a line of the list of fiches."""

    numero = models.IntegerField()
    titre = models.CharField(max_length=300)
    territoire = models.CharField(max_length=150)
    maitre_ouvrage = models.CharField(max_length=200)
    theme = models.CharField(max_length=150)
    etat = models.CharField(max_length=20)
    annee = models.IntegerField()
    cout = models.DecimalField(max_digits=12, decimal_places=2)
    acquis = models.DecimalField(max_digits=12, decimal_places=2)
    aide = models.DecimalField(max_digits=12, decimal_places=2)

    objects: ClassVar[models.Manager[Ligne]] = models.Manager()

    class Meta:
        app_label = "plancher"
        indexes = [models.Index(fields=["cout", "id"], name="plancher_cout")]

    def __str__(self) -> str:
        return self.titre


GABARIT = engines["django"].from_string("""<!doctype html>
<html lang="fr"><head><title>Plancher</title></head><body><p>{{ user.username }}</p><table><tbody>
{% for x in lignes %}<tr><td>{{ x.numero }}</td><td><a href="/fiche/{{ x.pk }}/">{{ x.titre }}</a></td>\
<td>{{ x.territoire }}</td><td>{{ x.maitre_ouvrage }}</td><td>{{ x.theme }}</td><td>{{ x.etat }}</td>\
<td>{{ x.annee }}</td><td>{{ x.cout }}</td><td>{{ x.acquis }}</td><td>{{ x.aide }}</td></tr>
{% endfor %}</tbody></table></body></html>""")


def liste(request: HttpRequest) -> HttpResponse:
    """The dearest fifty rows, for somebody who logged in. Three queries: session, user, rows."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    lignes = Ligne.objects.order_by("-cout", "-pk")[:PAR_PAGE]
    return HttpResponse(GABARIT.render({"lignes": lignes, "user": request.user}))


urlpatterns = [path("", liste)]
application = get_wsgi_application()


def remplir(taille: int) -> str:
    """Fills the table up to `taille` rows; returns the key of an open session."""
    call_command("migrate", verbosity=0)
    if Ligne._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Ligne)
    deja = Ligne.objects.count()
    Ligne.objects.bulk_create(
        (
            Ligne(
                numero=n,
                titre=f"Réfection de la voie communale n° {n} et de ses abords",
                territoire=f"Communauté de communes numéro {n % 100}",
                maitre_ouvrage=f"Commune de Saint-Exemple {n % 300}",
                theme="Voirie et ouvrages d’art",
                etat="proposée",
                annee=2026 + n % 3,
                cout=Decimal(n * 7919 % 90_000_000) / 100,
                acquis=Decimal(n * 104729 % 3_000_000) / 100,
                aide=Decimal(n * 1299709 % 2_000_000) / 100,
            )
            for n in range(deja + 1, taille + 1)
        ),
        batch_size=1_000,
    )
    user, _ = User.objects.get_or_create(username="plancher")
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return str(client.session.session_key)


if __name__ == "__main__":
    print(remplir(int(sys.argv[1])))
