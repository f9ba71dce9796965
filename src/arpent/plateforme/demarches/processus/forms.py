"""The forms of a process being written. A code is never typed: it is made from the first name."""

from __future__ import annotations

from typing import Any

from django import forms

from arpent.metier.processus import CATALOGUE, COMPOSITIONS, ECHELLES, FREQUENCES, LIEUX
from arpent.metier.processus.conditions import phrase
from arpent.metier.processus.lecture import (
    FICHES_MAX,
    JOURS_MAX,
    LIBELLE_MAX,
    MINUTES_MAX,
    MOIS_MAX,
    PAR_AN_MAX,
    PHASE_MAX,
)
from arpent.metier.processus.modele import Condition
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.socle.versions import VersionFormMixin

from .contenu import Contenu, phase_de

SIMPLES = [c for c, genre in CATALOGUE.items() if not genre.demande]
LIGNES_MAX = 30


class LignesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        kwargs.setdefault("max_length", LIGNES_MAX * (LIBELLE_MAX + 1))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lignes = [x.strip() for x in str(super().clean(value) or "").splitlines() if x.strip()]
        if len(lignes) > LIGNES_MAX:
            raise forms.ValidationError(f"Écrivez au plus {LIGNES_MAX} lignes.")
        if any(len(x) > LIBELLE_MAX for x in lignes):
            raise forms.ValidationError(f"Une ligne dépasse {LIBELLE_MAX} caractères : raccourcissez-la.")
        return lignes


class PhaseForm(VersionFormMixin, forms.Form):
    """The name of a phase."""

    libelle = forms.CharField(label="Nom de la phase", max_length=PHASE_MAX)

    def valeurs(self) -> dict[str, Any]:
        """What is kept of it."""
        return {"libelle": self.cleaned_data["libelle"]}


class EtapeModeleForm(VersionFormMixin, forms.Form):
    """A step: when, who, where, and what must be true to say it done."""

    libelle = forms.CharField(label="Nom de l’étape", max_length=LIBELLE_MAX)
    phase = forms.ChoiceField(label="Phase")
    mois = forms.IntegerField(
        label="Jalon : mois où elle se termine", required=False, min_value=1, max_value=MOIS_MAX,
        help_text="1 pour le premier mois. Laissez vide hors d’un calendrier mensuel.",
    )  # fmt: skip
    duree_jours = forms.IntegerField(
        label="Durée en jours", required=False, min_value=1, max_value=JOURS_MAX,
        help_text="Jours calendaires. Sans durée, l’étape ne compte pas dans le calendrier.",
    )  # fmt: skip
    parallele = forms.BooleanField(label="Commence en même temps que l’étape qui la précède", required=False)
    facultative = forms.BooleanField(
        label="Facultative : chaque territoire dit s’il la retient", required=False
    )
    acteur = forms.CharField(label="Qui agit", required=False, max_length=LIBELLE_MAX)
    role = forms.ChoiceField(label="Rôle dans Arpent", required=False)
    place = forms.ChoiceField(label="Lieu du fil conducteur", required=False)
    reunion = forms.ChoiceField(label="Réunion tenue", required=False)
    simples = forms.MultipleChoiceField(
        label="Conditions pour la dire faite", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Arpent les vérifie. On peut passer outre en disant pourquoi.",
    )  # fmt: skip
    fiches_proposees = forms.IntegerField(
        label="Nombre minimal de fiches proposées", required=False, min_value=1, max_value=FICHES_MAX
    )
    etape_faite = forms.MultipleChoiceField(
        label="Étapes qui doivent être faites", required=False, widget=forms.CheckboxSelectMultiple
    )
    reunion_tenue = forms.ChoiceField(label="Réunion au compte rendu validé", required=False)
    reunion_nombre = forms.IntegerField(
        label="Nombre de comptes rendus attendus", required=False, min_value=1, max_value=PAR_AN_MAX,
        help_text="Un par défaut. Par exemple 2 pour le second comité de pilotage.",
    )  # fmt: skip

    def __init__(self, *args: Any, contenu: Contenu, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reunions = [(r["code"], r["libelle"]) for r in contenu.get("reunions", [])]
        etapes = [(e["code"], e["libelle"]) for p in contenu["phases"] for e in p["etapes"]]
        codes = [c for c, _ in etapes]
        avant = etapes[: codes.index(code)] if code in codes else etapes
        self._choix("phase", [(p["code"], p["libelle"]) for p in contenu["phases"]])
        self._choix("role", [("", "non précisé"), *((r.code, r.libelle) for r in ROLES.values())])
        self._choix("place", [("", "aucun"), *LIEUX.items()])
        self._choix("reunion", [("", "aucune"), *reunions])
        self._choix("reunion_tenue", [("", "aucune"), *reunions])
        self._choix("simples", [(c, _majuscule(phrase(Condition(c)))) for c in SIMPLES])
        self._choix("etape_faite", avant)
        if not avant:
            del self.fields["etape_faite"]

    def _choix(self, nom: str, choix: list[tuple[str, str]]) -> None:
        self.fields[nom].choices = choix  # type: ignore[attr-defined]

    def valeurs(self) -> dict[str, Any]:
        """What is kept of it: the step as data, without its code nor its phase."""
        d = self.cleaned_data
        conditions: list[dict[str, Any]] = [{"code": c} for c in d["simples"]]
        conditions += [{"code": "etape_faite", "cible": c} for c in d.get("etape_faite", [])]
        if d["fiches_proposees"]:
            conditions.append({"code": "fiches_proposees", "nombre": d["fiches_proposees"]})
        if d["reunion_tenue"]:
            tenue = {"code": "reunion_tenue", "cible": d["reunion_tenue"]}
            nombre = {"nombre": d["reunion_nombre"]} if d["reunion_nombre"] else {}
            conditions.append(tenue | nombre)
        return {
            "libelle": d["libelle"],
            "mois": d["mois"],
            "duree_jours": d["duree_jours"],
            "acteur": d["acteur"],
            "role": d["role"] or None,
            "facultative": d["facultative"],
            "parallele": d["parallele"],
            "reunion": d["reunion"] or None,
            "place": d["place"] or None,
            "conditions": conditions,
        }


def initial_etape(contenu: Contenu, etape: dict[str, Any]) -> dict[str, Any]:
    """The initial values of `EtapeModeleForm` for a step of the content."""
    conditions = etape.get("conditions") or []
    par_code = {c["code"]: c for c in conditions}
    return {
        **{c: etape.get(c) for c in ("libelle", "mois", "duree_jours", "acteur", "facultative", "parallele")},
        **{c: etape.get(c) or "" for c in ("role", "place", "reunion")},
        "phase": phase_de(contenu, etape["code"]),
        "simples": [c["code"] for c in conditions if c["code"] in SIMPLES],
        "etape_faite": [c.get("cible", "") for c in conditions if c["code"] == "etape_faite"],
        "fiches_proposees": par_code.get("fiches_proposees", {}).get("nombre"),
        "reunion_tenue": par_code.get("reunion_tenue", {}).get("cible", ""),
        "reunion_nombre": par_code.get("reunion_tenue", {}).get("nombre"),
    }


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


class ReunionForm(VersionFormMixin, forms.Form):
    """A kind of meeting: at which scale, with whom, how often, on what."""

    libelle = forms.CharField(label="Nom de la réunion", max_length=LIBELLE_MAX)
    echelle = forms.ChoiceField(label="Elle réunit", choices=list(ECHELLES.items()))
    composition = forms.MultipleChoiceField(
        label="Qui est convoqué", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(c, _majuscule(x)) for c, x in COMPOSITIONS.items()],
    )  # fmt: skip
    frequence = forms.ChoiceField(label="Fréquence", choices=list(FREQUENCES.items()))
    par_an = forms.IntegerField(
        label="Nombre par an", required=False, min_value=1, max_value=PAR_AN_MAX,
        help_text="Laissez vide si rien ne le fixe.",
    )  # fmt: skip
    villes = LignesField(
        label="Villes de rendez-vous", required=False,
        help_text="Une par ligne. Seulement pour une réunion tenue dans plusieurs villes.",
    )  # fmt: skip
    duree_minutes = forms.IntegerField(label="Durée en minutes", min_value=1, max_value=MINUTES_MAX)
    ordre_du_jour = LignesField(label="Ordre du jour type", required=False, help_text="Un point par ligne.")

    def valeurs(self) -> dict[str, Any]:
        """What is kept of it."""
        return {c: v for c, v in self.cleaned_data.items() if c != "version_lue"}


class GesteForm(VersionFormMixin, forms.Form):
    """A gesture on a phase, a step, a meeting, or on the draft itself."""

    geste = forms.SlugField()


class PublierForm(VersionFormMixin, forms.Form):
    """The note that says why the process changes."""

    note = forms.CharField(
        label="Note de publication", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce qui change et pourquoi ; l’acte qui l’a décidé, s’il y en a un.",
        error_messages={"required": "Écrivez en une phrase ce qui change et pourquoi."},
    )  # fmt: skip
