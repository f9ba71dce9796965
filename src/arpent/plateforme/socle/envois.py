"""A file sent by somebody and kept with an object: its bound, its type, its name, its place in the store."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from arpent.metier.argent import formater_nombre

from .fichiers import FichierRefuse, lire_fichier


@dataclass(frozen=True, slots=True)
class Envoi:
    """A file as received."""

    nom: str
    contenu: bytes


@dataclass(frozen=True, slots=True)
class Recu:
    """A file that may be kept: `nom` without folder, of 200 characters at most; `sha256` of what is kept."""

    nom: str
    contenu: bytes
    type_mime: str
    extension: str
    sha256: str

    @property
    def taille(self) -> int:
        """Bytes."""
        return len(self.contenu)

    @property
    def est_image(self) -> bool:
        return self.type_mime.startswith("image/")

    def ranger(self, champ: FieldFile) -> None:
        """Puts the bytes in the store under a name nobody guesses; the row is not saved."""
        champ.save(f"{secrets.token_hex(16)}.{self.extension}", ContentFile(self.contenu), save=False)


def recevoir(envoi: Envoi, *, defaut: str = "piece") -> Recu:
    """What was sent, ready to be kept. FichierRefuse: its size, its type.

    `defaut`: name without extension, when it came with none.
    """
    if len(envoi.contenu) > settings.ARPENT_TAILLE_MAX_FICHIER:
        limite = formater_nombre(settings.ARPENT_TAILLE_MAX_FICHIER // 1024**2)
        raise FichierRefuse(f"Le fichier dépasse {limite} Mo : réduisez-le, ou découpez-le.")
    lu = lire_fichier(envoi.contenu)
    nom = envoi.nom.replace("\\", "/").rpartition("/")[2][-200:] or f"{defaut}.{lu.extension}"
    sha256 = hashlib.sha256(lu.contenu).hexdigest()
    return Recu(nom, lu.contenu, lu.type_mime, lu.extension, sha256)
