from __future__ import annotations

import troth.core.ids
import troth.core.organisations.scoped
from troth.core.ledger.guards import Install
from troth.core.organisations.rls import EnableRowSecurity
from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies: ClassVar = [
        ('organisations', '0001_initial'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('id', models.UUIDField(default=troth.core.ids.row_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(blank=True, max_length=32)),
                ('body', models.BinaryField()),
                ('at', models.CharField(max_length=24)),
                ('organisation', troth.core.organisations.scoped.OrganisationField(db_index=False, editable=False, related_name='+')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField()),
                ('root', models.BinaryField(max_length=32)),
                ('note', models.TextField()),
                ('at', models.CharField(max_length=24)),
                ('organisation', troth.core.organisations.scoped.OrganisationField(db_index=False, editable=False, related_name='+')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'size'), name='ledger_checkpoint_size')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=troth.core.ids.row_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField()),
                ('body', models.BinaryField()),
                ('leaf', models.BinaryField(max_length=32)),
                ('act', models.CharField(max_length=64)),
                ('subject', models.CharField(blank=True, max_length=32)),
                ('at', models.CharField(max_length=24)),
                ('organisation', troth.core.organisations.scoped.OrganisationField(db_index=False, editable=False, related_name='+')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('subject', ''), _negated=True), fields=['subject', 'position'], name='ledger_entry_subject'), models.Index(fields=['organisation', 'act', 'position'], name='ledger_entry_act')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'position'), name='ledger_entry_position')],
            },
        ),
        migrations.CreateModel(
            name='Node',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField(help_text='log2 of the leaves below: a multiple of 8.')),
                ('index', models.BigIntegerField(help_text='Which subtree of that level, from the left, from 0.')),
                ('hash', models.BinaryField(max_length=32)),
                ('organisation', troth.core.organisations.scoped.OrganisationField(db_index=False, editable=False, related_name='+')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'level', 'index'), name='ledger_node_place')],
            },
        ),
        EnableRowSecurity('ledger_pending'),
        EnableRowSecurity('ledger_entry'),
        EnableRowSecurity('ledger_node'),
        EnableRowSecurity('ledger_checkpoint'),
        Install(),
    ]
