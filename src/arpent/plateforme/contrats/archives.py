"""The archive of a contract: every act and its file, with a manifest of fingerprints, in one zip.

Laid out as a BagIt package (RFC 8493): `data/` holds the files, `manifest-sha256.txt` their SHA-256. The same
contract gives the same bytes, except for the day written in `bag-info.txt`. Files are read one at a time.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.text import slugify

from arpent.metier.cycles import CYCLE_CONTRAT
from arpent.plateforme.documents.donnees_attribution import GENRES_EMIS
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.journal.models import Entree

from .models import Contrat, EmplacementSignature, Vote

_EPOQUE = (1980, 1, 1, 0, 0, 0)
_BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFESTE = "manifest-sha256.txt"
ILLISIBLE = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError, ValueError)
"""What a spoiled zip raises."""


@dataclass(slots=True)
class Bordereau:
    """What went in: one line per act; `fautes`: files missing from the store or altered since their issue."""

    actes: list[dict[str, Any]] = field(default_factory=list)
    empreintes: list[tuple[str, str]] = field(default_factory=list)
    octets: int = 0
    fautes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the archive. `sha256` empty: its content has no fingerprint of its own."""

    chemin: str
    titre: str
    fichier: FieldFile
    sha256: str
    le: str


def _documents(contrat: Contrat) -> Iterator[Piece]:
    """What was issued on the contract, its avenants, its signatures, and to award its aids. One query."""
    attributions = Q(objet_type="plans.fiche", genre__in=GENRES_EMIS.values())
    emis = DocumentEmis.objects.filter(
        Q(objet_type__startswith="contrats.") | attributions, demarche_id=contrat.demarche_id
    ).defer("donnees")
    for d in emis.order_by("pk").iterator(50):
        nom = str(d.fichier.name).rpartition("/")[2]
        chemin = f"documents/{_dossier(d)}-{d.objet_id}/{d.pk}-{nom}"
        yield Piece(chemin, d.titre, d.fichier, d.sha256, d.emis_le.isoformat())


def _dossier(document: DocumentEmis) -> str:
    """« versioncontrat », « attribution »: what the act is about."""
    app, _, modele = document.objet_type.partition(".")
    return modele if app == "contrats" else "attribution"


def _actes_signes(contrat: Contrat) -> Iterator[Piece]:
    """The signed délibérations that were received. One query."""
    votes = Vote.objects.filter(partie__contrat=contrat).exclude(fichier="")
    for v in votes.select_related("partie__organisation").order_by("pk"):
        chemin = f"votes/{v.pk}-{slugify(v.partie.organisation.nom)[:50]}/{slugify_nom(v.nom_fichier)}"
        le = v.adoptee_le.isoformat() if v.adoptee_le else ""
        yield Piece(
            chemin, f"Délibération {v.numero} de {v.partie.organisation.nom}", v.fichier, v.sha256, le
        )


def slugify_nom(nom: str) -> str:
    """ASCII file name, its extension kept."""
    racine, _, suffixe = nom.rpartition(".")
    return f"{slugify(racine or nom)[:80] or 'fichier'}.{slugify(suffixe)[:8] or 'bin'}"


def _versions(contrat: Contrat) -> Iterator[tuple[str, str]]:
    """The frozen data of each version, as JSON. One query each."""
    for pk, numero in contrat.versions.order_by("pk").values_list("pk", "numero"):
        donnees = contrat.versions.values_list("donnees", flat=True).get(pk=pk)
        yield f"donnees/version-{numero}-{pk}.json", json.dumps(donnees, ensure_ascii=False, sort_keys=True)


def _journal(contrat: Contrat) -> str:
    """The entries of the contract and of its parts, one JSON a line, in order, with their chained prints."""
    entrees = Entree.objects.filter(
        objet_type__startswith="contrats.", demarche_id=contrat.demarche_id
    ).order_by("numero")
    champs = [f.name for f in Entree._meta.concrete_fields]
    return "".join(
        json.dumps({c: en_simple(getattr(e, c)) for c in champs}, ensure_ascii=False) + "\n"
        for e in entrees.order_by("numero").iterator(500)
    )


def en_simple(valeur: Any) -> Any:
    return valeur.isoformat() if hasattr(valeur, "isoformat") else valeur


def _signatures(contrat: Contrat) -> list[dict[str, Any]]:
    """Each signature collected, with the fingerprints of its files: a consent has two. One query."""
    places = EmplacementSignature.objects.filter(
        circuit__contrat=contrat, etat=EmplacementSignature.Etat.RECUEILLIE
    ).select_related("circuit", "partie__organisation")
    return [
        {
            "acte": p.circuit.objet, "partie": p.partie.organisation.nom, "signataire": p.signataire,
            "canal": p.canal, "le": en_simple(p.signee_le), "sha256": p.sha256,
            "preuve_pdf_sha256": (p.preuve.get("pdf") or {}).get("sha256", ""),
        }
        for p in places.order_by("circuit", "ordre", "pk")
    ]  # fmt: skip


def _entete(contrat: Contrat, bordereau: Bordereau) -> str:
    demarche = contrat.demarche
    return json.dumps(
        {
            "contrat": str(contrat),
            "reference": contrat.reference,
            "etat": CYCLE_CONTRAT.libelle(contrat.etat),
            "autorite": demarche.autorite.nom,
            "territoire": demarche.territoire.nom,
            "generation": demarche.generation,
            "date_effet": contrat.date_effet.isoformat() if contrat.date_effet else None,
            "parties": [
                {"nom": p.organisation.nom, "siren": p.organisation.siren, "role": p.role,
                 "signataire": p.signataire, "qualite": p.qualite, "delegation": p.delegation,
                 "deliberation": p.deliberation_numero}
                for p in contrat.parties.select_related("organisation").order_by("ordre", "pk")
            ],
            "signatures": _signatures(contrat),
            "actes": bordereau.actes,
            "fautes": bordereau.fautes,
        },
        ensure_ascii=False,
        indent=1,
    )  # fmt: skip


class _Paquet:
    """The zip as it is filled: each file under `data/`, its fingerprint noted."""

    def __init__(self, archive: zipfile.ZipFile, racine: str, bordereau: Bordereau) -> None:
        self._archive, self._racine, self._bordereau = archive, racine, bordereau

    def poser(self, chemin: str, contenu: bytes) -> str:
        """Adds a file; its SHA-256."""
        marque = hashlib.sha256(contenu).hexdigest()
        self.ecrire(f"data/{chemin}", contenu)
        self._bordereau.empreintes.append((marque, f"data/{chemin}"))
        self._bordereau.octets += len(contenu)
        return marque

    def ecrire(self, chemin: str, contenu: bytes) -> None:
        entree = zipfile.ZipInfo(f"{self._racine}/{chemin}", _EPOQUE)
        entree.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(entree, contenu)


def _poser_piece(paquet: _Paquet, bordereau: Bordereau, piece: Piece) -> None:
    try:
        with piece.fichier.open("rb") as flux:
            contenu = flux.read()
    except OSError:
        bordereau.fautes.append(f"{piece.titre} : le fichier n’est plus dans le dossier des fichiers.")
        return
    marque = paquet.poser(piece.chemin, contenu)
    if piece.sha256 and marque != piece.sha256:
        bordereau.fautes.append(f"{piece.titre} : le fichier a changé depuis son émission.")
    bordereau.actes.append(
        {"titre": piece.titre, "fichier": f"data/{piece.chemin}", "sha256": marque, "le": piece.le,
         "octets": len(contenu)}
    )  # fmt: skip


def archiver(contrat: Contrat, sortie: Path, le: date) -> Bordereau:
    """Writes the archive at `sortie`. The file appears whole or not at all. OSError when it cannot be."""
    bordereau = Bordereau()
    racine = f"contrat-{contrat.demarche.slug}"
    provisoire = sortie.with_name(sortie.name + ".partiel")
    try:
        with zipfile.ZipFile(provisoire, "w") as archive:
            paquet = _Paquet(archive, racine, bordereau)
            for piece in (*_documents(contrat), *_actes_signes(contrat)):
                _poser_piece(paquet, bordereau, piece)
            for chemin, texte in _versions(contrat):
                paquet.poser(chemin, texte.encode())
            paquet.poser("journal.jsonl", _journal(contrat).encode())
            paquet.poser("bordereau.json", _entete(contrat, bordereau).encode())
            _cloturer(paquet, contrat, bordereau, le)
        provisoire.replace(sortie)
    finally:
        provisoire.unlink(missing_ok=True)
    return bordereau


def _cloturer(paquet: _Paquet, contrat: Contrat, bordereau: Bordereau, le: date) -> None:
    manifeste = "".join(f"{m}  {c}\n" for m, c in sorted(bordereau.empreintes, key=lambda x: x[1]))
    information = (
        f"Source-Organization: {contrat.demarche.autorite.nom}\n"
        f"External-Description: {contrat}\nBagging-Date: {le.isoformat()}\n"
        f"Payload-Oxum: {bordereau.octets}.{len(bordereau.empreintes)}\n"
    )
    tags = {"bagit.txt": _BAGIT, "bag-info.txt": information, MANIFESTE: manifeste}
    for nom, texte in tags.items():
        paquet.ecrire(nom, texte.encode())
    marques = "".join(f"{hashlib.sha256(t.encode()).hexdigest()}  {n}\n" for n, t in sorted(tags.items()))
    paquet.ecrire("tagmanifest-sha256.txt", marques.encode())


def verifier_archive(chemin: Path) -> list[str]:
    """What is wrong in an archive, one French sentence each; empty when it is intact."""
    try:
        with zipfile.ZipFile(chemin) as archive:
            return _verifier(archive)
    except ILLISIBLE:
        return ["Ce fichier n’est pas une archive lisible."]


def _verifier(archive: zipfile.ZipFile) -> list[str]:
    noms = set(archive.namelist())
    racines = {n.partition("/")[0] for n in noms}
    if len(racines) != 1 or f"{next(iter(racines))}/{MANIFESTE}" not in noms:
        return ["Ce n’est pas une archive de contrat : son manifeste manque."]
    racine = next(iter(racines))
    fautes, dits = [], set()
    for liste in (MANIFESTE, "tagmanifest-sha256.txt"):
        for ligne in archive.read(f"{racine}/{liste}").decode().splitlines():
            marque, _, nom = ligne.partition("  ")
            dits.add(f"{racine}/{nom}")
            if f"{racine}/{nom}" not in noms:
                fautes.append(f"{nom} : annoncé, absent de l’archive.")
            elif _empreinte(archive, f"{racine}/{nom}") != marque:
                fautes.append(f"{nom} : modifié depuis l’archivage.")
    inconnus = sorted(n for n in noms - dits if not n.endswith("tagmanifest-sha256.txt"))
    return fautes + [f"{n.partition('/')[2]} : ajouté depuis l’archivage." for n in inconnus]


def _empreinte(archive: zipfile.ZipFile, nom: str) -> str:
    """Empty when the zip itself cannot give the file back (its own check failed)."""
    marque = hashlib.sha256()
    try:
        with archive.open(nom) as flux:
            while morceau := flux.read(1 << 20):
                marque.update(morceau)
    except ILLISIBLE:
        return ""
    return marque.hexdigest()
