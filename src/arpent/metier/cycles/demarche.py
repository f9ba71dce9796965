"""Life cycle of a démarche: the thread from the preparation to the closing, one step back allowed."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatDemarche(StrEnum):
    """Phase of a démarche."""

    PREPARATION = "preparation"
    DIAGNOSTIC = "diagnostic"
    PLAN = "plan"
    NEGOCIATION = "negociation"
    CONTRACTUALISATION = "contractualisation"
    MISE_EN_OEUVRE = "mise_en_oeuvre"
    CLOSE = "close"


E = EtatDemarche

LIBELLES: dict[StrEnum, str] = {
    E.PREPARATION: "Préparation",
    E.DIAGNOSTIC: "Diagnostic",
    E.PLAN: "Plan d’actions",
    E.NEGOCIATION: "Négociation",
    E.CONTRACTUALISATION: "Contractualisation",
    E.MISE_EN_OEUVRE: "Mise en œuvre",
    E.CLOSE: "Close",
}

_EN_AVANT = (
    ("ouvrir_diagnostic", "Ouvrir le diagnostic"),
    ("ouvrir_plan", "Ouvrir le plan d’actions"),
    ("ouvrir_negociation", "Ouvrir la négociation"),
    ("engager_contractualisation", "Engager la contractualisation"),
    ("engager_mise_en_oeuvre", "Engager la mise en œuvre"),
    ("clore", "Clore la démarche"),
)
_PHASES = tuple(EtatDemarche)

CYCLE_DEMARCHE = Cycle(
    nom="démarche",
    etats=EtatDemarche,
    initial=E.PREPARATION,
    libelles=LIBELLES,
    transitions=(
        *(
            Transition(geste, frozenset({depart}), arrivee, "demarche.conduire", libelle)
            for (geste, libelle), depart, arrivee in zip(_EN_AVANT, _PHASES, _PHASES[1:], strict=False)
        ),
        *(
            Transition(
                "revenir",
                frozenset({depart}),
                arrivee,
                "demarche.conduire",
                f"Revenir à la phase précédente ({LIBELLES[arrivee].lower()})",
            )
            for depart, arrivee in zip(_PHASES[1:], _PHASES, strict=False)
        ),
    ),
)
