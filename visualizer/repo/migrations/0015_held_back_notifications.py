from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visualizer', '0014_tracked_values'),
    ]

    operations = [
        migrations.AddField(
            model_name='notification',
            name='held_back',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
