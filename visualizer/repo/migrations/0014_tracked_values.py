from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visualizer', '0013_seen_processes'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrackedValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value_hash', models.BigIntegerField()),
                ('request_id', models.CharField(max_length=128)),
                ('timestamp_s', models.FloatField()),
            ],
            options={
                'indexes': [models.Index(fields=['timestamp_s'], name='tracked_time')],
                'constraints': [models.UniqueConstraint(fields=('value_hash', 'request_id'), name='tracked_once')],
            },
        ),
    ]
