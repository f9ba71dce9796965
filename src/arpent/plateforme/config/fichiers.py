"""Where the kept files go: a folder of the instance, or the bucket that ARPENT_FICHIERS names."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, urlsplit

FORME = "s3://seau/dossier?hote=https://s3.exemple.fr&region=fr-par"
_CONNUS = frozenset({"hote", "region"})


class AdresseInvalide(ValueError):
    """ARPENT_FICHIERS cannot be followed; French, one line, says what to write."""


def depot_de(environnement: Mapping[str, str]) -> dict[str, Any]:
    """The `default` entry of STORAGES. Without ARPENT_FICHIERS: the folder MEDIA_ROOT."""
    adresse = environnement.get("ARPENT_FICHIERS", "")
    if not adresse:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    lue = urlsplit(adresse)
    options = dict(parse_qsl(lue.query))
    if lue.scheme != "s3" or not lue.hostname or options.keys() - _CONNUS:
        raise AdresseInvalide(f"ARPENT_FICHIERS n’est pas de la forme {FORME}")
    cle, secret = environnement.get("ARPENT_FICHIERS_CLE"), environnement.get("ARPENT_FICHIERS_SECRET")
    if bool(cle) != bool(secret):
        raise AdresseInvalide("ARPENT_FICHIERS_CLE et ARPENT_FICHIERS_SECRET vont ensemble")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise AdresseInvalide("ARPENT_FICHIERS demande un complément : pip install 'arpent[s3]'")
    return {
        "BACKEND": "arpent.plateforme.socle.depot_objets.DepotObjets",
        "OPTIONS": {
            "bucket_name": lue.netloc,
            "location": lue.path.strip("/"),
            "endpoint_url": options.get("hote"),
            "region_name": options.get("region"),
            "access_key": cle,
            "secret_key": secret,
        },
    }
