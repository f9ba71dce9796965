"""The form of a model: weights, directions, thresholds, effects; built from its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from arpent.metier.vulnerabilite import (
    Echelle,
    ModeleInvalide,
    ModeSeuils,
    RegleComposition,
    Sens,
    lire_modele,
)
from arpent.plateforme.observatoire.catalogue import Rapport, catalogue
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import ModeleVulnerabilite
from .definition import COMPOSITIONS, MODES, NORMALISATIONS, SENS

INGENIERIE = (("", "aucun effet"), ("oui", "ouverte"), ("non", "fermée"))
DROIT_INGENIERIE = {"": None, "oui": True, "non": False}


def nombre(
    libelle: str, *, maximum: int | None = None, requis: bool = False, aide: str = ""
) -> forms.DecimalField:
    """A number typed with a comma or a point; empty when it is still to be known."""
    return forms.DecimalField(
        label=libelle,
        required=requis,
        min_value=0,
        max_value=maximum,
        max_digits=14,
        decimal_places=6,
        localize=True,
        help_text=aide,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "aria-label": libelle}),
    )


class ModeleForm(VersionFormMixin, forms.ModelForm[ModeleVulnerabilite]):
    """Weights left empty keep the model « à saisir »: it is saved, and cannot be put in force."""

    class Meta:
        model = ModeleVulnerabilite
        fields = ("libelle", "source")
        labels = {"libelle": "Nom du modèle", "source": "Source"}
        help_texts = {"source": "La délibération, le règlement ou l’étude d’où viennent ces choix."}
        widgets = {"source": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, types_contrat: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition: dict[str, Any] = deepcopy(dict(self.instance.definition))
        self.fields["source"].required = True
        self._reglages()
        self._familles_et_indicateurs()
        self._classes(types_contrat)

    def _reglages(self) -> None:
        d = self.definition
        composition = d.get("composition") or RegleComposition.MOYENNE_PONDEREE.value
        lue = composition if isinstance(composition, dict) else {"regle": composition}
        self._ajouter("normalisation", _liste("Mise à la même échelle", NORMALISATIONS), d["normalisation"])
        self._ajouter(
            "composition", _liste("Classe d’un territoire de plusieurs membres", COMPOSITIONS), lue["regle"]
        )
        part = nombre(
            "Part de la population (%)",
            maximum=100,
            aide="Seulement pour « Classe atteinte par une part de la population ».",
        )
        self._ajouter("part", part, _cent(lue.get("part")))
        couverture = nombre("Couverture minimale (%)", maximum=100, requis=True)
        couverture.help_text = "Part des poids qui doit être connue pour classer un territoire."
        self._ajouter("couverture", couverture, _cent(d.get("couverture_minimale", 0.75)))
        self._ajouter(
            "demonstration",
            forms.BooleanField(label="Des poids ou des seuils sont supposés : l’afficher", required=False),
            bool(d.get("demonstration")),
        )
        seuils = d.get("seuils") or {}
        self._ajouter(
            "mode", _liste("Coupe des classes", MODES), seuils.get("mode", ModeSeuils.QUANTILE.value)
        )

    def _familles_et_indicateurs(self) -> None:
        for rang, famille in enumerate(self.definition["familles"]):
            champ = nombre(f"Poids de la famille {famille['libelle']}")
            self._ajouter(f"famille_{rang}", champ, _decimal(famille.get("poids")))
        for rang, i in enumerate(self.definition["indicateurs"]):
            self._ajouter(f"poids_{rang}", nombre(f"Poids de {i['libelle']}"), _decimal(i.get("poids")))
            self._ajouter(
                f"sens_{rang}", _liste(f"Une valeur élevée de {i['libelle']}", SENS, discret=True), i["sens"]
            )
            retirer = forms.BooleanField(label="Retirer", required=False)
            retirer.widget.attrs["aria-label"] = f"Retirer {i['libelle']} du modèle"
            self._ajouter(f"retirer_{rang}", retirer, False)
        if self.definition.get("echelle", Echelle.EPCI.value) != Echelle.EPCI.value:
            return
        familles = [("", "Aucune")] + [(f["code"], f["libelle"]) for f in self.definition["familles"]]
        ajout = forms.ChoiceField(label="Indicateur à ajouter", required=False, choices=self._catalogue())
        ajout.help_text = "Parmi les indicateurs du catalogue, recalculés pour chaque intercommunalité."
        self._ajouter("ajout", ajout, "")
        self._ajouter(
            "ajout_famille", forms.ChoiceField(label="Dans la famille", required=False, choices=familles), ""
        )
        self._ajouter("ajout_sens", _liste("Une valeur élevée", SENS), Sens.AGGRAVE.value)
        self._ajouter("ajout_poids", nombre("Son poids"), Decimal(1))

    def _classes(self, types: Mapping[str, str]) -> None:
        choix = [("", "aucun"), *types.items()]
        seuils = self.definition.get("seuils") or {}
        facteur = 100 if seuils.get("mode") == ModeSeuils.QUANTILE.value else 1
        valeurs = list(seuils.get("valeurs", ()))
        for rang, classe in enumerate(self.definition["classes"]):
            nom = classe["libelle"]
            libelle = forms.CharField(label=f"Nom de la classe {rang + 1}", max_length=80)
            libelle.widget.attrs["aria-label"] = libelle.label
            self._ajouter(f"classe_{rang}", libelle, nom)
            if rang:
                lue = valeurs[rang - 1] if rang <= len(valeurs) else None
                self._ajouter(f"seuil_{rang}", nombre_signe(f"Seuil de {nom}"), _decimal(lue, facteur))
            type_contrat = forms.ChoiceField(label=f"Type de contrat de {nom}", required=False, choices=choix)
            type_contrat.widget.attrs["aria-label"] = type_contrat.label
            self._ajouter(f"type_{rang}", type_contrat, classe.get("type_contrat") or "")
            droit = forms.ChoiceField(
                label=f"Aide à l’ingénierie de {nom}", required=False, choices=INGENIERIE
            )
            droit.widget.attrs["aria-label"] = droit.label
            actuel = {None: "", True: "oui", False: "non"}[classe.get("ingenierie")]
            self._ajouter(f"ingenierie_{rang}", droit, actuel)
            bonus = nombre(f"Bonus de taux de {nom}, en points", maximum=100)
            self._ajouter(f"bonus_{rang}", bonus, _decimal(classe.get("taux_bonus"), 100))
            self._ajouter(
                f"plafond_{rang}",
                nombre(f"Plafond d’aide de {nom}, en euros"),
                _decimal(classe.get("plafond")),
            )

    def _ajouter(self, nom: str, champ: forms.Field, valeur: Any) -> None:
        self.fields[nom] = champ
        self.initial[nom] = valeur

    def _catalogue(self) -> list[Any]:
        presents = {i["code"] for i in self.definition["indicateurs"]}
        table = catalogue()
        familles = [
            (
                libelle,
                [
                    (i.code, i.libelle)
                    for i in table.indicateurs.values()
                    if i.famille == code and i.code not in presents and _est_un_rapport(i.calcul)
                ],
            )
            for code, libelle in table.familles.items()
        ]
        return [("", "Aucun"), *((libelle, choix) for libelle, choix in familles if choix)]

    # --- what the template lays out

    def lignes_familles(self) -> list[tuple[str, BoundField]]:
        return [(f["libelle"], self[f"famille_{r}"]) for r, f in enumerate(self.definition["familles"])]

    def lignes_indicateurs(self) -> Iterator[tuple[dict[str, Any], str, BoundField, BoundField, BoundField]]:
        noms = {f["code"]: f["libelle"] for f in self.definition["familles"]}
        for r, i in enumerate(self.definition["indicateurs"]):
            yield (
                {"source": "", **i},
                noms[i["famille"]],
                self[f"sens_{r}"],
                self[f"poids_{r}"],
                self[f"retirer_{r}"],
            )

    def lignes_classes(self) -> Iterator[tuple[BoundField, BoundField | None, tuple[BoundField, ...]]]:
        for r in range(len(self.definition["classes"])):
            seuil = self[f"seuil_{r}"] if r else None
            champs = ("type", "ingenierie", "bonus", "plafond")
            yield self[f"classe_{r}"], seuil, tuple(self[f"{c}_{r}"] for c in champs)

    # --- from what was typed to a definition that can be read

    def clean(self) -> dict[str, Any]:
        saisi: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return saisi
        definition = self._definition(saisi)
        if self.errors:
            return saisi
        try:
            lire_modele(definition)
        except ModeleInvalide as erreur:
            self.add_error(None, _sans_prefixe(str(erreur)))
        else:
            self.instance.definition = definition
        return saisi

    def _definition(self, saisi: dict[str, Any]) -> dict[str, Any]:
        d = deepcopy(self.definition)
        d |= {nom: saisi[nom] for nom in ("libelle", "source", "normalisation", "demonstration")}
        d["couverture_minimale"] = float(saisi["couverture"] / 100)
        regle, part = saisi["composition"], saisi["part"]
        d["composition"] = regle
        if regle == RegleComposition.PART_POPULATION.value:
            if part is None:
                self.add_error(
                    "part", "Saisissez la part de la population qui donne la classe, par exemple 50."
                )
            else:
                d["composition"] = {"regle": regle, "part": float(part / 100)}
        for rang, famille in enumerate(d["familles"]):
            famille["poids"] = _reel(saisi[f"famille_{rang}"])
        for rang, i in enumerate(d["indicateurs"]):
            i |= {"poids": _reel(saisi[f"poids_{rang}"]), "sens": saisi[f"sens_{rang}"]}
        d["indicateurs"] = [i for r, i in enumerate(d["indicateurs"]) if not saisi[f"retirer_{r}"]]
        if not d["indicateurs"]:
            self.add_error(None, "Gardez au moins un indicateur : sans lui, rien ne peut être noté.")
        self._ajout(d, saisi)
        for rang, classe in enumerate(d["classes"]):
            classe |= {
                "libelle": saisi[f"classe_{rang}"],
                "type_contrat": saisi[f"type_{rang}"] or None,
                "ingenierie": DROIT_INGENIERIE[saisi[f"ingenierie_{rang}"]],
                "taux_bonus": _texte(saisi[f"bonus_{rang}"], 100),
                "plafond": _texte(saisi[f"plafond_{rang}"]),
            }
        d["seuils"] = self._seuils(saisi, len(d["classes"]))
        return d

    def _seuils(self, saisi: dict[str, Any], classes: int) -> dict[str, Any] | None:
        """None while they are all empty; half of them is an error."""
        valeurs = [saisi[f"seuil_{rang}"] for rang in range(1, classes)]
        if all(v is None for v in valeurs):
            return None
        for rang, valeur in enumerate(valeurs, start=1):
            if valeur is None:
                self.add_error(f"seuil_{rang}", "Saisissez ce seuil, ou videz-les tous.")
        diviseur = 100 if saisi["mode"] == ModeSeuils.QUANTILE.value else 1
        return {"mode": saisi["mode"], "valeurs": [float(v / diviseur) for v in valeurs if v is not None]}

    def _ajout(self, d: dict[str, Any], saisi: dict[str, Any]) -> None:
        code = saisi.get("ajout")
        if not code:
            return
        if not saisi["ajout_famille"]:
            self.add_error("ajout_famille", "Choisissez la famille de l’indicateur ajouté.")
            return
        quoi = catalogue().indicateurs[code]
        d["indicateurs"].append(
            {
                "code": code,
                "libelle": quoi.libelle,
                "famille": saisi["ajout_famille"],
                "sens": saisi["ajout_sens"],
                "poids": _reel(saisi["ajout_poids"]),
                "source": f"{quoi.source}, {quoi.millesime}",
            }
        )


class MotifForm(forms.Form):
    """Why a model is put in force, or ceases to be."""

    motif = forms.CharField(
        label="Motif",
        max_length=500,
        help_text="La décision qui le justifie, par exemple la délibération et sa date. Le journal la garde.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version_lue = forms.IntegerField(widget=forms.HiddenInput)


def nombre_signe(libelle: str) -> forms.DecimalField:
    """A threshold: a z-score may be negative."""
    champ = nombre(libelle)
    champ.min_value = None
    champ.validators = [v for v in champ.validators if getattr(v, "code", "") != "min_value"]
    return champ


def _liste(libelle: str, choix: Mapping[Any, str], discret: bool = False) -> forms.ChoiceField:
    champ = forms.ChoiceField(label=libelle, choices=[(str(c.value), mot) for c, mot in choix.items()])
    if discret:
        champ.widget.attrs["aria-label"] = libelle
    return champ


def _est_un_rapport(calcul: object) -> bool:
    """A head count says the size of a place, not its vulnerability."""
    return not (isinstance(calcul, Rapport) and calcul.denominateur is None)


def _decimal(x: Any, facteur: int = 1) -> Decimal | None:
    return None if x is None else (Decimal(str(x)) * facteur).normalize() + 0


def _cent(x: Any) -> Decimal | None:
    return _decimal(x, 100)


def _reel(x: Decimal | None) -> float | None:
    return None if x is None else float(x)


def _texte(x: Decimal | None, diviseur: int = 1) -> str | None:
    return None if x is None else f"{(x / diviseur).normalize():f}"


def _sans_prefixe(message: str) -> str:
    """« Modèle « x » : … » without the code, which the reader of the form does not need."""
    if message.startswith("Modèle « ") and " : " in message:
        message = message.split(" : ", 1)[1]
    return message[:1].upper() + message[1:]
