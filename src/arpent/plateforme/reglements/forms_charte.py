"""The charter of the authority: what its documents carry."""

from __future__ import annotations

from django import forms

from arpent.plateforme.documents.chartes import CHAMPS, COULEUR, Emploi, PoliceDeposee
from arpent.plateforme.documents.models import Charte

POLICES = {f"police_{emploi}": emploi for emploi in Emploi.values}


def _police(label: str, aide: str) -> forms.FileField:
    return forms.FileField(
        label=label, required=False, help_text=aide, widget=forms.FileInput(attrs={"accept": ".ttf,.otf"})
    )


class CharteForm(forms.ModelForm[Charte]):
    version_lue = forms.IntegerField(widget=forms.HiddenInput)
    logo_image = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG ou JPEG, 2 Mo au plus ; il est imprimé à 22 mm de haut, sur fond blanc.",
    )
    retirer_logo = forms.BooleanField(label="Retirer le logo actuel", required=False)
    police_texte = _police(
        "Police du texte, normale",
        "Fichier .ttf ou .otf fixe (non variable), 2 Mo au plus ; elle est incorporée aux PDF.",
    )
    police_texte_gras = _police(
        "Police du texte, grasse", "La même, en « Bold » : pour les totaux et les libellés."
    )
    police_titres = _police(
        "Police des titres", "Facultative : sans elle, les titres prennent celle du texte."
    )
    retirer_polices = forms.BooleanField(label="Revenir aux polices d’Arpent", required=False)

    class Meta:
        model = Charte
        fields = CHAMPS
        labels = {"couleur": "Couleur des titres"}
        widgets = {"bloc": forms.Textarea(attrs={"rows": 3, "cols": 60})}
        help_texts = {
            "couleur": f"Comme {COULEUR}. Vide : le vert d’Arpent. À lire sur du papier blanc.",
            "entete": "Sous le nom de la collectivité, par exemple « Direction de l’appui aux territoires ».",
            "pied": "Adresse, téléphone : imprimés au bas de chaque page.",
            "fait_a": "La ville écrite dans « Fait à … » au bas du contrat.",
            "bloc": "Au-dessus de votre signature, quatre lignes au plus : « Pour le Président et par "
            "délégation ». Vide : le titre du signataire.",
        }

    def polices_deposees(self) -> dict[str, PoliceDeposee]:
        """The font files just sent, by use."""
        envoyees = {POLICES[champ]: self.cleaned_data.get(champ) for champ in POLICES}
        return {emploi: PoliceDeposee(f.name, f.read()) for emploi, f in envoyees.items() if f}
