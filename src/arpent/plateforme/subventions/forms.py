"""What to issue: projects and kinds of act, then what their blanks say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.text import slugify

from arpent.plateforme.documents.rendu.texte import jour

from .actes import GENRES
from .completions import COMMUNS, LONGUEUR, Completions

LONGS = frozenset({
    "avance, acomptes et solde", "pièces à joindre à chaque demande de versement", "règle de réduction",
    "effet du dépassement, prorogation", "tribunal compétent et délai", "adresse du bénéficiaire",
})  # fmt: skip
A_COMPLETER = "à compléter."


class EmissionForm(forms.Form):
    """Acts of award to issue for good. `prets`: the pk of the projects that may be issued."""

    genres = forms.MultipleChoiceField(
        label="Actes à émettre",
        choices=[(code, nom) for code, (_, nom, _) in GENRES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un acte : lettre, arrêté ou convention."},
    )
    projets = forms.TypedMultipleChoiceField(
        label="Projets",
        coerce=int,
        error_messages={
            "required": "Cochez au moins un projet.",
            "invalid_choice": "Un projet coché n’est plus prêt : relisez la liste, puis recommencez.",
        },
    )

    def __init__(self, *args: Any, prets: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projets"].choices = [(pk, pk) for pk in prets]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Groupe:
    """The fields of one project, or those that every act shares (`fiche_id` None)."""

    fiche_id: int | None
    titre: str
    champs: list[forms.BoundField]


class CompletionForm(forms.Form):
    """One field for each blank. `manquent`: the blanks of each project; `titres`: how a project is called."""

    laisser_en_blanc = forms.BooleanField(
        label="Laisser en blanc ce qui reste",
        required=False,
        help_text="Ces mentions gardent leur marque « à compléter » : écrites à la main avant de signer.",
    )

    def __init__(
        self,
        *args: Any,
        manquent: Mapping[int, list[str]],
        titres: Mapping[int, str],
        connues: Completions,
        le: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, tuple[int | None, str]] = {}
        self.titres = titres
        communs = dict.fromkeys(x for tous in manquent.values() for x in tous if x in COMMUNS)
        deja = {x: v for pk in manquent for x, v in connues.du_projet(pk).items()}
        for quoi in communs:
            self._ajouter(None, quoi, jour(le) if quoi == "date de l’acte" else deja.get(quoi, ""))
        for pk, tous in manquent.items():
            for quoi in tous:
                if quoi not in COMMUNS:
                    self._ajouter(pk, quoi, connues.du_projet(pk).get(quoi, ""))
        self.order_fields([*self.places, "laisser_en_blanc"])

    def _ajouter(self, fiche_id: int | None, quoi: str, initial: str) -> None:
        nom = f"{'commun' if fiche_id is None else f'projet-{fiche_id}'}-{slugify(quoi)}"
        self.places[nom] = (fiche_id, quoi)
        self.fields[nom] = forms.CharField(
            label=quoi[:1].upper() + quoi[1:],
            max_length=LONGUEUR,
            required=False,
            initial=initial,
            widget=forms.Textarea(attrs={"rows": 2}) if quoi in LONGS else None,
        )

    def groupes(self) -> Iterator[Groupe]:
        """The fields as the page shows them: what is shared first."""
        par_projet: dict[int | None, list[forms.BoundField]] = {}
        for nom, (fiche_id, _) in self.places.items():
            par_projet.setdefault(fiche_id, []).append(self[nom])
        for fiche_id, champs in par_projet.items():
            titre = "Pour tous les actes" if fiche_id is None else self.titres[fiche_id]
            yield Groupe(fiche_id, titre, champs)

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if not lu.get("laisser_en_blanc"):
            for nom in self.places:
                if nom not in self.errors and not lu.get(nom):
                    self.add_error(nom, A_COMPLETER)
        return lu

    def completions(self) -> Completions:
        communes: dict[str, str] = {}
        projets: dict[int, dict[str, str]] = {}
        for nom, (fiche_id, quoi) in self.places.items():
            if valeur := self.cleaned_data[nom]:
                (communes if fiche_id is None else projets.setdefault(fiche_id, {}))[quoi] = valeur
        return Completions(communes, projets)
