"""What the page of a fiche shows of what is decided on it: acts, avis, support, corrections, overrides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from arpent.metier.cycles import EtatFiche
from arpent.metier.deliberation import EtatActe
from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.demarches.acces import peut_sur

from .actions import LigneSaisie
from .conclusions import Evolution, evolutions
from .constats import ConstatAffiche, afficher, depuis_json, ordonner
from .corrections import CHAMPS
from .deliberations import ActeLu, lire_actes
from .derogations import DEROGEABLES, codes_de_droit
from .droits import peut_deliberer, peut_rendre_avis
from .models import AvisService, Commentaire, DerogationRegle, Fiche, Preinstruction
from .preinstruction import Examen, reglement_de

GENRES_ACTE = {
    EtatActe.A_PRENDRE: "alerte",
    EtatActe.ADOPTEE: "info",
    EtatActe.TRANSMISE: "info",
    EtatActe.EXECUTOIRE: "ok",
    EtatActe.SANS_SUITE: "non",
}
GENRES_AVIS = {"favorable": "ok", "reserve": "alerte", "defavorable": "non"}
_REFAISABLES = frozenset(e.value for e in (EtatFiche.PRE_INSTRUITE, EtatFiche.RETENUE, EtatFiche.DIFFEREE))


@dataclass(frozen=True, slots=True)
class AvisLu:
    """An avis with its pill, whether it is late, whether the reader may answer it."""

    avis: AvisService
    genre: str
    libelle: str
    en_retard: bool
    a_rendre: bool


@dataclass(frozen=True, slots=True)
class CorrectionLue:
    """A correction asked, the field it is about, its answers."""

    commentaire: Commentaire
    champ: str
    reponses: list[Commentaire]

    @property
    def ouverte(self) -> bool:
        return self.commentaire.resolu_le is None


@dataclass(frozen=True, slots=True)
class Figee:
    """The last concluded pré-instruction: what it said, what has changed since."""

    conclue: Preinstruction
    constats: list[ConstatAffiche]
    evolutions: tuple[Evolution, ...]


def constats_vivants(examen: Examen, *, deroge: bool) -> list[ConstatAffiche]:
    """The findings of today, what binds first. `deroge`: the reader may set a rule aside."""
    if (resultat := examen.resultat) is None:
        return []
    de_droit = codes_de_droit(reglement_de(examen)) if deroge else frozenset()
    liant = resultat.plafond_liant.regle if resultat.plafond_liant else None
    return [
        afficher(
            c,
            liant=c.regle == liant,
            derogeable=deroge and c.verdict.value in DEROGEABLES and c.regle not in de_droit,
        )
        for c in ordonner(resultat)
    ]


def _avis(fiche: Fiche, agent: Agent, le: date) -> list[AvisLu]:
    lus = []
    for avis in AvisService.objects.visibles_par(agent).filter(fiche=fiche):
        avis.fiche = fiche
        if avis.rendu_le is None:
            genre, libelle = "info", "Attendu"
        else:
            genre, libelle = GENRES_AVIS[avis.sens], avis.get_sens_display().capitalize()
        attendu = avis.rendu_le is None
        lus.append(
            AvisLu(
                avis, genre, libelle, attendu and avis.echeance_le < le, bool(peut_rendre_avis(agent, avis))
            )
        )
    return lus


def corrections_de(fiche: Fiche) -> list[CorrectionLue]:
    """Corrections asked and their answers, the open ones first. One query."""
    rows = list(fiche.commentaires.order_by("pk"))
    demandees = [c for c in rows if c.genre == Commentaire.Genre.CORRECTION]
    return sorted(
        (
            CorrectionLue(c, CHAMPS.get(c.champ, c.champ), [r for r in rows if r.reponse_a_id == c.pk])
            for c in demandees
        ),
        key=lambda c: not c.ouverte,
    )


def _figee(fiche: Fiche, examen: Examen) -> Figee | None:
    conclue = fiche.preinstructions.order_by("-conclue_le", "-pk").first()
    if conclue is None:
        return None
    return Figee(conclue, [depuis_json(c) for c in conclue.constats], evolutions(conclue, examen))


def _appuis(fiche: Fiche) -> list[DemandeAppui]:
    return list(fiche.demandes_appui.select_related("prise_par"))


def contexte_des_actes(
    fiche: Fiche, agent: Agent, examen: Examen, lignes: list[LigneSaisie], le: date
) -> dict[str, Any]:
    """Six queries, whatever the fiche holds."""
    derogations: list[DerogationRegle] = list(fiche.derogations_regles.all())
    corrections = corrections_de(fiche)
    droits = {
        nom: bool(peut_sur(agent, droit, fiche.demarche))
        for nom, droit in (
            ("instruit", "fiche.pre_instruire"),
            ("deroge", "regle.deroger"),
            ("demande_avis", "avis.demander"),
            ("demande_appui", "appui.demander"),
            ("repond_appui", "appui.repondre"),
        )
    }
    actes: list[ActeLu] = lire_actes(fiche, lignes, le, examen.loi)
    return {
        "constats": constats_vivants(examen, deroge=droits["deroge"]),
        "figee": _figee(fiche, examen),
        "refaisable": droits["instruit"] and fiche.etat in _REFAISABLES,
        "derogations_regles": derogations,
        "actes": [(a, GENRES_ACTE[a.etat]) for a in actes],
        "delibere": bool(peut_deliberer(agent, fiche)),
        "avis_services": _avis(fiche, agent, le),
        "appuis": _appuis(fiche),
        "corrections": corrections,
        "corrections_ouvertes": [c for c in corrections if c.ouverte],
        "droits_actes": droits,
    }
