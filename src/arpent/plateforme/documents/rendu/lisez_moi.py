"""The « Lisez-moi » sheet of the maquette: what each sheet says, where figures come from, what is made up."""

from __future__ import annotations

from ..donnees import MaquetteDoc
from .classeur import Classeur
from .texte import jour

_FEUILLES = (
    "Maquette : un projet par ligne. Le taux, les autres aides et le reste à charge se recalculent.",
    "Financements : les autres financeurs de chaque projet, reliés par le numéro de ligne.",
    "Par thème, Par maître d’ouvrage, Par année : coût et aide proposée, recalculés depuis la maquette.",
    "Par financeur : l’autorité, les autres, puis le reste à charge ; leur somme est le coût total.",
    "Par fonds, s’il y en a plusieurs : le crédit du territoire, ce que ses lignes proposent, ce qui reste.",
    "Par axe et thème : sous-totaux de chaque thème, puis de chaque axe.",
    "AP et CP : engagements par année et paiements qui en découlent ; changez les parts, tout suit.",
)


def ecrire_lisez_moi(classeur: Classeur, doc: MaquetteDoc) -> None:
    feuille = classeur.feuille("Lisez-moi", paysage=False)
    feuille.set_column(0, 0, 110)
    mentions = list(doc.mentions_demonstration)
    if doc.enveloppe_demonstration:
        mentions.append("Enveloppe du territoire")
    retour = (
        "Changez l’aide proposée, l’année ou la décision, puis renvoyez ce classeur sur la page "
        "« Scénarios » : il devient un scénario de votre côté, rien n’est écrit dans la maquette.",
        *(("Le fonds de chaque ligne se choisit dans Arpent : ici il se lit.",) if doc.credits else ()),
    )
    blocs: tuple[tuple[str, list[str]], ...] = (
        ("Les feuilles", list(_FEUILLES)),
        ("Le modifier et le renvoyer", list(retour) if doc.retour else []),
        ("Calcul de l’enveloppe", list(doc.formule)),
        ("Sources", list(doc.sources)),
        ("Valeurs de démonstration", mentions),
    )
    classeur.texte(feuille, 0, 0, doc.titre, "titre")
    etat = "projet, sans valeur d’engagement" if doc.brouillon else "version définitive"
    classeur.texte(
        feuille, 1, 0, f"{doc.autorite} · {doc.territoire} · {jour(doc.etabli_le)} · {etat}", "sous_titre"
    )
    y = 3
    for titre, phrases in blocs:
        if not phrases:
            continue
        classeur.texte(feuille, y, 0, titre, "mention" if titre.startswith("Valeurs") else "intertitre")
        for phrase in phrases:
            y += 1
            classeur.hauteur(feuille, y, [(phrase, 110)])
            classeur.texte(feuille, y, 0, phrase, "paragraphe")
        y += 2
