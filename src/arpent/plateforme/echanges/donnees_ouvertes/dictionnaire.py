"""The columns of the files of this instance: name, form, meaning. The files are written from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colonne:
    """`genre`: texte, entier, decimal, date, booleen."""

    nom: str
    genre: str
    sens: str


CONTRATS = (
    Colonne("identifiant", "texte", "Ce qui désigne le contrat dans cette instance."),
    Colonne("reference", "texte", "Référence donnée par l’autorité."),
    Colonne("autorite", "texte", "Département ou Région qui contractualise."),
    Colonne("autorite_siren", "texte", "Son SIREN, neuf chiffres."),
    Colonne("dispositif", "texte", "Politique contractuelle."),
    Colonne("territoire", "texte", "Territoire du contrat."),
    Colonne("etat", "texte", "En vigueur, arrivé à son terme, soldé ou résilié."),
    Colonne("date_effet", "date", "Date d’effet."),
    Colonne("date_fin", "date", "Date de fin, avenants compris."),
    Colonne("nombre_projets", "entier", "Nombre de projets inscrits, avenants compris."),
    Colonne("total_aides", "decimal", "Somme des aides inscrites, en euros."),
    Colonne("total_couts", "decimal", "Somme des coûts hors taxes, en euros."),
    Colonne("avenants", "entier", "Nombre d’avenants en vigueur."),
    Colonne("demonstration", "booleen", "Vrai si le contrat contient des valeurs de démonstration."),
)
PROJETS = (
    Colonne("identifiant", "texte", "Ce qui désigne le projet dans son contrat."),
    Colonne("contrat", "texte", "Identifiant du contrat."),
    Colonne("territoire", "texte", "Territoire du contrat."),
    Colonne("numero", "texte", "Numéro du projet dans le contrat."),
    Colonne("titre", "texte", "Intitulé du projet."),
    Colonne("beneficiaire", "texte", "Maître d’ouvrage."),
    Colonne("beneficiaire_siren", "texte", "Son SIREN, vide s’il n’est pas connu."),
    Colonne("commune", "texte", "Code INSEE de la commune du projet."),
    Colonne("theme", "texte", "Thème du dispositif."),
    Colonne("annee", "entier", "Année de programmation."),
    Colonne("cout_ht", "decimal", "Coût hors taxes, en euros."),
    Colonne("aide", "decimal", "Aide inscrite au contrat, en euros."),
    Colonne("longitude", "decimal", "Du projet, sinon du chef-lieu de sa commune (WGS 84)."),
    Colonne("latitude", "decimal", "Du projet, sinon du chef-lieu de sa commune (WGS 84)."),
    Colonne("demonstration", "booleen", "Vrai si la ligne contient des valeurs de démonstration."),
)
