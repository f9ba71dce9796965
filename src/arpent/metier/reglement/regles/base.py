"""What all the kinds of rules share."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, Self

from arpent.metier.argent import ESPACE_INSECABLE, formater_euros, formater_nombre, formater_taux
from arpent.metier.reglement.bareme import Bareme, Parametre
from arpent.metier.reglement.conditions import Condition
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.lecture import lire_champ
from arpent.metier.reglement.parametres import LIVRES, LignesLegales, ParametreDate
from arpent.metier.reglement.projet import AideAnterieure, Projet


# The sentences of one project write the same amounts again and again: a third of the time is saved.
@lru_cache(maxsize=4096)
def euros(x: Decimal | None) -> str:
    return formater_euros(x)


@lru_cache(maxsize=4096)
def taux(x: Decimal | None) -> str:
    return formater_taux(x, None)


def points(x: Decimal | None) -> str:
    """A difference of rates: 0.05 gives “5 points”."""
    return formater_taux(x, None).replace("%", "points" if x and x >= Decimal("0.02") else "point")


def nombre(x: Decimal | None) -> str:
    """A plain number with its useful decimals, four at most."""
    ecrit = formater_nombre(x, 4)
    return ecrit.rstrip("0").rstrip(",") if "," in ecrit else ecrit


def compter(combien: int, nom: str) -> str:
    """“1 projet”, “3 projets”."""
    return f"{combien} {nom}{'s' if combien > 1 else ''}"


def deja(aides: Iterable[AideAnterieure], participe: str) -> tuple[Decimal, str]:
    """Their sum, and in words: “9 000 € déjà attribués, dont 4 000 € comptés pour l’aide demandée,”."""
    montants = [(aide.montant, aide.demandee) for aide in aides]
    total = sum((montant for montant, _ in montants), Decimal("0.00"))
    demande = sum((montant for montant, demandee in montants if demandee), Decimal("0.00"))
    suite = f", dont {euros(demande)} comptés pour l’aide demandée," if demande else ""
    return total, f"{euros(total)} déjà {participe}{suite}"


def taux_exact(x: Decimal) -> str:
    """A rate with all its useful decimals, six at most: the product of two rates as on paper."""
    return formater_nombre(x * 100, 6).rstrip("0").rstrip(",") + f"{ESPACE_INSECABLE}%"


def difference(x: Decimal) -> str:
    """The end of a subtraction that gives the room left: a negative one leaves nothing."""
    return f"= {euros(x)}" + ("" if x >= 0 else ", donc aucune aide possible")


def part_legale(ligne: ParametreDate) -> str:
    """A rate of the law in a sentence, or that nobody has typed it in."""
    return "une part à saisir" if ligne.valeur is None else taux(ligne.valeur)


_FEMININ = ("La ", "Une ", "L’aide")


@dataclass(frozen=True, slots=True)
class Regle(ABC):
    """One rule of one article. A kind of rule is a subclass, in its own file, listed in GENRES."""

    code: str
    article: str
    intitule: str
    # The rule concerns only the projects that meet it; None: all of them.
    si: Condition | None = field(default=None, kw_only=True)

    GENRE: ClassVar[str]
    FAMILLE: ClassVar[Famille]
    INTITULE: ClassVar[str]
    # One French line, for who chooses a kind in the catalogue.
    DESCRIPTION: ClassVar[str]
    # The keys of this kind; each is an attribute of the same name.
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = ()
    # True for a rule that needs to know the smallest cap of all the others (a floor).
    APRES_PLAFONDS: ClassVar[bool] = False

    @classmethod
    def lire(cls, code: str, article: str, intitule: str, lecteur: Lecteur) -> Self:
        """Build the rule from its described keys; raises ReglementInvalide."""
        valeurs: dict[str, Any] = {champ.cle: lire_champ(lecteur, champ) for champ in cls.CHAMPS}
        return cls(code, article, intitule, **valeurs)

    def verifier(self, lecteur: Lecteur) -> None:  # noqa: B027
        """Refuse keys that do not go together (`raise lecteur.refus(…)`); nothing for most."""

    def examiner(self, projet: Projet, contexte: Contexte) -> Constat:
        """The answer of the rule, its condition included: not met, the rule is “sans objet”."""
        if self.si is None:
            return self.evaluer(projet, contexte)
        remplie, manquants = self.si.juger(projet)
        if remplie:
            return self.evaluer(projet, contexte)
        cas = self.si.enonce(contexte.libelles)
        if remplie is None:
            return self.a_completer(f"La règle ne vise que ce cas : {cas}. Elle", manquants)
        return self.constat(Verdict.SANS_OBJET, f"La règle ne vise que ce cas : {cas}.")

    def s_applique(self, projet: Projet) -> bool:
        """True when the rule surely concerns the project."""
        return self.si is None or bool(self.si.juger(projet)[0])

    @abstractmethod
    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        """Look at the project; “no” is an answer, never an exception."""

    @abstractmethod
    def enonce(self, libelles: Mapping[str, str]) -> str:
        """The rule in one French sentence, with its values."""

    def enonce_legal(self, libelles: Mapping[str, str], lignes: LignesLegales) -> str:
        """The sentence with those lines of the law; that of the rule when it quotes none."""
        return self.enonce(libelles)

    def enonce_complet(self, libelles: Mapping[str, str], lignes: LignesLegales = LIVRES.dernier) -> str:
        """The sentence with its condition: “Si commune de moins de 500 habitants : …”."""
        phrase = self.enonce_legal(libelles, lignes)
        return phrase if self.si is None else f"Si {self.si.enonce(libelles)} : {phrase}"

    def preparer(self, projet: Projet, contexte: Contexte) -> Contexte:
        """What this rule tells the others before anyone is evaluated; nothing for most."""
        return contexte

    def parametres(self) -> tuple[Parametre, ...]:
        """The values the règlement gives to this rule, in the order of its keys."""
        trouves: list[Parametre] = []
        for champ in self.CHAMPS:
            valeur = getattr(self, champ.cle)
            if isinstance(valeur, Parametre):
                trouves.append(valeur)
            elif isinstance(valeur, Bareme):
                trouves.extend(valeur.parametres())
            elif champ.sorte is Sorte.BLOCS:
                trouves.extend(v for bloc in valeur for v in bloc.values() if isinstance(v, Parametre))
        return tuple(trouves)

    def conditions(self) -> tuple[Condition, ...]:
        """The condition of the rule and those of its keys; a kind adds those it tests by itself."""
        cles = (getattr(self, champ.cle) for champ in self.CHAMPS if champ.sorte is Sorte.CONDITION)
        propres = tuple(condition for condition in cles if condition is not None)
        return propres if self.si is None else (self.si, *propres)

    def baremes(self) -> tuple[Bareme, ...]:
        """The scales of the rule, in the order of its keys."""
        valeurs = (getattr(self, champ.cle) for champ in self.CHAMPS)
        return tuple(valeur for valeur in valeurs if isinstance(valeur, Bareme))

    def champs_lus(self) -> frozenset[str]:
        """Fields (`champs.CHAMPS`) that the conditions and the scales read; a kind adds its own."""
        lus = {feuille.champ.nom for condition in self.conditions() for feuille in condition.feuilles()}
        return frozenset(lus.union(*(bareme.champs_lus() for bareme in self.baremes())))

    def constat(
        self,
        verdict: Verdict,
        explication: str,
        *,
        calcul: str = "",
        plafond: Decimal | None = None,
        source: str = "",
        demonstration: bool = False,
    ) -> Constat:
        return Constat(
            self.code,
            self.article,
            self.intitule,
            verdict,
            explication,
            calcul,
            plafond,
            source,
            demonstration,
        )

    def eligible(self, est_eligible: bool, explication: str) -> Constat:
        """Answer of an eligibility rule: a “no” allows no aid at all."""
        if est_eligible:
            return self.constat(Verdict.CONFORME, explication)
        return self.constat(Verdict.NON_CONFORME, explication, plafond=Decimal("0.00"))

    def a_renseigner(self, quoi: str, parametre: Parametre) -> Constat:
        """Answer when the règlement has no value: nobody may invent it."""
        accord, pronom = ("e", "la") if quoi.startswith(_FEMININ) else ("", "le")
        explication = (
            f"{quoi} n’est pas renseigné{accord} : l’autorité doit {pronom} saisir dans son règlement."
        )
        return self.constat(Verdict.A_VERIFIER, explication, source=parametre.source)

    def sans_seuil(self, contexte: Contexte) -> Constat:
        """Answer when the law has no value known here at that date."""
        explication = f"Aucun seuil légal n’est connu au {contexte.le:%d/%m/%Y} : à vérifier."
        return self.constat(Verdict.A_VERIFIER, explication)

    def a_completer(self, quoi: str, manquants: tuple[str, ...]) -> Constat:
        """Answer when the project does not say enough: what is missing is named."""
        donnees = "d’une donnée non renseignée" if len(manquants) == 1 else "de données non renseignées"
        return self.constat(Verdict.A_VERIFIER, f"{quoi} dépend {donnees} : {', '.join(manquants)}.")

    def paye_ailleurs(self, projet: Projet, contexte: Contexte) -> Constat:
        """Answer of a rule on an envelope that does not pay the project."""
        payeur = projet.enveloppe(projet.payeur)
        nom = payeur.libelle if payeur else contexte.nommer(projet.payeur)
        return self.constat(Verdict.SANS_OBJET, f"Le projet est payé par « {nom} », non par cette enveloppe.")

    def sans_valeur(self, quoi: str, bareme: Bareme, projet: Projet, contexte: Contexte) -> Constat:
        """Answer when a scale gives nothing: the project is incomplete, or the règlement is."""
        manquants = bareme.manquants(projet)
        if manquants:
            return self.a_completer(quoi, manquants)
        return self.a_renseigner(f"{quoi}{bareme.precision(projet, contexte)}", bareme.pour(projet))

    def sous_plafond(self, projet: Projet, plafond: Decimal, calcul: str, parametre: Parametre) -> Constat:
        """Compare the aid asked with a cap given by the règlement."""
        depassement = projet.aide_demandee - plafond
        if depassement <= 0:
            verdict = Verdict.CONFORME
            explication = (
                f"L’aide demandée, {euros(projet.aide_demandee)}, respecte le maximum de {euros(plafond)}."
            )
        else:
            verdict = Verdict.NON_CONFORME
            explication = (
                f"L’aide demandée, {euros(projet.aide_demandee)}, dépasse de {euros(depassement)} "
                f"le maximum de {euros(plafond)}."
            )
        return self.constat(
            verdict,
            explication,
            calcul=calcul,
            plafond=plafond,
            source=parametre.source,
            demonstration=parametre.demonstration,
        )


class RegleLegale(Regle):
    """A rule that quotes the law: stated alone, it quotes what the platform ships."""

    __slots__ = ()

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return self.enonce_legal(libelles, LIVRES.dernier)

    @abstractmethod
    def enonce_legal(self, libelles: Mapping[str, str], lignes: LignesLegales) -> str:
        """The rule in one French sentence, with those lines of the law."""
