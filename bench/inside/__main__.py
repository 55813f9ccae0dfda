"""`python -m bench.inside NAME [ARGUMENTS]`: measure, and print the outcome as JSON."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.toy.settings")
django.setup()

name, *arguments = sys.argv[1:]
print(json.dumps(import_module(f"bench.inside.{name}").measure(*arguments)))
