"""The forms of a pack: a question, a decision to carry out, an avenant to open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from arpent.metier.avenants import Genre
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.contrats.avenants.forms import Choix
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.models import MembreReunion, Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision, QuestionReunion
from arpent.plateforme.plans.forms.bases import JourField, MontantField
from arpent.plateforme.plans.models import Fiche

from .actions import AvenantDemande

GENRES = (
    (Genre.ANNEE.value, "Changer l’année"),
    (Genre.MONTANT.value, "Changer le montant de l’aide"),
    (Genre.RETRAIT.value, "Retirer du contrat"),
)
"""The movements that a question decides in one gesture; the others are written in the avenant itself."""


class QuestionForm(forms.Form):
    """A question to ask, and what it is about: the whole meeting, a territory, one of its projects."""

    texte = forms.CharField(
        label="Question", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Écrivez la question."},
    )  # fmt: skip
    objet = forms.ChoiceField(label="À propos de", required=False)

    def __init__(
        self, *args: Any, projets: Iterable[Fiche], demarches: Sequence[Demarche], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fiches = {f"f{f.pk}": f for f in projets}
        self.demarches = {f"d{d.pk}": d for d in demarches}
        choix: list[Any] = [("", "Tout le rendez-vous")]
        for cle, d in self.demarches.items():
            siens = [(c, f"{f.numero}. {f.titre}") for c, f in self.fiches.items() if f.demarche_id == d.pk]
            choix.append((d.territoire.nom, [(cle, "Tout le territoire"), *siens]))
        self.fields["objet"].choices = choix  # type: ignore[attr-defined]

    def question(self, reunion: Reunion) -> QuestionReunion:
        """The row to save."""
        question = QuestionReunion(reunion=reunion, texte=self.cleaned_data["texte"].strip())
        choisi = self.cleaned_data["objet"]
        fiche = self.fiches.get(choisi)
        demarche_id = fiche.demarche_id if fiche else self.demarches[choisi].pk if choisi else None
        if demarche_id != reunion.demarche_id:
            question.objet_demarche_id = demarche_id
        if fiche:
            question.objet_genre, question.objet_id = "fiche", fiche.numero
            question.objet_libelle = f"Fiche {fiche.numero}\N{NO-BREAK SPACE}: {fiche.titre}"[:300]
        return question


class TacheForm(forms.Form):
    """What is decided, who does it, until when: it then awaits that person or body."""

    texte = forms.CharField(
        label="Décision", max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez la décision."},
    )  # fmt: skip
    porteur = forms.ChoiceField(
        label="À faire par", error_messages={"required": "Choisissez qui le fait."},
        help_text="La décision l’attendra sur son accueil.",
    )  # fmt: skip
    echeance = JourField(label="Avant le", error_messages={"required": "Dites avant quelle date."})

    def __init__(
        self, *args: Any, structures: Iterable[Organisation], membres: Sequence[MembreReunion], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.structures = {f"o{o.pk}": o for o in structures}
        self.membres = {f"m{m.pk}": m for m in membres}
        choix: list[Any] = [("", "Choisissez")]
        choix.append(("Structures", [(c, o.nom) for c, o in self.structures.items()]))
        if self.membres:
            gens = [(c, f"{m.nom}, {m.qualite}" if m.qualite else m.nom) for c, m in self.membres.items()]
            choix.append(("Personnes conviées", gens))
        self.fields["porteur"].choices = choix  # type: ignore[attr-defined]

    def decision(self, question: QuestionReunion) -> Decision:
        """The row to save, about what the question is about."""
        lu = self.cleaned_data
        decision = Decision(
            reunion=question.reunion, texte=lu["texte"].strip(), echeance=lu["echeance"],
            objet_genre=question.objet_genre, objet_id=question.objet_id,
            objet_libelle=question.objet_libelle, objet_demarche=question.objet_demarche,
        )  # fmt: skip
        if membre := self.membres.get(lu["porteur"]):
            decision.responsable, decision.responsable_nom = membre.personne, membre.nom
        else:
            structure = self.structures[lu["porteur"]]
            decision.organisation, decision.responsable_nom = structure, structure.nom[:200]
        return decision


class AvenantForm(forms.Form):
    """The draft to open: which lines, what changes, why."""

    objet = forms.CharField(
        label="Objet de l’avenant", max_length=300, help_text="Ce qu’il change, en une phrase.",
        error_messages={"required": "Écrivez l’objet de l’avenant."},
    )  # fmt: skip
    lignes = forms.MultipleChoiceField(
        label="Projets du contrat", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un projet."},
    )  # fmt: skip
    genre = forms.ChoiceField(
        label="Ce qui change", choices=GENRES, widget=forms.RadioSelect, initial=Genre.ANNEE.value
    )
    annee = forms.TypedChoiceField(label="Nouvelle année", coerce=int, empty_value=None, required=False)
    montant = MontantField(
        label="Nouveau montant de l’aide", required=False, help_text="Pour un seul projet à la fois."
    )
    motif = forms.CharField(
        label="Motif", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : le motif figure dans l’avenant."},
    )  # fmt: skip
    echeance = JourField(label="À préparer avant le", required=False)

    def __init__(self, *args: Any, choix: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A line of an old version may name no fiche: it moves in the avenant itself.
        self.fields["lignes"].choices = [x for x in choix.lignes if x[0].isdecimal()]  # type: ignore[attr-defined]
        self.fields["annee"].choices = [("", "Choisissez"), *choix.annees]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        genre, lignes = lu.get("genre"), lu.get("lignes") or []
        if genre == Genre.ANNEE.value and not lu.get("annee") and "annee" not in self.errors:
            self.add_error("annee", ValidationError("Choisissez la nouvelle année."))
        if genre == Genre.MONTANT.value and "montant" not in self.errors:
            if lu.get("montant") is None:
                self.add_error("montant", ValidationError("Écrivez le nouveau montant."))
            elif len(lignes) > 1:
                self.add_error(
                    "montant", ValidationError("Un montant vaut pour un seul projet : n’en cochez qu’un.")
                )
        return lu

    def demande(self) -> AvenantDemande:
        """One query: the fiches, in the order of the contract."""
        lu, genre = self.cleaned_data, Genre(self.cleaned_data["genre"])
        fiches = Fiche.objects.select_related("maitre_ouvrage", "theme", "axe").in_bulk(
            [int(cle) for cle in lu["lignes"]]
        )
        return AvenantDemande(
            objet=lu["objet"].strip(),
            motif=lu["motif"].strip(),
            genre=genre,
            fiches=[fiches[int(cle)] for cle in lu["lignes"] if int(cle) in fiches],
            annee=lu["annee"] if genre is Genre.ANNEE else None,
            montant=lu["montant"] if genre is Genre.MONTANT else None,
            echeance=lu["echeance"],
        )
