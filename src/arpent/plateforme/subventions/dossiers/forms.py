"""The forms of a grant file and of a report: what people type, one small form for each gesture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BaseFormSet

from arpent.metier.argent import formater_euros
from arpent.metier.plan_financement import Financement
from arpent.metier.subvention import AideReelle, Attendu
from arpent.plateforme.plans.forms.bases import JourField, MontantField
from arpent.plateforme.socle.champs_fichier import FichierField
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import Dossier, LigneRapport, RapportCommission
from .actions import CHAMPS, MOTIF_MAX
from .regles import REPONSE_JOURS

AIDE_FICHIER = "PDF, photo (JPEG, PNG, WebP), document ou tableur. 20 Mo au plus."


def _texte(libelle: str, aide: str = "", *, requis: bool = True, rangs: int = 3) -> forms.CharField:
    return forms.CharField(
        label=libelle, max_length=MOTIF_MAX, required=requis, help_text=aide,
        widget=forms.Textarea(attrs={"rows": rangs}),
    )  # fmt: skip


class DossierForm(VersionFormMixin):
    """Everything may be left for later: what is missing is asked when the file is filed."""

    stade = forms.ChoiceField(
        label="D’où viennent les coûts",
        choices=[("marches", "Des marchés attribués"), ("devis", "De devis")],
        widget=forms.RadioSelect,
        required=False,
    )
    cout_reel_ht = MontantField(label="Coût réel hors taxes", required=False)
    assiette_reelle = MontantField(
        label="Dépense éligible réelle hors taxes",
        required=False,
        help_text="La part de ce coût que le règlement permet d’aider.",
    )
    montant_demande = MontantField(label="Aide demandée", required=False)
    debut_le = JourField(
        label="Si les travaux ont commencé, depuis quand",
        required=False,
        help_text="Laissez vide s’ils n’ont pas commencé. Études et achats de terrain exceptés.",
    )
    observations = _texte("À savoir sur ce dossier", requis=False)

    def __init__(self, *args: Any, dossier: Dossier, attendus: Sequence[Attendu], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = dossier.version
        for nom in CHAMPS:
            self.fields[nom].initial = getattr(dossier, nom)
        self.fields[
            "montant_demande"
        ].help_text = f"Le contrat inscrit {formater_euros(dossier.montant_contractualise)} : pas plus."
        self.attendus = {a.code: a for a in attendus}
        for attendu in attendus:
            self.fields[self.nom(attendu.code)] = FichierField(
                label=attendu.libelle, required=False, help_text=attendu.precision
            )
        self.fields[self.nom("")] = FichierField(label="Autre pièce", required=False, help_text=AIDE_FICHIER)

    @staticmethod
    def nom(code: str) -> str:
        return f"piece_{code}"

    @property
    def depose(self) -> bool:
        return "deposer" in self.data

    @property
    def champs_fichier(self) -> list[tuple[str, forms.BoundField]]:
        """(code, field) of each piece, « Autre pièce » last."""
        return [(code, self[self.nom(code)]) for code in (*self.attendus, "")]

    @property
    def fichiers(self) -> dict[str, Any]:
        """Code → file, for those that were sent."""
        return {
            code: self.cleaned_data[self.nom(code)]
            for code in (*self.attendus, "")
            if self.cleaned_data.get(self.nom(code))
        }


def plan_saisi(jeu: BaseFormSet[Any]) -> list[Financement]:
    """The rows kept of a valid formset."""
    retirees = {id(f) for f in jeu.deleted_forms}
    saisies = [f.saisie() for f in jeu if id(f) not in retirees and f.cleaned_data.get("financeur")]
    return [Financement(x.financeur, x.libelle, x.montant, x.statut, x.le) for x in saisies]


def plan_initial(dossier: Dossier) -> list[dict[str, Any]]:
    """One query."""
    return [
        {"financeur": x.financeur, "libelle": x.libelle, "montant": x.montant, "statut": x.statut, "le": x.le}
        for x in dossier.financements.all()
    ]


# --- gestures -------------------------------------------------------------------------------------


class GesteForm(VersionFormMixin):
    """A gesture on the file that was read at that version."""

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.fields["version_lue"].initial = dossier.version


class PropositionForm(GesteForm):
    montant = MontantField(label="Aide proposée à la commission")
    motif = _texte(
        "Motif", "Demandé quand vous proposez moins que le calcul. Il figure au rapport.", requis=False
    )

    def __init__(self, *args: Any, dossier: Dossier, aide: AideReelle | None = None, **kwargs: Any) -> None:
        super().__init__(*args, dossier=dossier, **kwargs)
        self.fields["montant"].initial = aide.montant if aide else dossier.montant_demande


class MotifForm(GesteForm):
    motif = _texte("Motif", "Le maître d’ouvrage le lira.")


class MotifFacultatifForm(GesteForm):
    motif = _texte("Motif", requis=False)


class CommencementForm(GesteForm):
    a_partir_du = JourField(label="Commencement autorisé à partir du")
    motif = _texte("Motif", "Pourquoi les travaux ne peuvent pas attendre l’accusé de dossier complet.")
    field_order = ("a_partir_du", "motif")


class EcheanceMixin(forms.Form):
    """Until when an answer is awaited: the day that the policy gives, or thirty days."""

    echeance = JourField(label="À envoyer avant le")

    def proposer_le_jour(self, le: date, jours: int | None) -> None:
        self.fields["echeance"].initial = le + timedelta(days=jours or REPONSE_JOURS)


class DemandeForm(GesteForm, EcheanceMixin):
    code = forms.ChoiceField(label="Pièce", required=False)
    libelle = forms.CharField(
        label="Si c’est autre chose, son nom", max_length=200, required=False,
        help_text="Par exemple « Précision sur le calendrier ».",
    )  # fmt: skip
    texte = _texte("Ce que vous demandez", "Une ou deux phrases simples.")
    field_order = ("code", "libelle", "texte", "echeance")

    def __init__(self, *args: Any, dossier: Dossier, attendus: Sequence[Attendu], **kwargs: Any) -> None:
        super().__init__(*args, dossier=dossier, **kwargs)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            ("", "Autre chose"), *((a.code, a.libelle) for a in attendus),
        ]  # fmt: skip


class RefusPieceForm(EcheanceMixin):
    motif = _texte("Pourquoi cette pièce ne convient pas", "Le maître d’ouvrage le lira.")
    field_order = ("motif", "echeance")


class ReponseForm(forms.Form):
    fichier = FichierField(label="Fichier", required=False, help_text=AIDE_FICHIER)
    reponse = _texte("Votre réponse", "Facultative si vous joignez le fichier.", requis=False)


# --- reports --------------------------------------------------------------------------------------


class RapportForm(forms.ModelForm[RapportCommission]):
    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seance_le = JourField(label="Séance du", required=False)

    class Meta:
        model = RapportCommission
        fields = ("numero", "objet", "assemblee", "seance_le")
        help_texts = {"numero": "Celui de vos services, par exemple « CP-26-118 »."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = self.instance.version
        if not self.instance.pk:
            self.fields["objet"].initial = "Contrats territoriaux : attribution d’aides aux projets prêts"


class VoteForm(VersionFormMixin):
    """The act, and the vote of each line: adopted as proposed unless somebody says otherwise."""

    numero = forms.CharField(
        label="Numéro de la délibération", max_length=120, help_text="Par exemple « CP_26_301 »."
    )
    le = JourField(label="Date de la délibération")
    pour = forms.IntegerField(label="Voix pour", min_value=0, required=False)
    contre = forms.IntegerField(label="Voix contre", min_value=0, required=False)
    abstentions = forms.IntegerField(label="Abstentions", min_value=0, required=False)

    def __init__(
        self, *args: Any, rapport: RapportCommission, lignes: Sequence[LigneRapport], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = rapport.version
        self.fields["le"].initial = rapport.seance_le
        self.lignes = lignes
        for ligne in lignes:
            nom = f"dossier {ligne.dossier.reference}, {ligne.dossier.maitre_ouvrage.nom}"
            self.fields[f"sens_{ligne.pk}"] = forms.ChoiceField(
                label=f"Vote du {nom}", choices=LigneRapport.Sens.choices, initial="adoptee"
            )
            self.fields[f"montant_{ligne.pk}"] = MontantField(
                label=f"Aide votée, {nom}", initial=ligne.montant, required=False
            )

    @property
    def champs_des_lignes(self) -> list[tuple[LigneRapport, forms.BoundField, forms.BoundField]]:
        return [(x, self[f"sens_{x.pk}"], self[f"montant_{x.pk}"]) for x in self.lignes]
