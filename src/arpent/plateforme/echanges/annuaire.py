"""Finding what a cell names among what the démarche knows: owners, themes, axes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Axe
from arpent.plateforme.plans.structures import structures_du_territoire
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.recherche import plier

from .valeurs import ValeurIllisible, exiger_entier

PROCHES = 3
RECHERCHES_MAX = 300  # names looked for at length in one file: beyond, no name is proposed
_ARTICLE = re.compile(r"^(?:de la|de l|du|des|de|d|la|le|les|l) ")
_PREFIXES = (
    (re.compile(r"^(?:mairie|commune|ville|municipalite|village)(?: nouvelle)? "), ""),
    (re.compile(r"^(?:communaute de communes|com com|comcom|c c|cdc|cc) "), "cc "),
    (re.compile(r"^(?:communaute d agglomeration|c a|ca) "), "ca "),
)
_PARENTHESES = re.compile(r"\([^)]*\)")
_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")


def reduire(nom: str) -> str:
    """A name without its accents, its articles and the words that only say what the body is.

    “Mende”, “Commune de Mende” and “mairie de MENDE” are “mende”; “St” is “saint”.
    """
    reduit = " ".join(re.findall(r"[a-z0-9]+", _PARENTHESES.sub(" ", plier(nom))))
    reduit = re.sub(r"\bst\b", "saint", re.sub(r"\bste\b", "sainte", reduit))
    for motif, court in _PREFIXES:
        if trouve := motif.match(reduit):
            return court + _ARTICLE.sub("", reduit[trouve.end() :])
    return _ARTICLE.sub("", reduit)


@dataclass(slots=True)
class Annuaire:
    """The bodies that may own a project of the territory, by code and by name."""

    par_code: dict[str, Organisation] = field(default_factory=dict)
    par_nom: dict[str, list[Organisation]] = field(default_factory=dict)
    _connus: dict[str, Organisation | ValeurIllisible] = field(default_factory=dict)
    _recherches: int = 0

    @classmethod
    def lire(cls, demarche: Demarche) -> Annuaire:
        """One query."""
        annuaire = cls()
        for organisation in structures_du_territoire(demarche).select_related("commune"):
            annuaire.ajouter(organisation)
        return annuaire

    def ajouter(self, organisation: Organisation) -> None:
        for code in (organisation.siren, organisation.commune_id, organisation.groupement_id):
            if code:
                self.par_code[code] = organisation
        noms = {reduire(organisation.nom)}
        if organisation.commune:
            noms.add(reduire(organisation.commune.nom))
        for nom in noms:
            self.par_nom.setdefault(nom, []).append(organisation)

    def trouver(self, texte: str) -> Organisation:
        """The body named by its SIREN, SIRET, INSEE code or name. ValeurIllisible with the nearest names."""
        if texte not in self._connus:
            self._connus[texte] = self._chercher(texte)
        trouve = self._connus[texte]
        if isinstance(trouve, ValeurIllisible):
            raise trouve
        return trouve

    def _chercher(self, texte: str) -> Organisation | ValeurIllisible:
        try:
            exiger_entier(texte)
        except ValeurIllisible as refus:
            return refus
        code = re.sub(r"\s", "", texte).upper()
        if code.isdigit() and len(code) in {4, 5, 9, 14}:  # 1004: an INSEE code that lost its zero
            code = code[:9] if len(code) > 5 else code.zfill(5)
            return self.par_code.get(code) or ValeurIllisible(
                f"Aucune structure du territoire n’a le code « {texte} ».",
                "Écrivez son nom, son SIREN, ou le code INSEE de la commune (pas son code postal).",
            )
        if _CODE.fullmatch(code) and code in self.par_code:
            return self.par_code[code]
        trouvees = self.par_nom.get(reduire(texte), [])
        if len(trouvees) == 1:
            return trouvees[0]
        if trouvees:
            noms = ", ".join(f"{o.nom} ({o.siren or o.get_nature_display()})" for o in trouvees[:4])
            return ValeurIllisible(
                f"« {texte} » désigne plusieurs structures : {noms}.", "Écrivez le SIREN de la bonne."
            )
        return ValeurIllisible(
            f"« {texte} » n’est pas une structure de ce territoire.", self._conseil(reduire(texte))
        )

    def _conseil(self, reduit: str) -> str:
        self._recherches += 1
        proches: list[str] = []
        if self._recherches <= RECHERCHES_MAX:
            dedans = [cle for cle in self.par_nom if len(reduit) > 3 and f" {reduit} " in f" {cle} "]
            cles = dedans[:PROCHES] or get_close_matches(reduit, self.par_nom, n=PROCHES, cutoff=0.6)
            proches = [f"« {self.par_nom[cle][0].nom} »" for cle in cles]
        if proches:
            return f"Voulez-vous dire {' ou '.join(proches)} ?"
        return "Écrivez le nom ou le SIREN d’une commune, d’un groupement ou d’un syndicat du territoire."


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of the dispositif, by code and by label, numbered or not."""

    par_nom: dict[str, Theme]
    libelles: tuple[str, ...]

    @classmethod
    def de(cls, themes: Iterable[Theme]) -> Themes:
        tous = list(themes)
        par_nom = {_mots(t.libelle): t for t in tous} | {_mots(t.code): t for t in tous}
        return cls(par_nom, tuple(t.libelle for t in tous))

    def trouver(self, texte: str) -> Theme:
        plie = _mots(texte)
        sans_numero = re.sub(r"^(?:theme )?(?:[0-9]+|[a-z]) ", "", plie)
        if theme := self.par_nom.get(plie) or self.par_nom.get(sans_numero):
            return theme
        cles = get_close_matches(sans_numero, self.par_nom, n=1, cutoff=0.75)
        noms = [self.par_nom[c].libelle for c in cles] or list(self.libelles)
        choix = " ou ".join(f"« {nom} »" for nom in noms[:10])
        conseil = (
            f"Écrivez {choix}, ou laissez vide." if choix else "Laissez vide : aucun thème n’est défini."
        )
        raise ValeurIllisible(f"« {texte} » n’est pas un thème du dispositif.", conseil)


@dataclass(frozen=True, slots=True)
class Axes:
    """The axes of the plan, by number and by label."""

    par_numero: dict[int, Axe]
    par_nom: dict[str, Axe]

    @classmethod
    def de(cls, axes: Iterable[Axe]) -> Axes:
        tous = list(axes)
        return cls({a.numero: a for a in tous}, {_mots(a.libelle): a for a in tous})

    def trouver(self, texte: str) -> Axe | None:
        """None when the plan has no axis yet: the fiches wait for them."""
        if not self.par_numero:
            return None
        plie = _mots(texte)
        if axe := self.par_nom.get(re.sub(r"^(?:axe )?(?:[0-9]+ )?", "", plie)):
            return axe
        if (m := re.match(r"(?:axe )?(?:n )?([0-9]{1,3})(?: |$)", plie)) and int(m[1]) in self.par_numero:
            return self.par_numero[int(m[1])]
        noms = " ou ".join(f"« {a.numero}. {a.libelle} »" for a in list(self.par_numero.values())[:8])
        raise ValeurIllisible(
            f"« {texte} » n’est pas un axe du plan.",
            f"Écrivez le numéro ou le nom : {noms}, ou laissez vide.",
        )


def _mots(texte: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", plier(texte)))
