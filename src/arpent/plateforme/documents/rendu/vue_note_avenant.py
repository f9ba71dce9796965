"""The text of the note de synthèse of an avenant: plain French, the same words in PDF and in Word."""

from __future__ import annotations

from decimal import Decimal

from ..donnees_seance_avenant import PresentationAvenantDoc, total_apres, total_avant
from .texte import euros, jour, pluriel
from .vue import Vue, nettoyer, vue_charte
from .vue_avenant import vue_ligne
from .vue_convocation import date_de, du


def vue_note_avenant(doc: PresentationAvenantDoc) -> Vue:
    a = doc.avenant
    return nettoyer(
        {
            "titre": f"Note de synthèse : {nom_de_l_avenant(doc)}",
            "nom": doc.collectivite.nom,
            "siren": doc.collectivite.siren,
            "surtitre": f"Note de synthèse {du(doc.collectivite.assemblee)} · séance du "
            f"{date_de(doc.reunion)} · version {a.version} de l’avenant",
            "regle": doc.regle_note,
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "intitule": f"{a.titre} au « {a.contrat} »",
            "objet": a.objet,
            "demande": demande_de_l_avenant(doc),
            "presentation": _presentation(doc),
            "mouvements": [
                {"numero": str(n), "phrase": m.phrase, "motif": m.motif}
                for n, m in enumerate(a.mouvements, 1)
            ],
            "partie_titre": f"Ce que l’avenant change pour {doc.collectivite.designation}",
            "partie": ce_que_l_avenant_change(doc),
            "totaux": [{"cle": cle, "valeur": valeur} for cle, valeur in effets(doc)],
            "lignes": [vue_ligne(x) for x in a.lignes],
            "avant": euros(total_avant(a.lignes)),
            "apres": euros(total_apres(a.lignes)),
            "calendrier": [{"quand": e.quand, "quoi": e.quoi} for e in doc.calendrier],
            "voie": a.voie,
            "raisons": list(a.raisons),
            "mentions": list(a.mentions),
            "demonstration": doc.demonstration,
            "charte": vue_charte(doc.charte if doc.role == "autorite" else None),
        }
    )


def nom_de_l_avenant(doc: PresentationAvenantDoc) -> str:
    """« avenant n° 2 au « Contrat de Gévaudan » »."""
    titre = doc.avenant.titre
    return f"{titre[:1].lower()}{titre[1:]} au « {doc.avenant.contrat} »"


def signe(montant: Decimal) -> str:
    """« + 5 000,00 € », « − 5 000,00 € », « inchangé »."""
    if not montant:
        return "inchangé"
    return f"{'+' if montant > 0 else '−'}\u00a0{euros(abs(montant))}"


def effets(doc: PresentationAvenantDoc) -> list[tuple[str, str]]:
    """What moves in the whole contract, old → new."""
    a = doc.avenant
    rangees = [
        ("Projets au contrat", f"{a.nombre_avant} → {a.nombre_apres}"),
        ("Aides du contrat", f"{euros(a.aide_avant)} → {euros(a.aide_apres)}"),
        ("Écart", signe(doc.ecart)),
    ]
    return [*rangees, ("Enveloppe", euros(a.enveloppe))] if a.enveloppe is not None else rangees


def demande_de_l_avenant(doc: PresentationAvenantDoc) -> list[str]:
    """What the assembly is asked to decide, in the words of its draft délibération."""
    a, executif = doc.avenant, doc.collectivite.executif
    qui = f"{executif} ({doc.signataire})" if doc.signataire else executif
    if doc.ecart:
        sens = "porté" if doc.ecart > 0 else "ramené"
        montants = (
            f"d’approuver le total des aides du contrat, {sens} de {euros(a.aide_avant)} à "
            f"{euros(a.aide_apres)} ;"
        )
    else:
        montants = f"de prendre acte que le total des aides du contrat reste de {euros(a.aide_apres)} ;"
    return [
        f"d’approuver l’{nom_de_l_avenant(doc)}, dans sa version {a.version} ;",
        montants,
        f"d’autoriser {qui} à signer l’avenant et tout document nécessaire à son exécution.",
    ]


def _presentation(doc: PresentationAvenantDoc) -> list[str]:
    a = doc.avenant
    reference = f" ({a.reference})" if a.reference else ""
    depuis = f", en vigueur depuis le {jour(a.date_contrat)}" if a.date_contrat else ""
    phrases = [
        f"L’avenant modifie le « {a.contrat} »{reference}{depuis}, conclu au titre du dispositif "
        f"« {a.dispositif} ». Il est approuvé par : {' ; '.join(p.nom for p in a.parties)}."
    ]
    if a.date_effet:
        phrases.append(f"Il prend effet le {jour(a.date_effet)}.")
    nombre = len(a.mouvements)
    phrases.append(
        "Il apporte la modification suivante."
        if nombre == 1
        else f"Il apporte {pluriel(nombre, 'modification')}."
    )
    return phrases


def ce_que_l_avenant_change(doc: PresentationAvenantDoc) -> list[str]:
    """What moves for this party; never a commitment that the avenant does not write."""
    designation, siennes = doc.collectivite.designation, doc.siennes
    debut = designation[:1].upper() + designation[1:]
    phrases = []
    if doc.role == "autorite":
        phrases.append(
            f"{debut} apporte {euros(doc.avenant.aide_apres)} d’aides au lieu de "
            f"{euros(doc.avenant.aide_avant)}."
            if doc.ecart
            else f"{debut} apporte toujours {euros(doc.avenant.aide_apres)} d’aides."
        )
    if siennes:
        avant, apres = total_avant(siennes), total_apres(siennes)
        aides = (
            f"passent de {euros(avant)} à {euros(apres)}" if avant != apres else f"restent de {euros(apres)}"
        )
        phrases.append(
            f"L’avenant touche {pluriel(len(siennes), 'projet')} dont {designation} est maître d’ouvrage : "
            f"leurs aides {aides}."
        )
    elif doc.role != "autorite":
        phrases.append(f"L’avenant ne change l’aide d’aucun projet dont {designation} est maître d’ouvrage.")
    return phrases
