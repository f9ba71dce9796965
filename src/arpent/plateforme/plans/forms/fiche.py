"""The form of a fiche, shaped by its dispositif."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from arpent.metier.cycles import EtatFiche
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.reglements.fiches import ChampFiche, Choix, ModeleFiche
from arpent.plateforme.reglements.models import PolitiqueSectorielle, Theme
from arpent.plateforme.socle.versions import VersionFormMixin

from ..connu import ZONAGES
from ..droits import peut_proposer_pour
from ..models import Axe, Fiche
from ..saisies import DepenseSaisie, cout_et_assiette
from ..structures import communes_du_territoire, structures_du_territoire
from . import champs_propres
from .bases import JourField, MontantField

if TYPE_CHECKING:
    FicheModelForm = forms.ModelForm[Fiche]
else:  # Django's own class takes no parameter at run time
    FicheModelForm = forms.ModelForm

_TEXTES = ("description", "besoin", "effets", "emplois_preuve")
_LISTES = ("cadre_strategique", "zonages", "contrats_lies", "criteres")
# A choice among lists of the dispositif that may be empty: without a list there is nothing to ask.
_SELON_LISTE = ("categorie", "competence", *_LISTES)
_FACULTATIFS = {
    **dict.fromkeys(("transition", "artificialisation", "immobilier", "travaux"), Fiche.Reponse),
    "apport": Fiche.Apport,
    "tva": Fiche.Tva,
}


def maitres_ouvrage(demarche: Demarche, agent: Agent) -> QuerySet[Organisation]:
    """Bodies that may own a fiche of this territory, within what the agent may write for. No query."""
    ids = peut_proposer_pour(agent, demarche)
    if ids is not None:
        return Organisation.objects.filter(pk__in=ids)
    return structures_du_territoire(demarche)


def _liste(libelle: str, aide: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=libelle, required=False, help_text=aide, widget=forms.CheckboxSelectMultiple
    )


def _etp(libelle: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=libelle, required=False, min_value=0, max_digits=7, decimal_places=2, localize=True
    )


class FicheForm(VersionFormMixin, FicheModelForm):
    """A fiche projet; its rows are the formsets beside (`lignes.Rangs`).

    `depenses` are the expenses typed beside: when there are some they give the cost and the eligible base.
    """

    cout_ht = MontantField(label="Coût total HT", required=False, help_text="En euros, hors taxes.")
    cout_ttc = MontantField(label="Coût total TTC", required=False)
    assiette = MontantField(
        label="Dépense éligible (assiette)",
        required=False,
        help_text="La part du coût que le règlement peut aider. Laissez vide si tout le coût est éligible.",
    )
    aide_demandee = MontantField(
        label="Aide demandée à l’autorité",
        required=False,
        help_text="Laissez vide si rien n’est demandé encore.",
    )
    recettes = MontantField(label="Recettes attendues par an", required=False)
    debut_le = JourField(label="Début des travaux", required=False)
    fin_le = JourField(label="Fin des travaux", required=False)
    commence_le = JourField(
        label="Commencement d’exécution le", required=False,
        help_text="Premier marché ou devis signé. Beaucoup d’aides exigent d’attendre le dossier complet.",
    )  # fmt: skip
    annee = forms.IntegerField(
        label="Année de programmation", required=False, min_value=2000, max_value=2100,
        help_text="L’année où l’aide serait engagée.",
    )  # fmt: skip
    latitude = forms.DecimalField(
        required=False, min_value=-90, max_value=90, max_digits=8, decimal_places=6, localize=True
    )
    longitude = forms.DecimalField(
        required=False, min_value=-180, max_value=180, max_digits=9, decimal_places=6, localize=True
    )
    emplois_crees = _etp("Emplois créés (équivalents temps plein)")
    emplois_maintenus = _etp("Emplois maintenus (équivalents temps plein)")
    politiques = forms.ModelMultipleChoiceField(
        PolitiqueSectorielle.objects.none(),
        label="Politiques sectorielles mobilisées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    cadre_strategique = _liste("Axes du cadre stratégique auxquels le projet contribue")
    zonages = _liste("Zonages", "Cochés d’après la commune ; corrigez si le projet est hors du périmètre.")
    contrats_lies = _liste("Autres contrats qui citent le projet")
    criteres = _liste("Critères de bonification remplis")
    categorie = forms.ChoiceField(label="Catégorie d’opération", required=False)
    competence = forms.ChoiceField(label="Compétence de l’autorité mobilisée", required=False)
    # Not required: a form sent without them (an old page, a script) keeps what is stored.
    maturite = forms.ChoiceField(
        label="Maturité", choices=Fiche.Maturite.choices, required=False,
        help_text="Structurant : prêt à démarrer. Amorçage : encore à préciser.",
    )  # fmt: skip
    nature_depense = forms.ChoiceField(
        label="Nature de la dépense", choices=Fiche.NatureDepense.choices, required=False
    )
    realisation = forms.ChoiceField(
        label="Où en est le projet", choices=Fiche.Realisation.choices, required=False
    )

    class Meta:
        model = Fiche
        fields = (
            "titre", "description", "maitre_ouvrage", "commune", "theme", "besoin", "effets", "politiques",
            "axe", "enjeu", "cadre_strategique", "maturite", "realisation", "nature_depense", "categorie",
            "debut_le", "fin_le", "annee", "commence_le", "cout_ht", "cout_ttc", "assiette", "tva",
            "aide_demandee", "adresse", "latitude", "longitude", "zonages", "contrats_lies", "contact_nom",
            "contact_fonction", "contact_courriel", "contact_telephone", "maitre_ouvrage_delegue", "criteres",
            "immobilier", "travaux", "recettes", "transition", "transition_objectifs", "artificialisation",
            "renouvellement_de", "apport", "emplois_crees", "emplois_maintenus", "emplois_preuve",
            "competence",
        )  # fmt: skip
        widgets = {nom: forms.Textarea(attrs={"rows": 4}) for nom in _TEXTES}
        help_texts = {
            "titre": "Dites ce qui sera fait et où : « Réfection de la toiture de l’école de Chirac ».",
            "description": "Les travaux, pour qui. Quelques phrases suffisent.",
            "maitre_ouvrage": "La structure qui porte et paie le projet.",
            "enjeu": "L’enjeu du diagnostic auquel le projet répond.",
            "adresse": "Rue, lieu-dit ou parcelle.",
        }

    def __init__(
        self, *args: Any, demarche: Demarche, agent: Agent, modele: ModeleFiche,
        depenses: Sequence[DepenseSaisie] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for nom in ("cout_ht", "aide_demandee"):
            if not self.instance.pk:
                self.initial[nom] = None  # nobody has said zero yet
        self._depenses = depenses
        # A draft may wait for its cost; once proposed, a fiche has one.
        self.fields["cout_ht"].required = not depenses and self.instance.etat != EtatFiche.BROUILLON.value
        self._modele = modele
        self._relations(demarche, agent)
        self._listes(modele)
        champs_propres.ajouter(self, modele, self.instance)
        self._selon_le_dispositif(modele.champs)

    def _relations(self, demarche: Demarche, agent: Agent) -> None:
        dispositif = {"dispositif__processus": demarche.version_processus.processus_id}
        choix: dict[str, tuple[QuerySet[Any], str]] = {
            "maitre_ouvrage": (maitres_ouvrage(demarche, agent), "Choisissez une structure"),
            "maitre_ouvrage_delegue": (structures_du_territoire(demarche), "Aucun"),
            "commune": (communes_du_territoire(demarche), "Plusieurs communes, ou non précisé"),
            "theme": (Theme.objects.filter(**dispositif).order_by("ordre"), "À préciser"),
            "axe": (Axe.objects.filter(demarche=demarche).order_by("numero"), "Sans axe"),
            "enjeu": (Enjeu.objects.filter(demarche=demarche).order_by("priorite", "pk"), "Aucun"),
            "politiques": (PolitiqueSectorielle.objects.filter(**dispositif).order_by("ordre"), ""),
        }
        for nom, (queryset, vide) in choix.items():
            champ = self.fields[nom]
            assert isinstance(champ, forms.ModelChoiceField)
            champ.queryset = queryset
            if nom != "politiques":
                champ.empty_label = vide

    def _listes(self, modele: ModeleFiche) -> None:
        """Choices among the lists of the dispositif; a code kept from an older list stays as written."""
        listes: dict[str, Sequence[Choix]] = {
            "cadre_strategique": modele.cadre.axes,
            "zonages": [Choix(code, libelle) for code, libelle in ZONAGES.items()],
            "contrats_lies": modele.contrats,
            "criteres": modele.criteres,
            "categorie": modele.categories,
            "competence": modele.competences,
        }
        for nom, liste in listes.items():
            offerts = [(c.code, c.libelle) for c in liste]
            stored = getattr(self.instance, nom) or []
            gardes = [stored] if isinstance(stored, str) else list(map(str, stored))
            offerts += [(code, code) for code in gardes if code not in dict(offerts)]
            champ = self.fields[nom]
            if not offerts:
                del self.fields[nom]
                continue
            assert isinstance(champ, forms.ChoiceField)
            champ.choices = offerts if nom in _LISTES else [("", "À préciser"), *offerts]
        for nom, libelles in _FACULTATIFS.items():
            champ = self.fields[nom]
            assert isinstance(champ, forms.ChoiceField)
            champ.choices = [("", "À préciser"), *libelles.choices]

    def _selon_le_dispositif(self, champs: Sequence[ChampFiche]) -> None:
        """Shown fields only, with the dispositif's words."""
        montres = {c.code: c for c in champs}
        for nom in [n for n in self.fields if n != "version_lue" and n.partition("__")[0] not in montres]:
            if nom not in montres:
                del self.fields[nom]
        for nom, champ in montres.items():
            if nom in self.fields:
                self.fields[nom].label = champ.libelle or self.fields[nom].label
                self.fields[nom].help_text = champ.aide or self.fields[nom].help_text

    def _montant(self, nom: str) -> Decimal:
        montant: Decimal | None = self.cleaned_data[nom]
        return Decimal("0.00") if montant is None else montant

    def clean_aide_demandee(self) -> Decimal:
        return self._montant("aide_demandee")

    def clean_cout_ht(self) -> Decimal:
        return self._montant("cout_ht")

    def clean_maturite(self) -> str:
        return self.cleaned_data["maturite"] or self.instance.maturite

    def clean_nature_depense(self) -> str:
        return self.cleaned_data["nature_depense"] or self.instance.nature_depense

    def clean_realisation(self) -> str:
        return self.cleaned_data["realisation"] or self.instance.realisation

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if self._depenses:
            donnees["cout_ht"], donnees["assiette"] = cout_et_assiette(self._depenses)
            for nom in ("cout_ht", "assiette"):
                self.errors.pop(nom, None)
        debut, fin = donnees.get("debut_le"), donnees.get("fin_le")
        if debut and fin and fin < debut:
            self._erreur("fin_le", "La fin des travaux précède leur début : corrigez l’une des deux dates.")
        if (donnees.get("latitude") is None) != (donnees.get("longitude") is None):
            self._erreur("latitude", "Le point a besoin de ses deux coordonnées : latitude et longitude.")
        cout = donnees.get("cout_ht")
        for nom, quoi in (("assiette", "La dépense éligible"), ("aide_demandee", "L’aide demandée")):
            montant = donnees.get(nom)
            if cout and montant is not None and montant > cout:
                self._erreur(nom, f"{quoi} dépasse le coût total HT : corrigez l’un des deux montants.")
        champs_propres.ranger(self, self._modele, donnees)
        return donnees

    def _erreur(self, nom: str, message: str) -> None:
        if nom in self.fields:
            self.add_error(nom, message)
