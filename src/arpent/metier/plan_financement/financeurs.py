"""Who brings the money, and how sure it is."""

from enum import StrEnum


class Financeur(StrEnum):
    """Kind of funder of an operation. AUTOFINANCEMENT is the owner's own declared share."""

    ETAT = "etat"
    DEPARTEMENT = "departement"
    REGION = "region"
    EPCI = "epci"
    COMMUNE = "commune"
    UE = "ue"
    AGENCE_EAU = "agence_eau"
    AUTRE_PUBLIC = "autre_public"
    PRIVE = "prive"
    AUTOFINANCEMENT = "autofinancement"

    @property
    def est_public(self) -> bool:
        """All but private money; the owner's share counts as public (L1111-10 concerns public owners)."""
        return self is not Financeur.PRIVE

    @property
    def est_aide_publique(self) -> bool:
        """Public money that comes from somebody else than the owner."""
        return self.est_public and self is not Financeur.AUTOFINANCEMENT


LIBELLES_FINANCEUR: dict[Financeur, str] = {
    Financeur.ETAT: "État",
    Financeur.DEPARTEMENT: "Département",
    Financeur.REGION: "Région",
    Financeur.EPCI: "Intercommunalité (fonds de concours)",
    Financeur.COMMUNE: "Commune (fonds de concours)",
    Financeur.UE: "Union européenne",
    Financeur.AGENCE_EAU: "Agence de l’eau",
    Financeur.AUTRE_PUBLIC: "Autre financeur public",
    Financeur.PRIVE: "Financeur privé",
    Financeur.AUTOFINANCEMENT: "Autofinancement",
}


class StatutFinancement(StrEnum):
    """How sure a financing is."""

    ACQUIS = "acquis"
    SOLLICITE = "sollicite"
    ENVISAGE = "envisage"
    REFUSE = "refuse"

    @property
    def est_en_attente(self) -> bool:
        """Asked or envisaged: the amount may still move."""
        return self in (StatutFinancement.SOLLICITE, StatutFinancement.ENVISAGE)


LIBELLES_STATUT: dict[StatutFinancement, str] = {
    StatutFinancement.ACQUIS: "Acquis",
    StatutFinancement.SOLLICITE: "Sollicité",
    StatutFinancement.ENVISAGE: "Envisagé",
    StatutFinancement.REFUSE: "Refusé",
}
