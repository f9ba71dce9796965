from django.db import migrations

from arpent.plateforme.socle.recherche import InstallerRecherche


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [InstallerRecherche("plans_fiche")]
