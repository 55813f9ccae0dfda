
import django.db.models.deletion
import troth.core.ids
import troth.core.organisations.scoped
from troth.core.organisations.rls import EnableRowSecurity
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gate', '0001_initial'),
        ('organisations', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.UUIDField(default=troth.core.ids.row_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=60)),
                ('way', models.CharField(help_text='How they were told: a mail, a page.', max_length=40)),
                ('at', models.DateTimeField()),
                ('opens_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('', 'Nothing yet'), ('seen', 'Shown to them'), ('accepted', 'Accepted')], default='', max_length=8)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.RemoveConstraint(
            model_name='stance',
            name='gate_one_stance',
        ),
        migrations.RemoveIndex(
            model_name='permit',
            name='gate_audience',
        ),
        migrations.AddField(
            model_name='permit',
            name='usable_until',
            field=models.DateTimeField(help_text='When a yes ends; empty: it holds.', null=True),
        ),
        migrations.AddField(
            model_name='stance',
            name='ends_at',
            field=models.DateTimeField(help_text='When a yes has to be given anew.', null=True),
        ),
        migrations.AddField(
            model_name='stance',
            name='manner',
            field=models.CharField(blank=True, default='', max_length=70),
        ),
        migrations.AddIndex(
            model_name='permit',
            index=models.Index(condition=models.Q(('usable_from__isnull', False)), fields=['organisation', 'purpose', 'category', 'usable_from', 'usable_until', 'person'], name='gate_audience'),
        ),
        migrations.AddIndex(
            model_name='stance',
            index=models.Index(condition=models.Q(('ends_at__isnull', False)), fields=['ends_at'], name='gate_yes_ends'),
        ),
        migrations.AddConstraint(
            model_name='stance',
            constraint=models.UniqueConstraint(fields=('person', 'purpose', 'manner'), name='gate_one_stance'),
        ),
        migrations.AddField(
            model_name='told',
            name='organisation',
            field=troth.core.organisations.scoped.OrganisationField(editable=False, related_name='+'),
        ),
        migrations.AddField(
            model_name='told',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='people.person'),
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.UniqueConstraint(fields=('person', 'version'), name='gate_told_once'),
        ),
        EnableRowSecurity("gate_told"),
    ]
