from django.db import migrations

from arpent.plateforme.socle.recherche import InstallerRecherche


class Migration(migrations.Migration):
    """SQLite rebuilt the table of the fiches in the migration before: its search triggers are set again."""

    dependencies = [("plans", "0003_fiches_entieres")]

    operations = [InstallerRecherche("plans_fiche")]
