"""The papers of a meeting, from its rows: notice, attendance sheet, minutes, pack of documents."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_charte import CharteDoc
from arpent.plateforme.documents.donnees_reunion import (
    CompteRenduDoc,
    ConvocationReunionDoc,
    DecisionReunionDoc,
    FeuillePresenceDoc,
    PersonneReunionDoc,
    PointReunionDoc,
    SeanceReunionDoc,
)
from arpent.plateforme.documents.rendu.archive import figer
from arpent.plateforme.documents.rendu.pdf_reunion import rendre_convocation_reunion_pdf
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.socle.templatetags.formats import date_fr

from ..models import Demarche
from .actions import demarches_de
from .adresses import absolue, adresse_emargement
from .genres import GROUPES
from .lecture import dire_presence, duree_de, heure_de, membres_de, points_de
from .models import MembreReunion, PointOrdreDuJour, Reunion
from .objets import libelle_genre

PIECES_MAX = 200 * 1024**2
"""Bytes of a pack: beyond, its files are taken one by one."""


def seance_doc(reunion: Reunion) -> SeanceReunionDoc:
    """Two queries: the other territories, in the order of the page."""
    return SeanceReunionDoc(
        titre=reunion.titre,
        genre=reunion.genre_libelle,
        territoires=tuple(d.territoire.nom for d in demarches_de(reunion)),
        jour=reunion.jour,
        heure=heure_de(reunion),
        duree=duree_de(reunion.duree_minutes),
        lieu=reunion.lieu,
        visio=reunion.visio,
    )


def charte_de_la_reunion(demarche: Demarche) -> CharteDoc | None:
    return charte_doc(demarche.autorite.pk, demarche.autorite.nom)


def _personne(membre: MembreReunion) -> PersonneReunionDoc:
    nom = f"{membre.civilite} {membre.nom}".strip()
    return PersonneReunionDoc(nom, membre.qualite, GROUPES.get(membre.groupe, ""), dire_presence(membre))


def _objet(porteur: PointOrdreDuJour) -> str:
    """« Fiche 12 : Rénover l’école »; the kind is said before a label that does not begin with it."""
    genre, libelle = libelle_genre(porteur.objet_genre), porteur.objet_libelle
    if not libelle or libelle.split()[0] == genre.split()[0]:
        return libelle
    return f"{genre} : {libelle}"


def _points(points: Sequence[PointOrdreDuJour], *, complets: bool) -> tuple[PointReunionDoc, ...]:
    return tuple(
        PointReunionDoc(
            numero=p.ordre,
            titre=p.titre,
            rapporteur=p.rapporteur,
            duree=duree_de(p.duree_minutes),
            objet=_objet(p),
            notes=p.notes if complets else "",
            decisions=tuple(f"Décision {d.numero} : {d.texte}" for d in p.decisions.all())
            if complets
            else (),
        )
        for p in points
    )


def avis_de(reunion: Reunion) -> str:
    """What a new notice changes; empty in the first one."""
    match reunion.etat:
        case "annulee":
            return f"La réunion est annulée. Motif : {reunion.motif}"
        case "reportee":
            suite = "une nouvelle convocation vous sera adressée"
            return f"La réunion est reportée ; {suite}. Motif : {reunion.motif}"
    if reunion.sequence:
        pourquoi = f" ({reunion.motif})" if reunion.motif else ""
        return f"Cette convocation remplace celle que vous avez reçue{pourquoi}."
    return ""


def convocation_docs(
    reunion: Reunion, membres: Sequence[MembreReunion], le: date, signataire: str
) -> tuple[ConvocationReunionDoc, list[ConvocationReunionDoc]]:
    """The common letter, then one a member. About nine queries, whatever their number."""
    points = _points(points_de(reunion), complets=False)
    pieces = tuple(reunion.pieces.filter(retiree_le=None).values_list("titre", flat=True))
    tous = tuple(_personne(m) for m in membres)
    commune = ConvocationReunionDoc(
        seance=seance_doc(reunion),
        autorite=reunion.demarche.autorite.nom,
        etabli_le=le,
        convies=tous,
        points=points,
        pieces=pieces,
        message=reunion.message,
        avis=avis_de(reunion),
        signataire=signataire,
        demonstration=reunion.demonstration,
        charte=charte_de_la_reunion(reunion.demarche),
    )
    lettres = [
        ConvocationReunionDoc(
            **{
                nom: getattr(commune, nom)
                for nom in ("seance", "autorite", "etabli_le", "points", "pieces", "message", "avis",
                            "signataire", "demonstration", "charte")
            },
            appel=membre.civilite or "Madame, Monsieur",
            destinataire=personne,
        )
        for membre, personne in zip(membres, tous, strict=True)
    ]  # fmt: skip
    return commune, lettres


def feuille_doc(reunion: Reunion, le: date) -> FeuillePresenceDoc:
    """The sheet, with the address that its code opens."""
    return FeuillePresenceDoc(
        seance=seance_doc(reunion),
        autorite=reunion.demarche.autorite.nom,
        etabli_le=le,
        convies=tuple(_personne(m) for m in membres_de(reunion)),
        adresse=absolue(adresse_emargement(reunion)),
        demonstration=reunion.demonstration,
        charte=charte_de_la_reunion(reunion.demarche),
    )


def compte_rendu_doc(reunion: Reunion, le: date) -> CompteRenduDoc:
    """Drafted from the notes, the presence and the decisions. About ten queries."""
    membres = membres_de(reunion)
    preside = next((m for m in membres if m.place == MembreReunion.Place.PRESIDENCE), None)
    return CompteRenduDoc(
        seance=seance_doc(reunion),
        autorite=reunion.demarche.autorite.nom,
        etabli_le=le,
        presidence=f"{preside.nom}, {preside.qualite}".strip(", ") if preside else "",
        synthese=reunion.synthese,
        convies=tuple(_personne(m) for m in membres),
        points=_points(points_de(reunion), complets=True),
        decisions=tuple(
            DecisionReunionDoc(
                d.numero, d.texte, d.responsable_nom, d.echeance, d.objet_libelle, d.get_etat_display()
            )
            for d in reunion.decisions.all()
        ),
        questions=tuple((q.texte, q.reponse) for q in reunion.questions.all()),
        valide_par=reunion.valide_par_nom,
        valide_le=timezone.localdate(reunion.valide_le) if reunion.valide_le else None,
        brouillon=reunion.valide_le is None,
        demonstration=reunion.demonstration,
        charte=charte_de_la_reunion(reunion.demarche),
    )


def nom_de_fichier(texte: str, longueur: int = 60) -> str:
    """« Jeanne d’Arc » → « jeanne-d-arc »: ASCII, for a file in an archive."""
    lettres = texte.replace("’", " ").replace("œ", "oe").replace("æ", "ae")
    simple = unicodedata.normalize("NFKD", lettres).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", simple).strip("-")[:longueur] or "sans-nom"


def lettres_zip(reunion: Reunion, le: date, signataire: str) -> bytes:
    """One letter a member, named after them. RenduImpossible."""
    _, lettres = convocation_docs(reunion, membres_de(reunion), le, signataire)
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for rang, doc in enumerate(lettres, 1):
            nom = nom_de_fichier(doc.destinataire.nom if doc.destinataire else "")
            archive.writestr(f"{rang:03d}-{nom}.pdf", rendre_convocation_reunion_pdf(doc))
    return figer(tampon.getvalue())


def dossier_zip(reunion: Reunion, convocation: bytes, liens: Sequence[tuple[str, str]]) -> bytes:
    """The pack: the notice, the files in the order of the agenda, and a summary that names them all."""
    sommaire = [reunion.titre, f"{reunion.genre_libelle}, {jour(reunion.jour)}", "", "00-convocation.pdf"]
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("00-convocation.pdf", convocation)
        total = 0
        for point in [None, *points_de(reunion)]:
            sommaire += ["", f"{point.ordre}. {point.titre}" if point else "Pour toute la réunion"]
            objet = _objet(point) if point else ""
            sommaire += [f"  {objet}"] if objet else []
            pieces = point.pieces.all() if point else reunion.pieces.filter(retiree_le=None, point=None)
            for rang, piece in enumerate(pieces, 1):
                extension = piece.nom_fichier.rpartition(".")[2][:5]
                nom = f"{point.ordre if point else 0:02d}-{rang}-{nom_de_fichier(piece.titre)}.{extension}"
                total += piece.taille
                if total > PIECES_MAX:
                    sommaire.append(f"  {piece.titre} : trop lourd pour ce dossier, à prendre sur la page")
                    continue
                try:
                    with piece.fichier.open("rb") as flux:
                        archive.writestr(nom, flux.read())
                except FileNotFoundError:
                    sommaire.append(f"  {piece.titre} : le fichier n’est plus dans le dossier des fichiers")
                else:
                    sommaire.append(f"  {nom} : {piece.titre} (SHA-256 {piece.sha256})")
        if liens:
            sommaire += ["", "À lire en ligne"] + [f"  {libelle} : {url}" for libelle, url in liens]
        archive.writestr("SOMMAIRE.txt", "\n".join(sommaire) + "\n")
    return figer(tampon.getvalue())


def modele_du_courriel(reunion: Reunion) -> str:
    """Code of the mail that goes with its notice."""
    return "reunion_empechee" if reunion.etat in {"annulee", "reportee"} else "reunion_convocation"


def champs_du_courriel(reunion: Reunion, membre: MembreReunion, page: str) -> dict[str, str]:
    """What fills that mail. `page`: address of the meeting for who has an account, else empty."""
    return {
        "civilite": membre.civilite or "Madame, Monsieur",
        "titre": reunion.titre,
        "jour": date_fr(reunion.jour),
        "quand": date_fr(reunion.jour) + (f" à {heure_de(reunion)}" if reunion.heure else ""),
        "ou": "\n".join(x for x in (reunion.lieu, reunion.visio) if x),
        "avis": avis_de(reunion),
        "page": f"Page de la réunion : {page}" if page else "",
    }
