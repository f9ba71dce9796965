"""An avenant told to one assembly in seven slides: what it is for, what moves, what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..donnees_avenant import LigneRevueDoc
from ..donnees_seance_avenant import PresentationAvenantDoc, total_apres, total_avant
from .lames import DOUCE, ENCRE, MARGE, OCRE, Lames, Ligne, fermer, ouvrir
from .pptx_seance import PLEINE, abreger, poser_logo, rond
from .texte import euros, jour, pluriel
from .vue_avenant import vue_ligne
from .vue_convocation import du
from .vue_note_avenant import ce_que_l_avenant_change, demande_de_l_avenant, effets

LIGNES_MAX, PHRASES_MAX = 6, 5


def rendre_presentation_avenant_pptx(doc: PresentationAvenantDoc) -> bytes:
    """Native tables, the look of the authority. The notes hold every word and every cent."""
    deck = ouvrir()
    dit = _SeanceAvenant(deck, doc)
    dit.couverture()
    dit.modifications()
    dit.effets()
    dit.lignes()
    dit.partie()
    dit.calendrier()
    dit.demande()
    a = doc.avenant
    return fermer(deck, f"{a.titre} au {a.contrat} : présentation", a.autorite, doc.etabli_le)


class _SeanceAvenant(Lames):
    def __init__(self, deck: Any, doc: PresentationAvenantDoc) -> None:
        super().__init__(deck, doc.charte)
        self.doc, self.avenant = doc, doc.avenant

    def couverture(self) -> None:
        doc, a = self.doc, self.avenant
        assemblee = doc.collectivite.assemblee
        seance = (
            f"Séance du {jour(doc.reunion.tenue_le)}" if doc.reunion.tenue_le else "Date de séance à fixer"
        )
        lame = self.nouvelle(
            abreger(f"{a.titre} au contrat : {a.objet}", 110),
            f"{a.titre} au « {a.contrat} », version {a.version}, établie par {a.autorite}.\n{a.objet}",
        )
        lignes: list[Ligne] = [
            (abreger(a.territoire, 60), 44, self.teinte, True),
            (f"{assemblee[:1].upper()}{assemblee[1:]}", 30, ENCRE, True),
            (abreger(doc.collectivite.nom, 70), 28, ENCRE, False),
            (seance, 28, ENCRE, False),
            (f"{abreger(a.autorite, 60)} · version {a.version}", 22, DOUCE, False),
        ]
        lignes += [("Valeurs de démonstration", 20, OCRE, True)] if doc.demonstration else []
        self.texte(lame, MARGE, 50, PLEINE, 90, lignes)
        if doc.charte and doc.charte.logo:
            poser_logo(self, lame, doc.charte.logo, doc.charte.alternative)

    def modifications(self) -> None:
        mouvements = self.avenant.mouvements
        dits = [f"{m.phrase} Motif : {m.motif}." if m.motif else m.phrase for m in mouvements]
        titre = (
            "Ce que change l’avenant"
            if len(mouvements) == 1
            else (f"Ce que change l’avenant : {pluriel(len(mouvements), 'modification')}")
        )
        lame = self.nouvelle(titre, "\n".join(dits))
        taille = 28 if len(mouvements) <= 3 else 22
        phrases = [(f"•  {abreger(m.phrase, 170)}", taille, ENCRE, False) for m in mouvements[:PHRASES_MAX]]
        self.texte(lame, MARGE, 50, PLEINE, 122, [*phrases, *_suite(len(mouvements) - PHRASES_MAX)])

    def effets(self) -> None:
        a, dits = self.avenant, effets(self.doc)
        lame = self.nouvelle("Avant, après", "\n".join(f"{cle} : {valeur}" for cle, valeur in dits))
        rangees = [
            ["Projets au contrat", str(a.nombre_avant), str(a.nombre_apres)],
            ["Aides du contrat", rond(a.aide_avant), rond(a.aide_apres)],
        ]
        self.tableau(
            lame,
            ["", "Avant", "Après"],
            rangees,
            largeurs=(46, 27, 27),
            droite=(1, 2),
            gras=(2,),
            bandes=True,
        )
        ecart = next(valeur for cle, valeur in dits if cle == "Écart")
        lignes: list[Ligne] = [(f"Aides du contrat : {ecart}", 30, self.teinte, True)]
        if a.enveloppe is not None:
            lignes.append((f"Enveloppe du contrat : {rond(a.enveloppe)}", 24, ENCRE, False))
        self.texte(lame, MARGE, 115, PLEINE, 50, lignes)

    def lignes(self) -> None:
        self._tableau_des_lignes(
            "Les projets touchés", self.avenant.lignes, "L’avenant ne change aucune aide."
        )

    def partie(self) -> None:
        doc = self.doc
        phrases = ce_que_l_avenant_change(doc)
        titre = f"Ce que cela change pour {doc.collectivite.designation}"
        if doc.siennes:
            self._tableau_des_lignes(titre, doc.siennes, "", phrases)
            return
        lame = self.nouvelle(titre, "\n".join(phrases))
        self.texte(lame, MARGE, 52, PLEINE, 120, [(x, 28, ENCRE, False) for x in phrases])

    def _tableau_des_lignes(
        self, titre: str, lignes: Sequence[LigneRevueDoc], sans: str, phrases: Sequence[str] = ()
    ) -> None:
        """One row a project, to the euro; beyond what a slide holds, the rest is added up."""
        vues = [vue_ligne(x) for x in lignes]
        notes = [
            f"{v['numero']}. {v['titre']}, {v['maitre_ouvrage']} : {v['avant']} → {v['apres']}" for v in vues
        ]
        lame = self.nouvelle(titre, "\n".join((*phrases, *notes)) or sans)
        if not lignes:
            self.texte(lame, MARGE, 56, PLEINE, 40, [(sans, 28, ENCRE, False)])
            return
        montres = lignes if len(lignes) <= LIGNES_MAX else lignes[: LIGNES_MAX - 1]
        rangees = [
            [
                abreger(x.titre, 60),
                "entre" if x.avant is None else rond(x.avant),
                "sort" if x.apres is None else rond(x.apres),
            ]
            for x in montres
        ]
        reste = tuple(lignes[len(montres) :])
        if reste:
            rangees.append(
                [f"{len(reste)} autres projets", rond(total_avant(reste)), rond(total_apres(reste))]
            )
        if len(lignes) > 1:
            tous = tuple(lignes)
            rangees.append([f"Total, {len(tous)} projets", rond(total_avant(tous)), rond(total_apres(tous))])
        self.tableau(
            lame, ["Projet", "Aide avant", "Aide après"], rangees, largeurs=(56, 22, 22), droite=(1, 2),
            gras=(2,), bandes=True, total=len(lignes) > 1,
        )  # fmt: skip

    def calendrier(self) -> None:
        etapes = self.doc.calendrier
        lame = self.nouvelle("Le calendrier", "\n".join(f"{e.quand} : {e.quoi}" for e in etapes))
        self.tableau(
            lame, ["Quand", "Quoi"], [[e.quand, e.quoi] for e in etapes], largeurs=(36, 64), gras=(0,),
            bandes=True,
        )  # fmt: skip

    def demande(self) -> None:
        dites = demande_de_l_avenant(self.doc)
        lame = self.nouvelle(
            f"Ce qui est demandé : le vote {du(self.doc.collectivite.assemblee)}",
            "\n".join((*dites, f"Écart sur les aides du contrat : {euros(self.doc.ecart)}.")),
        )
        lignes = [(f"•  {abreger(x[:1].upper() + x[1:], 200)}", 28, ENCRE, False) for x in dites]
        self.texte(lame, MARGE, 52, PLEINE, 120, lignes)


def _suite(nombre: int) -> list[Ligne]:
    return (
        [(f"et {nombre} autre{'s' if nombre > 1 else ''}, en note", 20, DOUCE, False)] if nombre > 0 else []
    )
