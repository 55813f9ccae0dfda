from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("choices", "0003_suppression"),
    ]

    operations = [
        migrations.AddField(
            model_name="choice",
            name="salt",
            field=models.BinaryField(
                default=b"", help_text="Opens what that entry is committed to.", max_length=32
            ),
        ),
    ]
