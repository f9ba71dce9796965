"""Forms of an avenant: its object, a movement with the fields of its kind, the opening of its signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from arpent.metier.argent import formater_euros
from arpent.metier.avenants import LIBELLES_GENRE, EtatContractuel, Genre
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import DemandeReserve
from arpent.plateforme.negociations.passerelle import annees_de
from arpent.plateforme.plans.forms.bases import JourField, MontantField
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.structures import structures_du_territoire
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import Avenant, MouvementAvenant
from .actions import Saisie
from .examen import ENTRENT, demandes_accordees

FORMULAIRE: dict[Genre, tuple[str, ...]] = {
    Genre.AJOUT: ("entrante", "montant", "annee"),
    Genre.RETRAIT: ("fiche",),
    Genre.REMPLACEMENT: ("fiche", "entrante", "montant", "annee"),
    Genre.MONTANT: ("fiche", "montant"),
    Genre.MAITRE_OUVRAGE: ("fiche", "organisation"),
    Genre.ANNEE: ("fiche", "annee"),
    Genre.FONGIBILITE: ("fiche", "receveur", "montant"),
    Genre.PERIMETRE: ("organisation", "sens"),
    Genre.DUREE: ("date_fin",),
    Genre.RESERVE: ("demande",),
    Genre.TEXTE: ("article", "texte"),
}
LIBELLES: dict[tuple[Genre, str], str] = {
    (Genre.RETRAIT, "fiche"): "Projet retiré",
    (Genre.REMPLACEMENT, "fiche"): "Projet retiré",
    (Genre.FONGIBILITE, "fiche"): "Projet qui donne",
    (Genre.MONTANT, "montant"): "Nouveau montant de l’aide",
    (Genre.FONGIBILITE, "montant"): "Somme qui passe",
    (Genre.MAITRE_OUVRAGE, "organisation"): "Nouveau maître d’ouvrage",
    (Genre.ANNEE, "annee"): "Nouvelle année",
}
TEXTE_MAX = 20_000


class AvenantForm(VersionFormMixin, forms.ModelForm[Avenant]):
    """What it is for, and when it takes effect."""

    date_effet = JourField(
        label="Date d’effet", required=False, help_text="Au plus tôt le jour de sa signature."
    )

    class Meta:
        model = Avenant
        fields: ClassVar[list[str]] = ["objet", "date_effet"]
        help_texts: ClassVar[dict[str, str]] = {
            "objet": "Ce qu’il change, en une phrase. Exemple : aléa de chantier à l’école de Grandrieu."
        }


@dataclass(frozen=True, slots=True)
class Choix:
    """What the lists of the form offer, already read."""

    lignes: Sequence[tuple[str, str]]
    entrantes: Sequence[tuple[str, str]]
    demandes: Sequence[DemandeReserve]
    organisations: Any
    annees: Sequence[tuple[int, str]]
    articles: Sequence[tuple[str, str]]


def choix_pour(genre: Genre, demarche: Demarche, etat: EtatContractuel) -> Choix:
    """Only what that kind asks. One or two queries."""
    noms = FORMULAIRE[genre]
    entrantes = (
        Fiche.objects.filter(demarche=demarche, etat__in=ENTRENT)
        .exclude(pk__in=[int(x.cle) for x in etat.lignes if x.cle.isdecimal()])
        .comptees()
        .order_by("numero")
        if "entrante" in noms
        else ()
    )
    return Choix(
        lignes=[
            (x.cle, f"{x.numero}. {x.titre} – {formater_euros(x.aide)}{f', {x.annee}' if x.annee else ''}")
            for x in etat.lignes
        ],
        entrantes=[
            (str(f.pk), f"{f.numero}. {f.titre} – demande {formater_euros(f.aide_demandee)}")
            for f in entrantes
        ],
        demandes=demandes_accordees(demarche) if "demande" in noms else (),
        organisations=structures_du_territoire(demarche).order_by("nom")
        if "organisation" in noms
        else Organisation.objects.none(),
        annees=[(a, str(a)) for a in annees_de(demarche, demarche.processus.dispositif)],
        articles=[(a.titre, f"Article {a.numero}. {a.titre}") for a in etat.articles],
    )


class MouvementForm(forms.Form):
    """One movement of a given kind: the fields that this kind touches, its reason, nothing else."""

    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, genre: Genre, choix: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.genre, self.choix = genre, choix
        for nom in FORMULAIRE[genre]:
            champ = self._champ(nom)
            champ.label = LIBELLES.get((genre, nom), champ.label)
            self.fields[nom] = champ
        self.fields["motif"] = forms.CharField(
            label="Motif",
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Il figure dans l’avenant. Il est exigé pour dépasser un plafond du règlement.",
        )

    def _champ(self, nom: str) -> forms.Field:
        c = self.choix
        vide = [("", "Choisissez…")]
        match nom:
            case "fiche":
                return forms.ChoiceField(label="Projet du contrat", choices=[*vide, *c.lignes])
            case "receveur":
                return forms.ChoiceField(label="Projet qui reçoit", choices=[*vide, *c.lignes])
            case "entrante":
                return forms.ChoiceField(
                    label="Projet qui entre",
                    choices=[*vide, *c.entrantes],
                    help_text="Les projets pré-instruits, retenus ou différés du plan d’actions.",
                )
            case "montant":
                return MontantField(label="Aide")
            case "annee":
                return forms.TypedChoiceField(label="Année", coerce=int, choices=[*vide, *c.annees])
            case "organisation":
                return forms.ModelChoiceField(label="Organisation", queryset=c.organisations)
            case "sens":
                return forms.ChoiceField(
                    label="Mouvement",
                    choices=[("entre", "Elle devient partie"), ("sort", "Elle cesse d’être partie")],
                    widget=forms.RadioSelect,
                    initial="entre",
                )
            case "date_fin":
                return JourField(label="Nouvelle fin du contrat")
            case "demande":
                return forms.ChoiceField(
                    label="Demande accordée sur la réserve",
                    choices=[
                        *vide,
                        *(
                            (str(d.pk), f"{d.fiche.titre} – {formater_euros(d.montant_accorde)}")
                            for d in c.demandes
                        ),
                    ],
                )
            case "article":
                return forms.ChoiceField(label="Article", choices=[*vide, *c.articles])
            case _:
                return forms.CharField(
                    label="Nouveau texte",
                    max_length=TEXTE_MAX,
                    widget=forms.Textarea(attrs={"rows": 10}),
                    help_text="Séparez les paragraphes par une ligne vide.",
                )

    @property
    def saisie(self) -> Saisie:
        """What was typed, once valid. One or two queries."""
        lu = self.cleaned_data
        demande = next((d for d in self.choix.demandes if str(d.pk) == lu.get("demande")), None)
        entrante = lu.get("entrante") or lu.get("receveur")
        return Saisie(
            genre=self.genre,
            fiche=_fiche(lu.get("fiche")),
            entrante=demande.fiche if demande else _fiche(entrante),
            organisation=lu.get("organisation"),
            montant=demande.montant_accorde if demande else lu.get("montant"),
            annee=demande.fiche.annee if demande else lu.get("annee"),
            sort=lu.get("sens") == "sort",
            date_fin=lu.get("date_fin"),
            article=lu.get("article") or "",
            texte=(lu.get("texte") or "").replace("\r\n", "\n").strip(),
            fonds="Fonds de réserve" if demande else "",
            motif=lu.get("motif") or "",
        )


def _fiche(pk: str | None) -> Fiche | None:
    """The fiche of a choice already checked; a line of an old version may have none."""
    if not pk or not pk.isdecimal():
        return None
    return Fiche.objects.select_related("maitre_ouvrage", "theme", "axe").filter(pk=pk).first()


def initiales(row: MouvementAvenant, choix: Choix) -> dict[str, Any]:
    """The form as the movement was typed."""
    apres = row.apres
    montant = apres.get("montant")
    demande = next((d for d in choix.demandes if d.fiche_id == row.entrante_id), None)
    return {
        "version_lue": row.version,
        "fiche": str(row.fiche_id or ""),
        "entrante": str(row.entrante_id or ""),
        "receveur": str(row.entrante_id or ""),
        "organisation": row.organisation_id,
        "montant": Decimal(montant) if montant else None,
        "annee": apres.get("annee"),
        "sens": "sort" if apres.get("sort") else "entre",
        "date_fin": apres.get("date_fin"),
        "demande": str(demande.pk) if demande else "",
        "article": apres.get("article", ""),
        "texte": apres.get("texte", ""),
        "motif": row.motif,
    }


def prerempli(genre: Genre, etat: EtatContractuel, cle: str) -> dict[str, Any]:
    """The form opened from a line of the contract: its values now."""
    ligne = etat.ligne(cle)
    debut: dict[str, Any] = {"date_fin": etat.date_fin} if genre is Genre.DUREE else {}
    if ligne is None:
        return debut
    return debut | {"fiche": cle, "montant": ligne.aide, "annee": ligne.annee}


class OuvrirSignatureForm(forms.Form):
    """The act of the president on the simple track, that he alone signs; else whether the order counts."""

    acte = forms.CharField(
        label="Numéro de l’acte",
        max_length=120,
        help_text="L’acte du président qui décide cet avenant.",
        error_messages={"required": "Écrivez le numéro de l’acte du président qui décide cet avenant."},
    )
    ordre_impose = forms.BooleanField(label="Imposer l’ordre des parties", required=False)

    def __init__(self, *args: Any, simple: bool, rouvre: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if simple:
            del self.fields["ordre_impose"]
        if rouvre or not simple:
            del self.fields["acte"]


class AbandonForm(forms.Form):
    """Why an avenant is given up."""

    motif = forms.CharField(
        label="Pourquoi abandonner cet avenant ?", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class RepriseForm(forms.Form):
    """Why an avenant that somebody has signed is taken back."""

    motif = forms.CharField(
        label="Pourquoi reprendre cet avenant, déjà signé par une partie ?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


GROUPES_GENRES: tuple[tuple[str, tuple[Genre, ...]], ...] = (
    ("Les projets", (Genre.AJOUT, Genre.RETRAIT, Genre.REMPLACEMENT, Genre.RESERVE)),
    ("Les aides", (Genre.MONTANT, Genre.FONGIBILITE, Genre.ANNEE, Genre.MAITRE_OUVRAGE)),
    ("Le contrat", (Genre.PERIMETRE, Genre.DUREE, Genre.TEXTE)),
)
LIENS_GENRES = tuple(
    (titre, tuple((g.value, LIBELLES_GENRE[g]) for g in genres)) for titre, genres in GROUPES_GENRES
)
