from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visualizer', '0009_open_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('scopes', models.CharField(max_length=256)),
                ('created', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('last_used', models.DateTimeField(null=True)),
            ],
        ),
    ]
