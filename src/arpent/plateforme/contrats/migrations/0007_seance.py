"""The hour and the place of the meeting that votes, for its convocation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrats", "0006_signature")]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="heure",
            field=models.TimeField(blank=True, null=True, verbose_name="heure de la séance"),
        ),
        migrations.AddField(
            model_name="vote",
            name="lieu",
            field=models.CharField(blank=True, max_length=200, verbose_name="lieu de la séance"),
        ),
    ]
