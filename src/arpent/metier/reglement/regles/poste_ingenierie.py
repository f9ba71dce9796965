"""Engineering posts as a type of aid: which ones, how many, for which share of their time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from arpent.metier.argent import arrondir
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte, Vocabulaire, codes
from arpent.metier.reglement.projet import LIBELLES_POSTE, Poste, Projet
from arpent.metier.reglement.regles.base import Regle, euros, taux


@dataclass(frozen=True, slots=True)
class PosteIngenierie(Regle):
    """`admis`: blocks (`type`, `maximum` by territory); any other type is not aided.

    `au_prorata`: types whose cost is kept for their `quotite` only. `cumul_leader` False: a post paid by
    LEADER is not aided a second time.
    """

    admis: tuple[Mapping[str, Any], ...]
    au_prorata: tuple[str, ...]
    cumul_leader: bool

    GENRE: ClassVar[str] = "poste_ingenierie"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = (
        "Les postes d’ingénierie aidés : types, nombre par territoire, prorata, LEADER."
    )
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle(
            "admis",
            "Types de poste aidés",
            Sorte.BLOCS,
            obligatoire=True,
            champs=(
                ChampRegle(
                    "type",
                    "Type de poste",
                    Sorte.TEXTE,
                    obligatoire=True,
                    vocabulaire=Vocabulaire.TYPES_POSTE,
                ),
                ChampRegle("maximum", "Nombre par territoire", Sorte.ENTIER, aide="Vide : sans limite."),
            ),
        ),
        codes("au_prorata", "Types retenus au prorata du temps", Vocabulaire.TYPES_POSTE),
        ChampRegle("cumul_leader", "Cumul admis avec LEADER", Sorte.BOOLEEN, defaut=False),
    )
    INTITULE: ClassVar[str] = "Poste d’ingénierie"

    def preparer(self, projet: Projet, contexte: Contexte) -> Contexte:
        if projet.poste is None or projet.poste.sorte not in self.au_prorata:
            return contexte
        return contexte.limiter_assiette(arrondir(projet.poste.quotite * projet.assiette_eligible))

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        poste = projet.poste
        if poste is None:
            return self.constat(Verdict.SANS_OBJET, "Le projet n’est pas un poste.")
        libelle = LIBELLES_POSTE.get(poste.sorte, poste.sorte)
        admis = {bloc["type"]: bloc["maximum"] for bloc in self.admis}
        if poste.sorte not in admis:
            return self.eligible(False, f"Un {libelle} n’est pas aidé.")
        if not self.cumul_leader and poste.leader:
            return self.eligible(False, "Le poste est déjà financé par LEADER : pas de double financement.")
        maximum = admis[poste.sorte]
        if maximum is not None and poste.deja_soutenus is not None and poste.deja_soutenus >= maximum:
            return self.eligible(
                False,
                f"Postes de ce type déjà aidés dans le territoire : {poste.deja_soutenus}, "
                f"pour {maximum} au plus.",
            )
        manquants = self._manquants(poste, maximum)
        if manquants:
            return self.a_completer("L’aide au poste", manquants)
        if poste.sorte not in self.au_prorata:
            return self.eligible(True, f"Un {libelle} peut être aidé.")
        assiette = projet.assiette_eligible
        retenue = arrondir(poste.quotite * assiette)
        return self.constat(
            Verdict.CONFORME,
            f"Un {libelle} est aidé au prorata du temps consacré au contrat.",
            calcul=f"{taux(poste.quotite)} × {euros(assiette)} = {euros(retenue)}",
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        admis = " ; ".join(
            LIBELLES_POSTE[bloc["type"]]
            + ("" if bloc["maximum"] is None else f" ({bloc['maximum']} par territoire)")
            for bloc in self.admis
        )
        phrase = f"Postes aidés : {admis}"
        if self.au_prorata:
            phrase += f" ; au prorata du temps : {', '.join(LIBELLES_POSTE[t] for t in self.au_prorata)}"
        return f"{phrase}{'' if self.cumul_leader else ' ; sans double financement avec LEADER'}."

    def _manquants(self, poste: Poste, maximum: int | None) -> tuple[str, ...]:
        manquants = []
        if not self.cumul_leader and poste.leader is None:
            manquants.append("le financement par LEADER")
        if maximum is not None and poste.deja_soutenus is None:
            manquants.append("les postes déjà aidés du territoire")
        return tuple(manquants)
