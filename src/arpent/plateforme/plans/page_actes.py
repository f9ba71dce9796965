"""What the page of a fiche shows of what is decided on it: acts, avis, support, corrections, overrides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from arpent.metier.cycles import EtatFiche
from arpent.metier.deliberation import EtatActe
from arpent.metier.reglement import LIBELLES_VERDICT
from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.acteurs.remarques import maisons_de
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.reglements.parametres import table_legale

from .conclusions import Evolution, evolutions
from .constats import GENRES_VERDICT, ConstatAffiche, afficher, depuis_json, ordonner
from .corrections import CHAMPS
from .deliberations import ActeLu, lire_actes
from .derogations import DEROGEABLES, codes_de_droit
from .droits import peut_deliberer, peut_rendre_avis
from .models import AvisService, Commentaire, Fiche, PieceJointe, Preinstruction
from .preinstruction import Examen, preinstruire_fiche, reglement_de
from .saisies import lignes_de

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


def corrections_parmi(rows: Iterable[Commentaire]) -> list[CorrectionLue]:
    """Corrections asked among these comments, with their answers, the open ones first. No query."""
    rows = list(rows)
    demandees = [c for c in rows if c.genre == Commentaire.Genre.CORRECTION]
    return sorted(
        (
            CorrectionLue(c, CHAMPS.get(c.champ, c.champ), [r for r in rows if r.reponse_a_id == c.pk])
            for c in demandees
        ),
        key=lambda c: not c.ouverte,
    )


def ouvertes_par_champ(rows: Iterable[Commentaire], agent: Agent) -> Counter[str]:
    """Open remarks the agent may read among these, by field ("": the whole fiche). No query."""
    return Counter(
        c.champ
        for c in rows
        if c.genre == Commentaire.Genre.REMARQUE
        and c.reponse_a_id is None
        and c.resolu_le is None
        and (c.portee == Commentaire.Portee.PARTAGEE or c.organisation_id in maisons_de(agent))
    )


def _figee(fiche: Fiche, examen: Examen) -> Figee | None:
    conclue = fiche.preinstructions.order_by("-conclue_le", "-pk").first()
    if conclue is None:
        return None
    return Figee(conclue, [depuis_json(c) for c in conclue.constats], evolutions(conclue, examen))


def droits_sur(agent: Agent, fiche: Fiche) -> dict[str, bool]:
    """What the agent may do beside the acts. No query."""
    return {
        nom: bool(peut_sur(agent, droit, fiche.demarche))
        for nom, droit in (
            ("instruit", "fiche.pre_instruire"),
            ("deroge", "regle.deroger"),
            ("demande_avis", "avis.demander"),
            ("demande_appui", "appui.demander"),
        )
    }


def contexte_de_l_examen(fiche: Fiche, agent: Agent, le: date) -> dict[str, Any]:
    """The pré-instruction of today, the concluded one, the rules set aside. Ten queries at most."""
    examen = preinstruire_fiche(fiche, le)
    droits = droits_sur(agent, fiche)
    resultat = examen.resultat
    return {
        "examen": examen,
        "resultat": resultat,
        "verdict": (GENRES_VERDICT[resultat.verdict], LIBELLES_VERDICT[resultat.verdict])
        if resultat
        else None,
        "constats": constats_vivants(examen, deroge=droits["deroge"]),
        "figee": _figee(fiche, examen),
        "refaisable": droits["instruit"] and fiche.etat in _REFAISABLES,
        "derogations_regles": list(fiche.derogations_regles.all()),
        "droits_actes": droits,
    }


def contexte_des_actes(fiche: Fiche, agent: Agent, le: date) -> dict[str, Any]:
    """Délibérations with their files, avis, support. Six queries at most, whatever the fiche holds."""
    actes: list[ActeLu] = lire_actes(fiche, lignes_de(fiche), le, table_legale())
    signes: dict[int | None, list[PieceJointe]] = defaultdict(list)
    for piece in fiche.pieces.filter(retiree_le=None, deliberation__isnull=False):
        signes[piece.deliberation_id].append(piece)
    return {
        "actes": [(a, GENRES_ACTE[a.etat], signes[a.deliberation.pk]) for a in actes],
        "delibere": bool(peut_deliberer(agent, fiche)),
        "avis_services": _avis(fiche, agent, le),
        "appuis": list(
            DemandeAppui.objects.visibles_par(agent)
            .filter(demarche_id=fiche.demarche_id, objet_genre="fiche", objet_id=fiche.numero)
            .select_related("prise_par", "structure")
        ),
        "droits_actes": droits_sur(agent, fiche),
    }
