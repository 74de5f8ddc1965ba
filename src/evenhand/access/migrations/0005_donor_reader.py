"""A role that only follows a donor's gift. Changes no table: the roles are words in a column."""

from django.db import migrations, models

from evenhand.access.roles import ROLES


class Migration(migrations.Migration):
    dependencies = [("access", "0004_api_keys")]

    operations = [
        migrations.AlterField(
            model_name="roleheld",
            name="role",
            field=models.CharField(choices=[(role.name, role.meaning) for role in ROLES], max_length=16),
        ),
    ]
