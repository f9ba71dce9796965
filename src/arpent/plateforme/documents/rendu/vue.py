"""What a template reads: nested dicts and lists of displayed text, from the dataclasses of ``donnees``.

The PDF and the Word document share these views, so that they say the same thing with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Protocol

from ..donnees import (
    ConstatDoc,
    ConstatRegleDoc,
    ContratDoc,
    DiagnosticDoc,
    FicheDoc,
    LigneMaquetteDoc,
    LignePlanDoc,
    MaquetteDoc,
    PartieDoc,
    TotalDoc,
    VisaDoc,
)
from ..donnees_charte import CharteDoc
from ..groupes_maquette import caisses_de
from .texte import INSECABLE, TIRET, entier, euros, jour, pluriel, propre, taux

Vue = dict[str, Any]


class Signe(Protocol):
    """An act that parties sign and that wears the charter of the authority, or none."""

    @property
    def autorite(self) -> str: ...

    @property
    def charte(self) -> CharteDoc | None: ...


_SUR_UNE_LIGNE = frozenset({"titre", "numero", "nom", "territoire", "autorite", "reference", "dispositif"})
"""Texts that become headings, running titles or metadata."""

_TITRES_AFOM = {
    "force": "Forces",
    "faiblesse": "Faiblesses",
    "opportunité": "Opportunités",
    "menace": "Menaces",
}


def vue_contrat(doc: ContratDoc) -> Vue:
    return nettoyer(
        {
            "titre": doc.titre,
            "reference": doc.reference,
            "autorite": doc.autorite,
            "territoire": doc.territoire,
            "dispositif": doc.dispositif,
            "periode": doc.periode,
            "version": doc.version,
            "gabarit": doc.gabarit,
            "fait_a": doc.fait_a,
            "charte": vue_charte(doc.charte),
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "brouillon": doc.brouillon,
            "mentions": list(doc.mentions_demonstration),
            "parties": [_partie(x, doc) for x in doc.parties],
            "preambule": list(doc.preambule),
            "visas": [visa(x) for x in doc.visas],
            "articles": [
                {"numero": x.numero, "titre": x.titre, "paragraphes": list(x.paragraphes)}
                for x in doc.articles
            ],
            "diagnostic": _diagnostic(doc.diagnostic) if doc.diagnostic else None,
            "axes": _axes(doc.fiches),
            "fiches": [_fiche(x) for x in doc.fiches],
            "maquette": _maquette(doc.maquette) if doc.maquette else None,
        }
    )


def vue_charte(charte: CharteDoc | None) -> Vue | None:
    """What the sheet prints of the charter; its logo travels apart (``pdf.compiler``)."""
    if charte is None:
        return None
    return {
        "couleur": charte.couleur,
        "entete": charte.entete,
        "pied": charte.pied,
        "alternative": charte.alternative,
    }


def vue_maquette(doc: MaquetteDoc) -> Vue:
    return nettoyer(_maquette(doc))


def nettoyer(vue: Vue, fonction: Callable[[str], str] = propre) -> Vue:
    """The same view with each text passed through ``fonction``; booleans and numbers untouched."""
    return {cle: _nettoyee(valeur, fonction, cle in _SUR_UNE_LIGNE) for cle, valeur in vue.items()}


def _nettoyee(valeur: Any, fonction: Callable[[str], str], sur_une_ligne: bool = False) -> Any:
    if isinstance(valeur, str):
        return fonction(valeur).replace("\n", " ") if sur_une_ligne else fonction(valeur)
    if isinstance(valeur, dict):
        return nettoyer(valeur, fonction)
    if isinstance(valeur, list):
        return [_nettoyee(x, fonction) for x in valeur]
    return valeur


def _partie(doc: PartieDoc, contrat: ContratDoc) -> Vue:
    identite = [doc.adresse, f"SIREN {_siren(doc.siren)}" if doc.siren else "", doc.designation]
    representation = representation_de(doc)
    return {
        "nom": doc.nom,
        "identite": " · ".join(x for x in identite if x),
        "representation": representation,
        "signature": signature(doc, contrat),
        "qualite": doc.qualite,
        "signataire": doc.representant,
    }


def representation_de(partie: PartieDoc) -> str:
    return ", ".join(x for x in (partie.representant, partie.qualite) if x)


def signature(partie: PartieDoc, acte: Signe) -> str:
    """What stands under the name of a party where it signs, one line each."""
    bloc = acte.charte.bloc if acte.charte and partie.nom == acte.autorite else ""
    return "\n".join(x for x in (bloc, representation_de(partie)) if x)


def _siren(siren: str) -> str:
    return INSECABLE.join(siren[i : i + 3] for i in range(0, len(siren), 3))


def visa(doc: VisaDoc) -> str:
    if doc.prise_le is not None:
        return f"{doc.texte} en date du {jour(doc.prise_le)}"
    return f"{doc.texte} en date du ……………………" if doc.attendu else doc.texte


def _diagnostic(doc: DiagnosticDoc) -> Vue:
    familles: dict[str, list[Vue]] = {}
    for x in doc.indicateurs:
        source = ", ".join(y for y in (x.source, x.millesime) if y)
        familles.setdefault(x.famille, []).append(
            {
                "libelle": x.libelle,
                "valeur": x.valeur or TIRET,
                "evolution": x.evolution or TIRET,
                "departement": x.departement or TIRET,
                "france": x.france or TIRET,
                "source": source or TIRET,
            }
        )
    return {
        "resume": list(doc.resume),
        "familles": [{"nom": nom, "indicateurs": lignes} for nom, lignes in familles.items()],
        "afom": [_quadrant(type_, titre, doc.constats) for type_, titre in _TITRES_AFOM.items()],
        "enjeux": [
            {"numero": x.numero, "titre": x.titre, "priorite": x.priorite, "description": x.description}
            for x in doc.enjeux
        ],
    }


def _quadrant(type_: str, titre: str, constats: Iterable[ConstatDoc]) -> Vue:
    lignes = [{"texte": x.texte, "preuve": x.preuve} for x in constats if x.type == type_]
    return {"titre": titre, "constats": lignes}


def _axes(fiches: Iterable[FicheDoc]) -> list[Vue]:
    """The fiches grouped by axis, in their order of appearance."""
    groupes: dict[str, list[FicheDoc]] = {}
    for fiche in fiches:
        groupes.setdefault(fiche.axe or "Sans axe", []).append(fiche)
    return [
        {"titre": titre, "nombre": pluriel(len(groupe), "fiche"), "fiches": [_fiche(x) for x in groupe]}
        for titre, groupe in groupes.items()
    ]


def _fiche(doc: FicheDoc) -> Vue:
    reperes = {
        "Maître d’ouvrage": doc.maitre_ouvrage,
        "Localisation": doc.localisation,
        "Thème": doc.theme,
        "Maturité": doc.maturite,
        "Axe": doc.axe,
        "Priorité": doc.priorite,
        "Enjeu": doc.enjeu,
        "Calendrier": doc.calendrier,
    }
    couts = {
        "Coût HT": doc.cout_ht,
        "Coût TTC": doc.cout_ttc,
        "Dépense subventionnable": doc.assiette,
        "Aide proposée": doc.aide_proposee,
    }
    ecart = doc.ecart_plan
    return {
        "numero": doc.numero,
        "titre": doc.titre,
        "maitre_ouvrage": doc.maitre_ouvrage,
        "theme": doc.theme or TIRET,
        "etat": " · ".join(x for x in (doc.maturite, doc.priorite) if x) or TIRET,
        "calendrier": doc.calendrier or TIRET,
        "description": doc.description,
        "reperes": [{"cle": cle, "valeur": x or TIRET} for cle, x in reperes.items()],
        "couts": [{"cle": cle, "valeur": euros(x)} for cle, x in couts.items()],
        "cout_ht": euros(doc.cout_ht),
        "aide": euros(doc.aide_proposee),
        "taux": taux(doc.taux_aide),
        "plan": [_ligne_plan(x, doc) for x in doc.plan],
        "total_plan": euros(doc.total_plan),
        "ecart": euros(ecart) if ecart else "",
        "maximum": euros(doc.aide_maximale) if doc.aide_maximale is not None else "",
        "plafond_liant": doc.plafond_liant,
        "constats": [_constat_regle(x) for x in doc.constats],
        "demonstration": doc.a_des_valeurs_de_demonstration,
        "aide_demonstration": doc.demonstration,
    }


def _ligne_plan(ligne: LignePlanDoc, fiche: FicheDoc) -> Vue:
    return {
        "financeur": ligne.financeur,
        "libelle": ligne.libelle or TIRET,
        "statut": ligne.statut or TIRET,
        "montant": euros(ligne.montant),
        "part": taux(ligne.montant / fiche.total_plan) if fiche.total_plan else TIRET,
        "demonstration": ligne.demonstration,
    }


def _constat_regle(doc: ConstatRegleDoc) -> Vue:
    return {
        "libelle": doc.libelle,
        "article": doc.article,
        "verdict": doc.verdict,
        "explication": doc.explication,
        "plafond": euros(doc.plafond),
        "demonstration": doc.demonstration,
    }


def _maquette(doc: MaquetteDoc) -> Vue:
    part = None if not doc.enveloppe else doc.aide_totale / doc.enveloppe
    solde = doc.solde
    par_fonds = [TotalDoc(f.libelle, f.nombre, f.propose) for f in caisses_de(doc)]
    return {
        "titre": doc.titre,
        "autorite": doc.autorite,
        "territoire": doc.territoire,
        "etabli_le": jour(doc.etabli_le),
        "date_iso": doc.etabli_le.isoformat(),
        "brouillon": doc.brouillon,
        "enveloppe": euros(doc.enveloppe),
        "enveloppe_demonstration": doc.enveloppe_demonstration,
        "formule": list(doc.formule),
        "sources": list(doc.sources),
        "mentions": list(doc.mentions_demonstration),
        "demonstration": doc.a_des_valeurs_de_demonstration,
        "lignes": [_ligne_maquette(x) for x in doc.lignes],
        "nombre": pluriel(len(doc.lignes), "projet"),
        "cout_total": euros(doc.cout_total),
        "assiette_totale": euros(doc.assiette_totale),
        "aide_totale": euros(doc.aide_totale),
        "autres_aides_totales": euros(doc.autres_aides_totales),
        "reste_a_charge_total": euros(doc.reste_a_charge_total),
        "taux_total": taux(doc.aide_totale / doc.assiette_totale if doc.assiette_totale else None),
        "solde": euros(solde),
        "depassement": solde is not None and solde < 0,
        "part_engagee": taux(part),
        # Width of the gauge, in thousandths: a drawing, not an amount.
        "jauge": None if part is None else int(min(max(part, Decimal(0)), Decimal(1)) * 1000),
        "totaux": [
            {"titre": "Par thème", "lignes": _totaux(doc.par_theme)},
            {"titre": "Par maître d’ouvrage", "lignes": _totaux(doc.par_maitre_ouvrage)},
            {"titre": "Par année", "lignes": _totaux(doc.par_annee)},
            {"titre": "Par financeur", "lignes": _totaux(doc.par_financeur)},
            *([{"titre": "Par fonds", "lignes": _totaux(par_fonds)}] if par_fonds else []),
        ],
    }


def _ligne_maquette(doc: LigneMaquetteDoc) -> Vue:
    return {
        "numero": doc.numero,
        "titre": doc.titre,
        "maitre_ouvrage": doc.maitre_ouvrage,
        "theme": doc.theme or TIRET,
        "annee": TIRET if doc.annee is None else str(doc.annee),
        "cout_ht": euros(doc.cout_ht),
        "assiette": euros(doc.assiette),
        "aide": euros(doc.aide),
        "taux": taux(doc.taux),
        "autres_aides": euros(doc.autres_aides),
        "reste_a_charge": euros(doc.reste_a_charge),
        "demonstration": doc.demonstration or any(x.demonstration for x in doc.financements),
    }


def _totaux(totaux: Iterable[TotalDoc]) -> list[Vue]:
    return [{"libelle": x.libelle, "nombre": entier(x.nombre), "montant": euros(x.montant)} for x in totaux]
