"""What the documents of a fiche projet need to know: the fiche itself, the draft délibération, the pieces.

Same rules as ``donnees``: frozen values, Decimal euros to the cent, None when unknown, texts never read as
markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .donnees import ZERO, LignePlanDoc, VisaDoc
from .donnees_rapport import ExamenDoc

EtatPiece = Literal["donnée", "manquante", "plus tard"]


@dataclass(frozen=True, slots=True)
class RepereDoc:
    """A label and what is known: « Thème », « Voirie »."""

    cle: str
    valeur: str


@dataclass(frozen=True, slots=True)
class TexteDoc:
    """A long text of the fiche under its heading."""

    titre: str
    texte: str


@dataclass(frozen=True, slots=True)
class DepenseDoc:
    libelle: str
    nature: str
    montant: Decimal
    eligible: bool = True


@dataclass(frozen=True, slots=True)
class ContactFinanceurDoc:
    """What was done towards a funder, or may be tried; never money of the plan."""

    financeur: str
    genre: str
    """« démarche effectuée », « piste »."""
    quoi: str
    reponse: str
    suite: str = ""
    montant: Decimal | None = None
    le: date | None = None


@dataclass(frozen=True, slots=True)
class ActeDoc:
    """A délibération of the owner's assembly, taken or still due."""

    assemblee: str
    numero: str = ""
    prise_le: date | None = None
    sens: str = ""
    attendue_le: date | None = None
    recue_le: date | None = None
    """Received by the préfecture."""


@dataclass(frozen=True, slots=True)
class ImageDoc:
    """A drawing or a photo. `svg` stands alone; a photo is a JPEG inside it (``rendu.photo``)."""

    svg: str
    alternative: str
    largeur: int
    hauteur: int
    """Pixels."""

    @property
    def rapport(self) -> float:
        """Height over width."""
        return self.hauteur / self.largeur


@dataclass(frozen=True, slots=True)
class FicheProjetDoc:
    """A fiche projet with all its filled fields. `reperes`, `textes` hold only what is filled."""

    numero: str
    titre: str
    maitre_ouvrage: str
    lieu: str
    etat: str
    reperes: tuple[RepereDoc, ...] = ()
    textes: tuple[TexteDoc, ...] = ()
    cout_ht: Decimal | None = None
    cout_ttc: Decimal | None = None
    assiette: Decimal | None = None
    aide_demandee: Decimal | None = None
    depenses: tuple[DepenseDoc, ...] = ()
    plan: tuple[LignePlanDoc, ...] = ()
    """Every row that counts, the aid asked and the owner's share included; the refused ones are apart."""
    refuses: tuple[LignePlanDoc, ...] = ()
    contacts: tuple[ContactFinanceurDoc, ...] = ()
    examen: ExamenDoc | None = None
    actes: tuple[ActeDoc, ...] = ()
    carte: ImageDoc | None = None
    photo: ImageDoc | None = None
    source: str = ""
    demonstration: bool = False

    @property
    def total_plan(self) -> Decimal:
        return sum((x.montant for x in self.plan), ZERO)

    @property
    def ecart_plan(self) -> Decimal | None:
        """Cost HT minus the plan: 0 when it is balanced, None without a cost."""
        return None if self.cout_ht is None else self.cout_ht - self.total_plan

    @property
    def total_depenses(self) -> Decimal:
        return sum((x.montant for x in self.depenses), ZERO)

    @property
    def montant_acquis(self) -> Decimal:
        return sum((x.montant for x in self.plan if x.statut == "acquis" and not x.est_autofinancement), ZERO)

    @property
    def autofinancement(self) -> Decimal:
        return sum((x.montant for x in self.plan if x.est_autofinancement), ZERO)


@dataclass(frozen=True, slots=True)
class FichesDoc:
    """One fiche projet, or all those of a plan behind a cover and a table of contents."""

    titre: str
    autorite: str
    territoire: str
    etabli_le: date
    fiches: tuple[FicheProjetDoc, ...]
    dispositif: str = ""
    gabarit: str = "fiche/v1"

    @property
    def cout_total(self) -> Decimal:
        return sum((x.cout_ht or ZERO for x in self.fiches), ZERO)

    @property
    def aide_demandee_totale(self) -> Decimal:
        return sum((x.aide_demandee or ZERO for x in self.fiches), ZERO)


# --- The draft délibération -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CollectiviteDoc:
    """Whose assembly votes, and how its acts name it."""

    nom: str
    assemblee: str
    """« conseil municipal », « conseil communautaire », « comité syndical »."""
    designation: str
    """« la commune », « la communauté de communes », « le syndicat »."""
    executif: str
    """« le maire », « le président »."""
    siren: str = ""


@dataclass(frozen=True, slots=True)
class SeanceDoc:
    """The sitting. None and "" are blanks that the document names."""

    numero: str = ""
    tenue_le: date | None = None
    convoquee_le: date | None = None
    en_exercice: int | None = None
    presents: int | None = None
    representes: int | None = None
    pour: int | None = None
    contre: int | None = None
    abstentions: int | None = None

    @property
    def absents(self) -> tuple[tuple[str, bool], ...]:
        """What every draft says of its sitting, and whether it is missing."""
        return (
            ("le numéro de la délibération", not self.numero),
            ("la date de la séance", self.tenue_le is None),
            ("la date de la convocation", self.convoquee_le is None),
            ("le nombre de membres en exercice", self.en_exercice is None),
            ("le nombre de membres présents", self.presents is None),
            ("le nombre de membres représentés", self.representes is None),
            ("le résultat du vote", None in (self.pour, self.contre, self.abstentions)),
            ("le nom du secrétaire de séance", True),
        )


@dataclass(frozen=True, slots=True)
class DeliberationDoc:
    """The draft act that adopts a fiche, its financing plan, and asks for the aid."""

    collectivite: CollectiviteDoc
    autorite: str
    """Whose aid is asked: « Département de la Lozère »."""
    dispositif: str
    territoire: str
    numero_fiche: str
    titre_projet: str
    etabli_le: date
    seance: SeanceDoc = SeanceDoc()
    visas: tuple[VisaDoc, ...] = ()
    expose: tuple[str, ...] = ()
    calendrier: str = ""
    cout_ht: Decimal | None = None
    assiette: Decimal | None = None
    plan: tuple[LignePlanDoc, ...] = ()
    aide_demandee: Decimal | None = None
    rappels: tuple[str, ...] = ()
    """What the draft cannot know and somebody must check before the vote."""
    demonstration: bool = False
    gabarit: str = "deliberation/v1"

    @property
    def total_plan(self) -> Decimal:
        return sum((x.montant for x in self.plan), ZERO)

    @property
    def ecart_plan(self) -> Decimal | None:
        return None if self.cout_ht is None else self.cout_ht - self.total_plan

    @property
    def autofinancement(self) -> Decimal:
        return sum((x.montant for x in self.plan if x.est_autofinancement), ZERO)

    @property
    def a_completer(self) -> tuple[str, ...]:
        """What is missing, in the words of the document; the same list is shown before the download."""
        absents = (
            *self.seance.absents,
            ("l’exposé du projet", not self.expose),
            ("le calendrier", not self.calendrier),
            ("le coût du projet", not self.cout_ht),
            ("le montant de l’aide demandée", not self.aide_demandee),
            ("le plan de financement", not self.plan),
        )
        return tuple(quoi for quoi, manque in absents if manque)


# --- The list of the pieces -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PieceDoc:
    """A piece that the dispositif expects. `detail`: the file given, or where to find the piece."""

    libelle: str
    etape: str
    etat: EtatPiece
    detail: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class PiecesDoc:
    numero: str
    titre: str
    maitre_ouvrage: str
    autorite: str
    territoire: str
    dispositif: str
    etabli_le: date
    pieces: tuple[PieceDoc, ...] = ()
    autres: tuple[str, ...] = ()
    """Files given that no expected piece asks for."""
    gabarit: str = "pieces/v1"

    def nombre(self, etat: EtatPiece) -> int:
        return sum(x.etat == etat for x in self.pieces)
