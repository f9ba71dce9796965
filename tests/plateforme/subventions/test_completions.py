"""The blanks of an act: asked before it is issued, filled in, remembered for the next issue."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_attribution import CompletionDoc
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.blancs import blanc, blancs_de, completer
from arpent.plateforme.documents.rendu.docx import rendre_docx
from arpent.plateforme.documents.rendu.vue_attribution import blancs, vue_attribution
from arpent.plateforme.subventions.completions import COMMUNS, Completions, completions_de
from arpent.plateforme.subventions.emissions import blancs_des_actes, emettre_actes
from tests.plateforme.contrats.conftest import AUJOURD_HUI
from tests.plateforme.negociations.conftest import Monde

from .test_attribution import engager
from .test_emissions import URL, Connecte, attribuable, lire, sans_dessin

__all__ = ["attribuable", "sans_dessin"]
ACTES = ("lettre", "arrete", "convention")


def dits(doc: Any) -> str:
    return json.dumps(vue_attribution(doc), ensure_ascii=False)


@pytest.mark.parametrize("code", ACTES)
def test_un_acte_dont_tous_les_blancs_sont_ecrits_n_en_a_plus(code: str) -> None:
    from dataclasses import replace

    doc: Any = gabarit(f"{code}_attribution/v1").exemple()
    attendus = blancs(doc)
    assert len(attendus) >= 3
    plein = replace(doc, completions=tuple(CompletionDoc(x, f"<<{i}>>") for i, x in enumerate(attendus)))
    assert blancs(plein) == ()
    for i in range(len(attendus)):
        assert f"<<{i}>>" in dits(plein)
    word = Document(io.BytesIO(rendre_docx(replace(plein, version=1))))
    cellules = [c.text for t in word.tables for r in t.rows for c in r.cells]
    assert "à compléter" not in "\n".join([*(p.text for p in word.paragraphs), *cellules])


def test_chaque_blanc_est_nomme_sans_ambiguite() -> None:
    """One name, one thing: « date » alone would fill two blanks with the same day."""
    noms = {x for code in ACTES for x in blancs(gabarit(f"{code}_attribution/v1").exemple())}  # type: ignore[arg-type]
    assert not noms & {"date", "numéro", "adresse", "terme", "taux du"}
    assert COMMUNS & noms


@given(st.text(max_size=60))
def test_un_texte_hostile_reste_du_texte(texte: str) -> None:
    vue = {"a": [f"Fait à {blanc('lieu')}"], "b": {"c": blanc("date")}}
    rempli = completer(vue, {"lieu": texte})
    assert rempli["a"] == ([f"Fait à {texte}"] if texte else vue["a"])
    assert blancs_de(rempli)[-1:] == ("date",)


def emettre(contrat: Contrat, pk: int, valeurs: dict[str, str], genres: tuple[str, ...] = ("lettre",)) -> Any:
    return emettre_actes(
        contrat.demarche, genres=genres, projets=[pk], le=AUJOURD_HUI, par=None,
        completions=Completions({}, {pk: valeurs}),
    )  # fmt: skip


def tout(contrat: Contrat, pk: int, genres: tuple[str, ...] = ("lettre",)) -> dict[str, str]:
    attendus = blancs_des_actes(contrat.demarche, genres=genres, projets=[pk], le=AUJOURD_HUI)[pk]
    return {x: f"dit {i}" for i, x in enumerate(attendus)}


def test_un_acte_incomplet_n_est_pas_emis_et_dit_ce_qui_manque(accord: Monde, attribuable: Contrat) -> None:
    fiche = accord.fiches[0]
    valeurs = tout(attribuable, fiche.pk)
    oublie = next(iter(valeurs))
    faite = emettre(attribuable, fiche.pk, {x: v for x, v in valeurs.items() if x != oublie})
    assert faite.emis == []
    assert faite.refus == [f"Projet 1 : lettre, il reste à compléter : {oublie}."]
    assert not DocumentEmis.objects.filter(genre="lettre d’attribution").exists()


def test_ce_qui_est_ecrit_est_fige_et_reste_propose(accord: Monde, attribuable: Contrat) -> None:
    fiche = accord.fiches[0]
    valeurs = tout(attribuable, fiche.pk)
    (acte,) = emettre(attribuable, fiche.pk, valeurs).emis
    figees = {x["quoi"]: x["valeur"] for x in acte.fichiers[0].donnees["acte"]["completions"]}
    assert figees == valeurs
    connues = completions_de(attribuable.demarche, Completions()).du_projet(fiche.pk)
    assert connues == {x: v for x, v in valeurs.items() if x != "date de l’acte"}
    engager(fiche, "0.00", "CP-26-200")
    refus = emettre(attribuable, fiche.pk, {}).refus
    assert refus == ["Projet 1 : lettre, il reste à compléter : date de l’acte."]
    (suivant,) = emettre(attribuable, fiche.pk, {"date de l’acte": "2 juillet 2026"}).emis
    assert suivant.version == 2


def test_l_acte_vraiment_compose_porte_ce_qui_est_ecrit(
    accord: Monde, attribuable: Contrat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    fiche = accord.fiches[0]
    valeurs = tout(attribuable, fiche.pk, ("arrete",)) | {"lieu": "Saint-Chély-d’Apcher"}
    (acte,) = emettre(attribuable, fiche.pk, valeurs, ("arrete",)).emis
    texte = "\n".join(p.text for p in Document(io.BytesIO(lire(acte.fichiers[0]))).paragraphs)
    assert "Fait à Saint-Chély-d’Apcher" in texte
    assert "à compléter" not in texte.partition("Avant la signature")[0]


def test_la_page_demande_ce_qui_manque_garde_la_saisie_puis_emet(
    accord: Monde, attribuable: Contrat, connecte: Connecte
) -> None:
    client, pk = connecte(accord.chef), accord.fiches[0].pk
    choix = {"genres": ["lettre"], "projets": [pk]}
    page = client.post(f"{URL}emission/", choix)
    assert page.status_code == 200
    texte = page.content.decode()
    assert "Ce que les actes doivent encore dire" in texte
    assert "Pour tous les actes" in texte
    champs = re.findall(r'name="((?:commun|projet)-[^"]+)"', texte)
    assert f"projet-{pk}-adresse-du-beneficiaire" in champs
    envoi = choix | {"etape": "completer", f"projet-{pk}-adresse-du-beneficiaire": "1 place de l’Église"}
    refus = client.post(f"{URL}emission/", envoi)
    assert refus.status_code == 422
    assert "1 place de l’Église" in refus.content.decode()
    assert "Laisser en blanc" in refus.content.decode()
    assert not DocumentEmis.objects.filter(genre="lettre d’attribution").exists()
    long = client.post(f"{URL}emission/", envoi | {champs[0]: "x" * 501, "laisser_en_blanc": "on"})
    assert long.status_code == 422
    suite = client.post(f"{URL}emission/", envoi | dict.fromkeys(champs, "écrit"), follow=True)
    assert "1 acte émis" in suite.content.decode()
    emis = DocumentEmis.objects.get(genre="lettre d’attribution", format="pdf")
    assert {x["valeur"] for x in emis.donnees["acte"]["completions"]} == {"écrit"}


def test_la_commande_lit_un_fichier_et_refuse_ce_qui_n_en_est_pas_un(
    accord: Monde, attribuable: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    valeurs = tout(attribuable, accord.fiches[0].pk)
    fichier = tmp_path / "blancs.json"
    base = ["subvention", "actes", "--territoire", "gevaudan", "--dossier", str(tmp_path)]
    base += ["--emettre", "--genre", "lettre", "--projet", "1"]
    assert main(base) == 1
    assert "il reste à compléter" in capsys.readouterr().out
    for mauvais in ("[]", "{", '{"autre": {}}', '{"communs": {"lieu": 3}}', '{"projets": {"1": "x"}}'):
        fichier.write_text(mauvais)
        assert main([*base, "--completer", str(fichier)]) == 2
        assert "objet JSON" in capsys.readouterr().err
    fichier.write_text(json.dumps({"projets": {"99": {"lieu": "x"}}}))
    assert main([*base, "--completer", str(fichier)]) == 2
    assert "aucun projet n° 99" in capsys.readouterr().err
    assert main([*base, "--completer", str(tmp_path / "absent.json")]) == 2
    capsys.readouterr()
    communs = {x: v for x, v in valeurs.items() if x in COMMUNS}
    siens = {x: v for x, v in valeurs.items() if x not in COMMUNS}
    fichier.write_text(json.dumps({"communs": communs, "projets": {"1": siens}}))
    assert main([*base, "--completer", str(fichier), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["emis"][0]["projet"] == "1"
    assert main([*base[:6], "--laisser-en-blanc"]) == 2
