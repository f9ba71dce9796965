"""Is this template fit for service? Its container, its marks, and the examples it must show in full."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from defusedxml.ElementTree import fromstring
from jinja2 import TemplateError

from ..rendu.composition import Piece, composer
from .champs import Environnement, forme
from .paquet import GabaritRefuse, verifier_paquet

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEHORS = {f"{_W}{x}" for x in ("body", "p", "r", "tbl", "tr", "tc", "hdr", "ftr", "sdtContent")}
_BLANCS = re.compile(r"\s+")


def rendre(modele: bytes, piece: Piece, racine: Any = None) -> tuple[bytes, set[str]]:
    """The document and the paths it printed. GabaritRefuse.

    A template with a picture of its own has its letterhead: the logo and the header of the charter stay out.
    """
    environnement = Environnement(racine)
    try:
        if piece.charte is not None and _a_une_image(modele):
            piece = replace(piece, charte=replace(piece.charte, logo="", entete=""))
        contenu = composer(modele, piece, environnement)
    except GabaritRefuse:
        raise
    except (TemplateError, TypeError, AttributeError) as erreur:
        raise GabaritRefuse(
            "Le gabarit ne se remplit pas quand une donnée manque : entourez le champ d’une condition, comme "
            f"{{% if champ %}}{{{{ champ.nom }}}}{{% endif %}}. Précision : {erreur}"
        ) from erreur
    except (KeyError, ValueError, IndexError, zipfile.BadZipFile) as erreur:
        raise GabaritRefuse(
            "Ce fichier n’est pas un document Word complet : ouvrez-le dans Word ou LibreOffice, "
            "enregistrez-le au format .docx, puis renvoyez-le."
        ) from erreur
    return contenu, environnement.lecteur.montres


def _a_une_image(modele: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(modele)) as archive:
        return any(nom.startswith("word/media/") for nom in archive.namelist())


def controler(modele: bytes, pieces: Sequence[Piece], obligatoires: Mapping[str, str]) -> None:
    """Raises GabaritRefuse. `pieces`: the same document with every block, then with as few as can be."""
    verifier_paquet(modele)
    racine = forme(*(p.vue for p in pieces))
    for piece in pieces:
        contenu, montres = rendre(modele, piece, racine)
        for chemin, libelle in obligatoires.items():
            if chemin not in montres:
                raise GabaritRefuse(
                    f"Il manque {libelle} : ajoutez le champ « {_ecriture(chemin)} », sans lequel l’acte ne "
                    "vaut rien."
                )
        texte = _texte(contenu)
        for chemin, libelle in obligatoires.items():
            if any(_serrer(v) not in texte for v in _valeurs(piece.vue, chemin.split("."))):
                raise GabaritRefuse(
                    f"Le champ « {_ecriture(chemin)} » est écrit mais ne s’affiche pas toujours : sortez-le "
                    f"de la condition qui le cache ({libelle})."
                )


def _ecriture(chemin: str) -> str:
    liste, _, champ = chemin.rpartition(".")
    return f"{{{{ {champ} }}}} dans la boucle sur {liste}" if liste else f"{{{{ {champ} }}}}"


def _valeurs(valeur: Any, chemin: list[str]) -> Iterator[str]:
    """Every text at a path, in all the elements of its lists."""
    if isinstance(valeur, list):
        for x in valeur:
            yield from _valeurs(x, chemin)
    elif chemin and isinstance(valeur, dict):
        yield from _valeurs(valeur.get(chemin[0]), chemin[1:])
    elif not chemin and isinstance(valeur, str):
        yield valeur


def _texte(contenu: bytes) -> str:
    """The words of the body, without a blank. GabaritRefuse when some stand outside of any run."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        # Not by python-docx: the `text` of its elements is that of their runs.
        racine = fromstring(archive.read("word/document.xml"))
    for e in racine.iter():
        if e.tag in _DEHORS and any((t or "").strip() for t in (e.text, *(x.tail for x in e))):
            raise GabaritRefuse("Une balise {{p … }} ou {{r … }} écrit hors du texte : retirez le p ou le r.")
    return _serrer("".join(t.text or "" for t in racine.iter(f"{_W}t")))


def _serrer(texte: str) -> str:
    return _BLANCS.sub("", texte)
