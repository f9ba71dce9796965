"""The templates shipped with the application: ``gabarits/<nom>/v<n>/``, each with its ``exemple.json``.

A version that has served a signed document is never edited: a change is a new directory (docs/documents.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .donnees import ContratDoc, MaquetteDoc
from .donnees_approbation import ApprobationAvenantDoc, ApprobationDoc
from .donnees_attribution import AttributionDoc
from .donnees_avenant import AvenantDoc, ConsolideDoc
from .donnees_dossier import AccuseDossierDoc, RapportCommissionDoc
from .donnees_echeances import ArreteEcheancesDoc
from .donnees_evaluation import RapportEvaluationDoc
from .donnees_fiche import DeliberationDoc, FichesDoc, PiecesDoc
from .donnees_fil_rouge import FilRougeDoc
from .donnees_interlocuteurs import InterlocuteursDoc
from .donnees_pilotage import NotePilotageDoc
from .donnees_portrait import PortraitDoc
from .donnees_preuve import PreuveConsentementDoc
from .donnees_rapport import RapportDoc
from .donnees_rendez_vous import RendezVousDoc
from .donnees_reunion import CompteRenduDoc, ConvocationReunionDoc, FeuillePresenceDoc
from .donnees_seance import ConvocationDoc, PresentationDoc
from .donnees_seance_avenant import PresentationAvenantDoc
from .serie import depuis_json

GABARITS = Path(__file__).parent / "gabarits"

Document = (
    AccuseDossierDoc
    | ApprobationAvenantDoc
    | ApprobationDoc
    | ArreteEcheancesDoc
    | AttributionDoc
    | AvenantDoc
    | CompteRenduDoc
    | ConsolideDoc
    | ContratDoc
    | ConvocationDoc
    | ConvocationReunionDoc
    | DeliberationDoc
    | FeuillePresenceDoc
    | FichesDoc
    | FilRougeDoc
    | InterlocuteursDoc
    | MaquetteDoc
    | NotePilotageDoc
    | PiecesDoc
    | PortraitDoc
    | PresentationAvenantDoc
    | PresentationDoc
    | PreuveConsentementDoc
    | RapportCommissionDoc
    | RapportDoc
    | RendezVousDoc
    | RapportEvaluationDoc
)
_DONNEES: dict[str, type[Document]] = {
    "accuse_dossier": AccuseDossierDoc,
    "approbation": ApprobationDoc,
    "approbation_avenant": ApprobationAvenantDoc,
    "arrete_attribution": AttributionDoc,
    "arrete_echeances": ArreteEcheancesDoc,
    "avenant": AvenantDoc,
    "compte_rendu": CompteRenduDoc,
    "consolide": ConsolideDoc,
    "contrat": ContratDoc,
    "convention_attribution": AttributionDoc,
    "convocation": ConvocationDoc,
    "convocation_reunion": ConvocationReunionDoc,
    "deliberation": DeliberationDoc,
    "feuille_presence": FeuillePresenceDoc,
    "fiche": FichesDoc,
    "fil_rouge": FilRougeDoc,
    "interlocuteurs": InterlocuteursDoc,
    "lettre_attribution": AttributionDoc,
    "livret_rendez_vous": RendezVousDoc,
    "maquette": MaquetteDoc,
    "note": PresentationDoc,
    "note_avenant": PresentationAvenantDoc,
    "note_pilotage": NotePilotageDoc,
    "pieces": PiecesDoc,
    "portrait": PortraitDoc,
    "presentation": PresentationDoc,
    "presentation_avenant": PresentationAvenantDoc,
    "preuve": PreuveConsentementDoc,
    "rapport": RapportDoc,
    "rapport_commission": RapportCommissionDoc,
    "rapport_evaluation": RapportEvaluationDoc,
}


class GabaritInconnu(ValueError):
    """The document names a template that is not shipped."""


@dataclass(frozen=True, slots=True)
class Gabarit:
    nom: str
    version: int
    dossier: Path

    @property
    def code(self) -> str:
        """« contrat/v1 », as stored beside each generated document."""
        return f"{self.nom}/v{self.version}"

    @property
    def typst(self) -> Path:
        """The page; slides have none: they are drawn by code from the same data."""
        return self.dossier / f"{self.nom}.typ"

    @property
    def docx(self) -> Path | None:
        """The Word template, for those that have one."""
        chemin = self.dossier / f"{self.nom}.docx"
        return chemin if chemin.exists() else None

    def exemple(self) -> Document:
        """Sample data, made up, that exercise every block of the template."""
        return depuis_json(_DONNEES[self.nom], (self.dossier / "exemple.json").read_text(encoding="utf-8"))


@cache
def catalogue() -> tuple[Gabarit, ...]:
    """Every template of every version, by name then version."""
    trouves = (
        Gabarit(nom, int(dossier.name[1:]), dossier)
        for nom in _DONNEES
        for dossier in (GABARITS / nom).glob("v[0-9]*")
        if dossier.name[1:].isdigit()
    )
    return tuple(sorted(trouves, key=lambda gabarit: (gabarit.nom, gabarit.version)))


def gabarit(code: str) -> Gabarit:
    """The template « nom/vN ». GabaritInconnu names those that exist."""
    for candidat in catalogue():
        if candidat.code == code:
            return candidat
    connus = ", ".join(candidat.code for candidat in catalogue())
    raise GabaritInconnu(
        f"Le gabarit « {code} » n’existe pas : choisissez l’un des gabarits installés ({connus})."
    )
