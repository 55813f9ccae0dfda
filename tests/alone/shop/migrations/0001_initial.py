import django.db.models.deletion
import troth.core.ids
import troth.core.organisations.rls
import troth.core.organisations.scoped
import troth.core.sealing.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisations', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.UUIDField(default=troth.core.ids.row_id, editable=False, primary_key=True, serialize=False)),
                ('article', models.CharField(max_length=40)),
                ('note', troth.core.sealing.fields.SealedTextField(category='user.content.private', subject='person')),
                ('organisation', troth.core.organisations.scoped.OrganisationField(editable=False, related_name='+')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        troth.core.organisations.rls.EnableRowSecurity('shop_order'),
    ]
