"""From the pré-instructions of a plan to the report that the concertation reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from arpent.metier.argent import formater_euros
from arpent.metier.reglement import LIBELLES_VERDICT, Projet, Verdict
from arpent.metier.reglement.champs import ChampProjet, TypeChamp, champ_projet
from arpent.metier.reglement.projet import LIBELLES_BENEFICIAIRE, LIBELLES_MATURITE
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees_rapport import (
    ConstatExamenDoc,
    DerogationDoc,
    EntreeDoc,
    ExamenDoc,
    RapportDoc,
    VerdictRegle,
)
from arpent.plateforme.documents.rendu.texte import entier, jour

from .conclusions import evolutions, lignes_lues
from .models import DerogationRegle, Fiche, Preinstruction
from .preinstruction import Examen, champs_lus, constat_en_json

_ARTICLE = re.compile("^(?:la |le |les |l’)", re.IGNORECASE)
BASE = ("theme", "beneficiaire", "population", "maturite", "nature_depense", "cout_ht", "assiette")
"""Read by nearly every règlement: always said. The others, only when the règlement looks at them."""


def rapport_doc(
    demarche: Demarche,
    fiches: Sequence[Fiche],
    examens: dict[int, Examen],
    *,
    le: date,
    par: str,
    plan_entier: bool,
) -> RapportDoc:
    """`fiches` come from `sorties.completes`, `examens` from `preinstruire_fiches`. No query."""
    titre = "Rapport de pré-instruction"
    if not plan_entier and fiches:
        titre = f"Pré-instruction de la fiche {fiches[0].numero} : {fiches[0].titre}"
    return RapportDoc(
        titre=titre,
        autorite=demarche.autorite.nom,
        territoire=demarche.territoire.nom,
        dispositif=demarche.processus.dispositif.nom,
        etabli_le=le,
        etabli_par=par,
        examens=tuple(examen_doc(f, examens[f.pk]) for f in fiches),
        plan_entier=plan_entier,
    )


def examen_doc(fiche: Fiche, examen: Examen) -> ExamenDoc:
    """The pré-instruction as concluded, else as computed today. No query when relations are prefetched."""
    conclue = next(iter(fiche.preinstructions.all()), None)
    commun: dict[str, Any] = {
        "numero": str(fiche.numero),
        "titre": fiche.titre,
        "maitre_ouvrage": fiche.maitre_ouvrage.nom,
        "theme": fiche.theme.libelle if fiche.theme else "",
        "cout_ht": fiche.cout_ht,
        "aide_demandee": fiche.aide_demandee,
        "derogations": tuple(_derogation(d) for d in fiche.derogations_regles.all()),
        "entrees": entrees(fiche, examen),
        "demonstration": fiche.demonstration or examen.demonstration,
    }
    if conclue is not None:
        return _conclu(conclue, examen, commun)
    resultat = examen.resultat
    if resultat is None:
        return ExamenDoc(**commun)
    liant = resultat.plafond_liant
    return ExamenDoc(
        **commun,
        reglement=examen.reglement,
        empreinte=examen.empreinte,
        verdict=_verdict(resultat.verdict.value),
        aide_calculee=resultat.aide_calculee,
        aide_maximale=resultat.aide_maximale,
        plafond_liant=liant.intitule if liant else "",
        article_liant=liant.article if liant else "",
        constats=tuple(_constat(constat_en_json(c)) for c in resultat.constats),
    )


def _conclu(conclue: Preinstruction, examen: Examen, commun: dict[str, Any]) -> ExamenDoc:
    constats = tuple(_constat(c) for c in conclue.constats)
    liant = next((c for c in constats if c.libelle == conclue.plafond_liant), None)
    if conclue.donnees:
        lues = lignes_lues(conclue.donnees)
        commun["entrees"] = tuple(EntreeDoc(_sans_article(nom), valeur) for nom, valeur in lues)
    return ExamenDoc(
        **commun,
        reglement=conclue.reglement,
        empreinte=conclue.empreinte,
        verdict=_verdict(conclue.verdict),
        aide_maximale=conclue.aide_maximale,
        plafond_liant=conclue.plafond_liant,
        article_liant=liant.article if liant else "",
        constats=constats,
        conclue_le=conclue.conclue_le.date(),
        conclue_par=conclue.par_nom,
        depuis=_ce_qui_a_change(conclue, examen),
    )


def _ce_qui_a_change(conclue: Preinstruction, examen: Examen) -> str:
    """What is no longer as it was concluded; empty when nothing changed."""
    changes = evolutions(conclue, examen)
    if not changes:
        return ""
    dits = " ; ".join(f"{c.libelle[:1].lower()}{c.libelle[1:]} ({c.avant} → {c.apres})" for c in changes)
    return f"Depuis, ont changé : {dits}."


def _verdict(code: str) -> VerdictRegle:
    return cast(VerdictRegle, LIBELLES_VERDICT[Verdict(code)].lower())


def _constat(brut: dict[str, Any]) -> ConstatExamenDoc:
    plafond = brut.get("plafond")
    return ConstatExamenDoc(
        libelle=brut["intitule"],
        article=brut["article"],
        verdict=_verdict(brut["verdict"]),
        explication=brut["explication"],
        calcul=brut.get("calcul", ""),
        plafond=Decimal(plafond) if plafond else None,
        source=brut.get("source", ""),
        demonstration=bool(brut.get("demonstration")),
    )


def _derogation(d: DerogationRegle) -> DerogationDoc:
    return DerogationDoc(
        intitule=d.intitule,
        article=d.article,
        motif=d.motif,
        par=d.par_nom,
        le=d.decidee_le.date(),
        plafond=d.plafond,
        levee_le=d.levee_le.date() if d.levee_le else None,
        levee_par=d.levee_par_nom,
        levee_motif=d.levee_motif,
    )


# --- what the règlement read ----------------------------------------------------------------------


def entrees(fiche: Fiche, examen: Examen) -> tuple[EntreeDoc, ...]:
    """The data that the rules looked at, as they stand today."""
    if (projet := examen.projet) is None:
        return ()
    lus = champs_lus(examen)
    noms = [*BASE, *sorted(lus - set(BASE))]
    champs = [champ for nom in noms if (champ := champ_projet(nom)) is not None]
    lignes = [EntreeDoc(_sans_article(champ.libelle), _ecrit(champ, projet, fiche)) for champ in champs]
    return (*lignes, EntreeDoc("Autres aides acquises", formater_euros(fiche.montant_acquis)))


def _sans_article(libelle: str) -> str:
    """« La population… » gives « Population… »."""
    nom = _ARTICLE.sub("", libelle, count=1)
    return nom[:1].upper() + nom[1:]


def _ecrit(champ: ChampProjet, projet: Projet, fiche: Fiche) -> str:
    valeur = champ.lire(projet)
    if champ.type is TypeChamp.BOOLEEN:
        return "non renseigné" if valeur is None else (champ.nom_court if valeur else champ.contraire)
    if valeur is None or valeur == ():
        return "non renseigné" if valeur is None else "aucun"
    if champ.nom == "theme" and fiche.theme:
        return fiche.theme.libelle
    ecritures: dict[TypeChamp, Callable[[Any], str]] = {
        TypeChamp.MONTANT: formater_euros,
        TypeChamp.DATE: jour,
        TypeChamp.CODES: lambda codes: ", ".join(str(c).replace("-", " ") for c in codes),
        TypeChamp.NOMBRE: lambda n: _nombre(n, champ),
    }
    return ecritures.get(champ.type, _code)(valeur)


def _nombre(valeur: Any, champ: ChampProjet) -> str:
    if champ.nom == "annee" or not isinstance(valeur, int):
        return f"{str(valeur).replace('.', ',')} {champ.unite}".strip()
    return f"{entier(valeur)} {champ.unite}".strip()


def _code(code: Any) -> str:
    return {**LIBELLES_BENEFICIAIRE, **LIBELLES_MATURITE}.get(str(code), str(code).replace("-", " "))
