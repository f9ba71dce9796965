"""The estimate told in a few plain sentences, for the diagnostic page and the workshop sheet."""

from decimal import Decimal

from arpent.metier.argent import formater_euros, formater_nombre, formater_taux
from arpent.metier.flux_revenus.fourchette import Fourchette
from arpent.metier.flux_revenus.resultats import SOCIALE, SOURCE_PARTS_NATIONALES, Base, Flux

_SUJETS = {
    "productive": "les activités qui vendent à l’extérieur",
    "residentielle": "les pensions, les navetteurs et les visiteurs",
    "publique": "les emplois publics",
    "sociale": "les prestations sociales",
}
_ECART_NOTABLE = Decimal("0.05")


def paragraphe(flux: Flux, nom: str) -> str:
    """A paragraph of French text about the territory `nom`; says what to do when nothing is known."""
    if flux.total is None:
        return (
            f"{nom} : les revenus captés ne peuvent pas être estimés, faute de données. "
            "Chargez les fichiers de l’INSEE pour ce territoire."
        )
    phrases = [_total(flux.total, flux.par_habitant, nom), *_bases(flux), *_redistribution(flux)]
    phrases.append(
        "Ces montants sont des ordres de grandeur : ils dépendent de la taille du territoire et ne se "
        "comparent qu’entre territoires de taille voisine."
    )
    return " ".join(phrases)


def _millions(x: Decimal) -> str:
    """In millions; one decimal under 20 million."""
    return formater_nombre(x / 1_000_000, 0 if x >= 20_000_000 else 1)


def _total(total: Fourchette, par_habitant: Decimal | None, nom: str) -> str:
    bas, central, haut = total.valeurs
    phrase = (
        f"{nom} : le territoire capte environ {_millions(central)} millions d’euros de revenus par an "
        f"(entre {_millions(bas)} et {_millions(haut)} millions)"
    )
    if par_habitant is not None:
        centaines = par_habitant.quantize(Decimal("1E2")).quantize(Decimal(1))
        phrase += f", soit environ {formater_euros(centaines, centimes=False)} par habitant"
    return phrase + "."


def _bases(flux: Flux) -> list[str]:
    """The social base is not set against the national one: it is counted more narrowly here."""
    connues = sorted((b for b in flux.bases if b.part is not None), key=lambda b: -(b.part or 0))
    if not connues:
        return []
    premiere, *suivantes = connues
    phrases = [
        f"La première ressource est la {premiere.libelle.lower()} ({_SUJETS[premiere.code]}) : "
        f"{formater_taux(premiere.part)} du total, contre {formater_taux(premiere.part_nationale)} "
        f"en moyenne nationale ({SOURCE_PARTS_NATIONALES}, définitions voisines)."
    ]
    if suivantes:
        reste = ", ".join(f"{b.libelle.lower()} {formater_taux(b.part)}" for b in suivantes)
        phrases.append(f"Viennent ensuite : {reste}.")
    phrases.extend(
        _ecart(b) for b in suivantes if b.code != SOCIALE and abs(_difference(b)) >= _ECART_NOTABLE
    )
    return phrases


def _difference(base: Base) -> Decimal:
    return (base.part or Decimal(0)) - base.part_nationale


def _ecart(base: Base) -> str:
    ecart = _difference(base)
    sens = "de plus" if ecart > 0 else "de moins"
    return (
        f"La {base.libelle.lower()} pèse {formater_nombre(abs(ecart) * 100)} points {sens} "
        "que dans la moyenne nationale."
    )


def _redistribution(flux: Flux) -> list[str]:
    redistribution = flux.redistribution
    if redistribution.postes_presentiels is None or redistribution.par_million_capte is None:
        return []
    phrase = (
        "Cet argent est redistribué par la dépense : pour chaque million d’euros capté, le territoire compte "
        f"{formater_nombre(redistribution.par_million_capte, 1)} emplois au service des personnes présentes"
    )
    if redistribution.pour_1000_habitants is not None:
        pour_mille = formater_nombre(redistribution.pour_1000_habitants)
        phrase += f", soit {pour_mille} emplois pour {formater_nombre(1000)} habitants"
    return [phrase + "."]
