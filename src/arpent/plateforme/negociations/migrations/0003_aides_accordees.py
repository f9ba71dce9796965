"""The agreements already made are noted on their fiches, as the acceptance of a maquette does from now on."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def noter(apps, schema_editor):
    Fiche = apps.get_model("plans", "Fiche")
    Proposition = apps.get_model("negociations", "Proposition")
    retenues = Proposition.objects.order_by().filter(
        scenario__est_courant=True, scenario__etat="accepte", decision="retenue", montant__gt=0
    )
    accord = retenues.filter(fiche=OuterRef("pk")).values("montant")[:1]
    Fiche.objects.filter(pk__in=retenues.values("fiche")).update(aide_accordee=Subquery(accord))


class Migration(migrations.Migration):
    dependencies = [("negociations", "0002_scenarios"), ("plans", "0008_aide_accordee")]
    operations = [migrations.RunPython(noter, migrations.RunPython.noop)]
