"""The queue: one mail per key, tried again, given up with a reason, never two senders at once."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from arpent.plateforme.notifications import courriels
from arpent.plateforme.notifications.courriels import ATTENTES, mettre_en_file, vider_la_file
from arpent.plateforme.notifications.models import Courriel

pytestmark = pytest.mark.django_db
E = Courriel.Etat


def courriel(cle: str = "a", **champs: Any) -> Courriel:
    defaut: dict[str, Any] = {"sujet": "Objet", "texte": "Bonjour", "raison": "vous suivez ce territoire"}
    return mettre_en_file("claire@exemple.fr", cle=cle, **(defaut | champs))


@pytest.fixture
def panne(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The next sendings fail with what the test says."""

    def poser(erreur: Exception) -> None:
        def refuser(self: EmailBackend, messages: Any) -> int:
            raise erreur

        monkeypatch.setattr(EmailBackend, "send_messages", refuser)

    return poser


def test_un_courriel_part_une_fois_et_dit_pourquoi():
    courriel()
    assert vider_la_file().envoyes == 1
    assert vider_la_file().envoyes == 0
    (parti,) = mail.outbox
    assert parti.to == ["claire@exemple.fr"]
    assert "Vous recevez ce courriel parce que vous suivez ce territoire." in parti.body
    assert "/mes-nouvelles/reglages/" in parti.body
    assert Courriel.objects.get().etat == E.ENVOYE


def test_la_meme_cle_ne_fait_qu_un_courriel():
    assert courriel("x") == courriel("x", sujet="Autre objet")
    assert Courriel.objects.count() == 1


def test_un_objet_sur_deux_lignes_tient_sur_une():
    courriel(sujet="Objet\r\nBcc: intrus@exemple.fr")
    vider_la_file()
    assert mail.outbox[0].subject == "Objet Bcc: intrus@exemple.fr"
    assert mail.outbox[0].bcc == []


def test_la_version_html_ne_laisse_passer_aucune_balise():
    courriel(
        texte="<script>alert(1)</script> https://pirate.invalid/a http://127.0.0.1:8000/fiches/?q=a&tri=b"
    )
    vider_la_file()
    html = str(mail.outbox[0].alternatives[0][0])
    assert "<script>" not in html
    assert 'href="http://127.0.0.1:8000/fiches/?q=a&amp;tri=b"' in html
    assert 'href="https://pirate' not in html, "les mots de quelqu’un ne mènent nulle part"


def test_une_piece_part_avec_le_courriel():
    courriel(pieces=[("reunion.ics", "text/calendar", b"BEGIN:VCALENDAR")])
    vider_la_file()
    assert mail.outbox[0].attachments[0][0] == "reunion.ics"


def test_une_panne_reporte_le_courriel_de_plus_en_plus_loin(panne: Any):
    panne(SMTPServerDisconnected("coupé"))
    courriel()
    maintenant = timezone.now()
    for rang, minutes in enumerate(ATTENTES, 1):
        assert vider_la_file(maintenant).reportes == 1
        lu = Courriel.objects.get()
        assert (lu.essais, lu.etat) == (rang, E.EN_FILE)
        assert lu.prochain_essai_le == maintenant + timedelta(minutes=minutes)
        assert vider_la_file(maintenant).reportes == 0, "avant l’heure, rien"
        maintenant = lu.prochain_essai_le
    assert vider_la_file(maintenant).echecs == 1
    assert Courriel.objects.get().erreur == "Le serveur de courriel a coupé la connexion."


def test_une_adresse_refusee_n_est_pas_essayee_de_nouveau(panne: Any):
    panne(SMTPRecipientsRefused({"claire@exemple.fr": (550, b"No such user")}))
    courriel()
    assert vider_la_file().echecs == 1
    assert "refuse cette adresse (550 No such user)" in Courriel.objects.get().erreur


def test_une_adresse_refusee_pour_un_temps_est_essayee_de_nouveau(panne: Any):
    panne(SMTPRecipientsRefused({"claire@exemple.fr": (450, b"Busy")}))
    courriel()
    assert vider_la_file().reportes == 1


@pytest.mark.parametrize(
    ("erreur", "dit"),
    [
        (SMTPAuthenticationError(535, b"bad"), "ARPENT_SMTP_"),
        (ConnectionRefusedError("refusée"), "ARPENT_SMTP_HOTE"),
        (ValueError("mauvais en-tête"), "n’a pas pu être composé"),
    ],
)
def test_une_erreur_dit_quoi_verifier_et_le_courriel_attend(panne: Any, erreur: Exception, dit: str):
    panne(erreur)
    courriel()
    assert vider_la_file().reportes == 1
    assert dit in Courriel.objects.get().erreur


def test_un_courriel_pris_par_un_autre_n_est_pas_envoye():
    pris = courriel()
    maintenant = timezone.now()
    Courriel.objects.filter(pk=pris.pk).update(
        etat=E.EN_COURS, prochain_essai_le=maintenant + timedelta(minutes=5)
    )
    assert vider_la_file(maintenant).envoyes == 0


def test_celui_d_un_expediteur_mort_repart_apres_son_bail():
    pris = courriel()
    maintenant = timezone.now()
    Courriel.objects.filter(pk=pris.pk).update(etat=E.EN_COURS, prochain_essai_le=maintenant)
    assert vider_la_file(maintenant + timedelta(seconds=1)).envoyes == 1


def test_une_longue_file_ne_laisse_personne_prendre_celui_qui_part(monkeypatch: pytest.MonkeyPatch):
    """Six minutes a mail; while the third one leaves, another round passes: it is nobody else's."""
    for cle in ("a", "b", "c"):
        courriel(cle)
    maintenant, ecoule = timezone.now(), [0.0]
    monkeypatch.setattr(courriels.time, "monotonic", lambda: ecoule[0])
    d_a_cote: list[int] = []

    def lentement(self: EmailBackend, messages: Any) -> int:
        ecoule[0] += 360
        if ecoule[0] == 3 * 360:
            monkeypatch.setattr(EmailBackend, "send_messages", lambda _, envoyes: len(envoyes))
            d_a_cote.append(vider_la_file(maintenant + timedelta(seconds=ecoule[0])).envoyes)
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", lentement)
    assert vider_la_file(maintenant).envoyes == 3
    assert d_a_cote == [0]


def test_relancer_remet_en_file_et_repart_de_zero():
    refuse = courriel()
    Courriel.objects.filter(pk=refuse.pk).update(etat=E.ECHEC, essais=8)
    courriels.relancer_envoi(refuse)
    assert vider_la_file(timezone.now() + timedelta(seconds=1)).envoyes == 1


@pytest.mark.parametrize("geste", [courriels.relancer_envoi, courriels.abandonner])
def test_un_courriel_envoye_ne_se_relance_ni_ne_se_retient(geste: Any):
    parti = courriel()
    vider_la_file()
    with pytest.raises(ValueError, match="envoyé"):
        geste(parti)


def test_un_courriel_abandonne_ne_part_pas():
    courriels.abandonner(courriel())
    assert vider_la_file().envoyes == 0


def test_un_lien_personnel_est_efface_une_fois_envoye():
    courriel(texte="https://exemple.fr/jeton", secret=True)
    vider_la_file()
    assert "jeton" in mail.outbox[0].body
    assert "jeton" not in Courriel.objects.get().texte
