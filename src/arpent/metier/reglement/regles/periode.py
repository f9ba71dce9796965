"""What the rules that look back on the owner's earlier aids share."""

from dataclasses import dataclass

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Sorte
from arpent.metier.reglement.projet import AideAnterieure, Projet
from arpent.metier.reglement.regles.base import Regle

MANQUE = ("les aides antérieures du maître d’ouvrage",)

PRECISIONS: dict[str, str] = {"tous": "", "theme": " du même thème", "categorie": " de la même catégorie"}

CHAMPS_PERIODE: tuple[ChampRegle, ...] = (
    ChampRegle(
        "annees",
        "Nombre d’années",
        Sorte.ENTIER,
        aide="L’année du dossier comprise ; 1 par défaut : l’année civile.",
        defaut=1,
    ),
    ChampRegle(
        "depuis",
        "Première année",
        Sorte.ENTIER,
        aide="Pour une période fixe ; sans elle, la période glisse avec l’année du dossier.",
    ),
    ChampRegle(
        "perimetre",
        "Aides comptées",
        Sorte.CHOIX,
        options=(
            ("tous", "Toutes"),
            ("theme", "Celles du même thème"),
            ("categorie", "Celles de la même catégorie"),
        ),
        defaut="tous",
    ),
)


@dataclass(frozen=True, slots=True)
class ReglePeriode(Regle):
    """`annees` civil years from `depuis`, or the last ones; `perimetre` says which earlier aids count."""

    annees: int
    depuis: int | None
    perimetre: str

    def anterieures(self, projet: Projet, contexte: Contexte) -> tuple[AideAnterieure, ...] | Constat:
        """The earlier aids of the period, or the answer when they cannot be known or do not matter."""
        annee = contexte.annee(projet)
        premiere, derniere = self.bornes(annee)
        if not premiere <= annee <= derniere:
            explication = f"Le dossier, de {annee}, est hors de la période {self.en_mots(annee)}."
            return self.constat(Verdict.SANS_OBJET, explication)
        if projet.aides_anterieures is None:
            return self.a_completer("La règle", MANQUE)
        return tuple(
            aide
            for aide in projet.aides_anterieures
            if premiere <= aide.annee <= derniere and self.compte(aide, projet)
        )

    def compte(self, aide: AideAnterieure, projet: Projet) -> bool:
        """Whether an earlier aid is of those that the rule adds to this project."""
        match self.perimetre:
            case "theme":
                return aide.theme == projet.theme
            case "categorie":
                return aide.categorie == projet.categorie
            case _:
                return True

    def bornes(self, annee: int) -> tuple[int, int]:
        """First and last year of the period that holds a file of `annee`."""
        if self.depuis is not None:
            return self.depuis, self.depuis + self.annees - 1
        return annee - self.annees + 1, annee

    def en_mots(self, annee: int) -> str:
        """“2024-2026”, or “2026” for one year."""
        premiere, derniere = self.bornes(annee)
        return str(premiere) if premiere == derniere else f"{premiere}-{derniere}"

    def duree(self) -> str:
        """The period in the sentence of the rule: “sur 3 ans, à partir de 2016”."""
        fixe = "" if self.depuis is None else f", à partir de {self.depuis}"
        return ("par année civile" if self.annees == 1 else f"sur {self.annees} ans") + fixe
