"""The round trip as a person makes it: out, in a spreadsheet, back, confirmed."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.echanges.models import ImportPlan
from tests.plateforme.echanges.tableur import Classeur

PLAN = "/territoires/gevaudan/plan/"
EXPORT = f"{PLAN}a-modifier.xlsx"
IMPORT = f"{PLAN}importer/"


def exporter(client):
    reponse = client.get(EXPORT)
    assert reponse.status_code == 200
    return Classeur(reponse.content)


def renvoyer(client, classeur, tmp_path, nom="plan.xlsx"):
    contenu = classeur.enregistrer(tmp_path / "plan.xlsx").read_bytes()
    return client.post(IMPORT, {"fichier": SimpleUploadedFile(nom, contenu)}, follow=True)


def texte(reponse):
    return reponse.content.decode()


def confirmer(client, reponse, *prendre, ligne=()):
    lecture = ImportPlan.objects.latest("pk")
    empreinte = re.search(r'name="empreinte" value="(\w+)"', texte(reponse))[1]
    return client.post(
        f"{IMPORT}{lecture.pk}/reprendre/",
        {"empreinte": empreinte, "prendre": prendre, "ligne": ligne},
        follow=True,
    )
