from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visualizer', '0015_held_back_notifications'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='seenprocess',
            index=models.Index(fields=['first_s'], name='process_came'),
        ),
    ]
