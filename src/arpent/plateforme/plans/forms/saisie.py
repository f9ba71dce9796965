"""The whole typing of a fiche: form, rows, groups as the dispositif orders them, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.forms.boundfield import BoundField
from django.http import QueryDict

from arpent.metier.plan_financement import Financement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.fiches import Groupe, ModeleFiche

from ..champs import Joints, Manque, manques
from ..connu import Fait, faits, zonages_de
from ..equilibre import Equilibre, equilibre
from ..models import Fiche, PieceJointe
from ..saisies import LigneSaisie
from .champs_propres import QUANTITES
from .fiche import FicheForm
from .lignes import Rangs

RANGEES = ("depenses", "financements", "demarches_financeurs")
PREFIXES = {"depenses": "depenses", "financements": "lignes", "demarches_financeurs": "demarches"}
# Names that come with a form and say nothing of the fiche.
HORS_SAISIE = frozenset(
    {"csrfmiddlewaretoken", "_soumission", "brouillon", "verifier", "_presence", "ouverte_le"}
)
_LARGES = frozenset({"titre", "description", "besoin", "effets", "emplois_preuve", "adresse"})


@dataclass(frozen=True, slots=True)
class Element:
    """One thing of a group: a field, or a set of rows (`genre`).

    `champ`: what remarks call it; empty when they stand beside an earlier element of the same field.
    """

    genre: str
    nom: str
    bound: BoundField | None = None
    champ: str = ""

    @property
    def est_large(self) -> bool:
        return self.nom in _LARGES or bool(self.bound and self.bound.use_fieldset)


@dataclass(frozen=True, slots=True)
class GroupeAffiche:
    groupe: Groupe
    elements: tuple[Element, ...]
    manques: int
    errone: bool

    @property
    def ouvert(self) -> bool:
        return self.groupe.ouvert or self.errone


@dataclass(frozen=True, slots=True)
class Resume:
    """What is said beside the form while one types."""

    equilibre: Equilibre
    assiette: Decimal | None
    manques: list[Manque]
    faits: list[Fait]
    par_depenses: bool
    erreurs: int


class Saisie:
    """What is typed, or stored when `donnees` is None. `fiche` is changed in memory only."""

    def __init__(self, fiche: Fiche, agent: Agent, donnees: QueryDict | None, modele: ModeleFiche) -> None:
        self.fiche, self.modele, self.lie = fiche, modele, donnees is not None
        self.rangs = Rangs(donnees, fiche, modele)
        valides = self.rangs.is_valid() if self.lie else True
        self.depenses = self.rangs.depenses_retenues()
        if fiche.pk is None and not self.lie:
            self._preremplir(agent)
        self.form = FicheForm(
            donnees, instance=fiche, demarche=fiche.demarche, agent=agent, modele=modele,
            depenses=self.depenses,
        )  # fmt: skip
        self._valide = valides

    def _preremplir(self, agent: Agent) -> None:
        """What is known of a new fiche: its commune, its zonings, whom to call."""
        fiche = self.fiche
        if fiche.maitre_ouvrage_id and not fiche.commune_id:
            fiche.commune = fiche.maitre_ouvrage.commune
        fiche.zonages = list(zonages_de(fiche.commune_id) or ())
        fiche.contact_nom, fiche.contact_courriel = agent.nom_complet, agent.courriel
        fiche.contact_fonction = agent.fonction

    def is_valid(self) -> bool:
        """The form and its rows, all checked."""
        return all([self.form.is_valid(), self._valide])

    def financements_retenus(self) -> list[LigneSaisie]:
        """The financing rows that will stand once saved: typed, or stored when the form is silent."""
        typed = self.rangs.financements.saisies() if self.lie else None
        return self.rangs.financements_stockes() if typed is None else typed

    def _joints(self) -> Joints:
        fiche, typed = self.fiche, self.financements_retenus()
        plan = tuple(Financement(x.financeur, x.libelle, x.montant, x.statut, x.le) for x in typed)
        demarches = self.rangs.demarches_financeurs.saisies() if self.lie else None
        politiques = self.form.cleaned_data.get("politiques") if self.lie else None
        if politiques is None:
            politiques = fiche.politiques.all() if fiche.pk else ()
        return Joints(
            equilibre(fiche.cout_ht, fiche.aide_demandee, plan, fiche.demarche.autorite.nature),
            politiques=len(politiques),
            depenses=len(self.depenses),
            financements=len(plan),
            demarches_financeurs=len(demarches or ()),
            deliberations=fiche.deliberations.filter(adoptee_le__isnull=False).count() if fiche.pk else 0,
            photos=fiche.pieces.filter(nature=PieceJointe.Nature.PHOTO, retiree_le=None).count()
            if fiche.pk
            else 0,
        )

    def resume(self) -> Resume:
        """What is missing to propose, and the balance, of what is typed (valid or not)."""
        if self.lie:
            self.form.is_valid()
        fiche, joints = self.fiche, self._joints()
        erreurs = self._reponses_fausses() if self.lie else 0
        return Resume(
            joints.equilibre,
            fiche.assiette,
            manques(fiche, "proposer", modele=self.modele, joints=joints),
            faits(fiche, self.modele),
            bool(self.depenses),
            erreurs,
        )

    def _reponses_fausses(self) -> int:
        """Answers that cannot be kept as they are; what is only missing is said elsewhere."""
        erreurs = [e for liste in self.form.errors.as_data().values() for e in liste]
        lignes = [form for formset in self.rangs.formsets if formset.is_bound for form in formset.forms]
        erreurs += [e for ligne in lignes for liste in ligne.errors.as_data().values() for e in liste]
        return sum(1 for e in erreurs if e.code != "required")

    def groupes(self, absents: list[Manque]) -> list[GroupeAffiche]:
        """The form as the dispositif orders it; a group without any field is not shown."""
        noms_absents = {m.champ for m in absents}
        affiches = []
        for groupe in self.modele.groupes:
            elements = tuple(e for champ in groupe.champs for e in self._elements(champ.code))
            if elements:
                nombre = sum(1 for c in groupe.champs if c.code in noms_absents)
                errone = self.lie and any(self._errone(e) for e in elements)
                affiches.append(GroupeAffiche(groupe, elements, nombre, errone))
        return affiches

    def _elements(self, nom: str) -> list[Element]:
        if nom in RANGEES:
            return [Element(nom, nom, champ=nom)]
        if nom == "quantites":
            noms = [n for n in self.form.fields if n.startswith(QUANTITES)]
            return [Element("champ", n, self.form[n], "" if rang else nom) for rang, n in enumerate(noms)]
        return [Element("champ", nom, self.form[nom], nom)] if nom in self.form.fields else []

    def _errone(self, element: Element) -> bool:
        if element.bound is not None:
            return bool(element.bound.errors)
        formset = getattr(self.rangs, element.genre).formset
        return bool(formset.is_bound and formset.total_error_count())


def donnees_utiles(post: QueryDict) -> dict[str, list[str]]:
    """What was typed, field by field, without what comes with any form."""
    return {
        nom: [str(v) for v in post.getlist(nom)]
        for nom in post
        if nom not in HORS_SAISIE and not nom.startswith("choix__")
    }


def en_querydict(donnees: Mapping[str, list[str]]) -> QueryDict:
    """The way back: as if it had just been sent."""
    post = QueryDict(mutable=True)
    for nom, valeurs in donnees.items():
        post.setlist(nom, list(valeurs))
    return post
