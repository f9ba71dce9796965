from django.db import migrations

VOTES = ("signature", "en_vigueur", "echu", "solde")


def ouvrir(apps, schema_editor):
    """The credits of a contract whose votes are done: voted = agreed."""
    Contrat = apps.get_model("contrats", "Contrat")
    Mouvement = apps.get_model("negociations", "Mouvement")
    demarches = Contrat.objects.filter(etat__in=VOTES).values_list("demarche", flat=True)
    convenus = Mouvement.objects.filter(stade="convenu", enveloppe__demarche__in=list(demarches))
    Mouvement.objects.bulk_create(
        [
            Mouvement(
                enveloppe_id=m.enveloppe_id, stade="vote", genre="vote", montant=m.montant, annee=m.annee,
                fiche_id=m.fiche_id, motif="Ouverture du grand livre", par_nom="Arpent",
                demonstration=m.demonstration,
            )
            for m in convenus
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("contrats", "0001_initial"), ("negociations", "0006_credits")]

    operations = [migrations.RunPython(ouvrir, migrations.RunPython.noop)]
