from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('socle', '0003_vocabulaire'),
    ]

    operations = [
        migrations.CreateModel(
            name='Battement',
            fields=[
                ('nom', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('le', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'battement',
                'verbose_name_plural': 'battements',
            },
        ),
    ]
