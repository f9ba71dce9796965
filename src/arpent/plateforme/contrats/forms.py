"""Forms of the contract, of its parties and of their votes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from arpent.metier.assemblees import LIBELLES_ASSEMBLEE
from arpent.plateforme.plans.assemblees import regime_pour, types_possibles
from arpent.plateforme.plans.forms.actes import ActeFormMixin
from arpent.plateforme.plans.forms.bases import JourField
from arpent.plateforme.socle.versions import VersionFormMixin

from .models import Contrat, Partie, VersionContrat, Vote
from .parties import candidates
from .votes import CHAMPS_VOTE


class _Date(forms.DateInput):
    """The browser's own date field; it reads ISO dates only."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ContratForm(VersionFormMixin, forms.ModelForm[Contrat]):
    class Meta:
        model = Contrat
        fields: ClassVar[list[str]] = ["reference", "date_effet", "preambule"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "date_effet": _Date(),
            "preambule": forms.Textarea(attrs={"rows": 10}),
        }
        help_texts: ClassVar[dict[str, str]] = {
            "reference": "Le numéro que votre collectivité donne au contrat.",
            "date_effet": "Le premier jour du contrat ; sa fin s’en déduit.",
            "preambule": "Laissez vide pour garder le préambule du modèle. Séparez les paragraphes par une "
            "ligne vide.",
        }


class PartieForm(VersionFormMixin, forms.ModelForm[Partie]):
    class Meta:
        model = Partie
        fields: ClassVar[list[str]] = ["signataire", "qualite", "delegation"]
        help_texts: ClassVar[dict[str, str]] = {
            "signataire": "Civilité, prénom et nom, par exemple « Mme Jeanne Martin ».",
            "qualite": "Par exemple « présidente » ou « maire ».",
            "delegation": "Si la personne signe pour une autre : « par délégation du président, arrêté n° 12 "
            "du 3 mars 2026 ». Vide : elle signe en son nom propre.",
        }


class PartieAjoutForm(forms.ModelForm[Partie]):
    """A party that the data do not call for: an association, a PETR, a syndicat without a project."""

    class Meta:
        model = Partie
        fields: ClassVar[list[str]] = ["organisation", "role", "signataire", "qualite", "delegation"]

    def __init__(self, *args: Any, contrat: Contrat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation, role = self.fields["organisation"], self.fields["role"]
        assert isinstance(organisation, forms.ModelChoiceField)
        assert isinstance(role, forms.TypedChoiceField)
        organisation.queryset = (
            candidates(contrat).exclude(pk__in=contrat.parties.values("organisation")).order_by("nom")
        )
        organisation.help_text = (
            "Une commune entre au contrat avec son projet : elle n’est pas dans la liste."
        )
        role.choices = [c for c in Partie.RolePartie.choices if c[0] != Partie.RolePartie.AUTORITE]


class VoteForm(ActeFormMixin, forms.ModelForm[Vote]):
    """The vote of a party: what is planned, the meeting, the votes, what makes the act exécutoire."""

    heure = forms.TimeField(
        label="Heure de la séance",
        required=False,
        input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )

    class Meta:
        model = Vote
        fields = CHAMPS_VOTE
        labels: ClassVar[dict[str, str]] = {
            "type_assemblee": "Assemblée qui vote",
            "assemblee": "Nom de l’assemblée",
            "objet": "Point à l’ordre du jour",
            "numero": "Numéro de l’acte",
            "sens": "Résultat du vote",
            "ecartes": "Membres écartés",
            "ecartes_noms": "Noms des membres écartés",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "lieu": "Exemple : salle du conseil, mairie. La convocation le reprend.",
            "objet": "Exemple : 7. Contrat territorial, approbation et autorisation de signer.",
            "version_votee": "Le texte sur lequel l’assemblée vote. Vide : la dernière version émise.",
            "representes": "Membres absents qui ont donné pouvoir.",
            "ecartes": "Présents ou représentés, intéressés à l’affaire : ils ne prennent pas part au vote.",
            "ecartes_noms": "Séparés par des virgules.",
        }

    GROUPES = (
        (
            "L’assemblée",
            ("type_assemblee", "assemblee", "objet", "version_votee", "attendue_le", "heure", "lieu"),
        ),
        ("La séance", ("convoquee_le", "adoptee_le", "numero", "sens")),
        ("La présence", ("en_exercice", "presents", "representes", "seconde_convocation")),
        ("Le vote", ("ecartes", "ecartes_noms", "pour", "contre", "abstentions")),
        ("Le caractère exécutoire", ("transmise_le", "recue_le", "accuse", "publiee_le")),
        ("Le fichier", ("signe",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partie: Partie = self.instance.partie
        possibles = types_possibles(partie.organisation)
        genre, version = self.fields["type_assemblee"], self.fields["version_votee"]
        assert isinstance(genre, forms.TypedChoiceField)
        assert isinstance(version, forms.ModelChoiceField)
        genre.choices = [(t.value, LIBELLES_ASSEMBLEE[t]) for t in possibles]
        if self.instance.avenant_id:
            # The vote of an avenant is on its last version: there is nothing to choose.
            del self.fields["version_votee"]
        else:
            self._versions(version, partie)
        self.fields["attendue_le"].label = "Séance prévue le"
        regime = regime_pour(partie.organisation, possibles[0].value)
        self.fields["presents"].help_text = (
            "Le quorum se compte sur les présents, sans les pouvoirs ; en commission permanente, sur les "
            "présents et les représentés."
            if len(possibles) == 3
            else "Le quorum se compte sur les présents, sans les pouvoirs."
            if regime
            else "Le quorum est celui des statuts."
        )

    @staticmethod
    def _versions(champ: forms.ModelChoiceField[VersionContrat], partie: Partie) -> None:
        champ.queryset = VersionContrat.objects.filter(contrat=partie.contrat_id).defer("donnees")
        versions = [(v.pk, f"Version {v.numero} du {v.etablie_le:%d/%m/%Y}") for v in champ.queryset]
        champ.choices = [("", "La dernière émise"), *versions]

    def clean(self) -> dict[str, Any]:
        lu = super().clean()
        if lu.get("ecartes_noms") and not lu.get("ecartes"):
            self.add_error("ecartes", "Donnez le nombre des membres que vous nommez.")
        return lu


class RelanceVotesForm(forms.Form):
    """Parties whose vote is asked for (`LigneVote.cle`), and for when."""

    partie = forms.MultipleChoiceField(
        error_messages={"required": "Cochez au moins une partie dont le vote est attendu."}
    )
    attendue_le = JourField(label="Demander pour le", required=False)

    def __init__(self, *args: Any, parties: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["partie"]
        assert isinstance(champ, forms.MultipleChoiceField)
        champ.choices = [(cle, cle) for cle in parties]
