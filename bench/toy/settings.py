"""The hub's settings, and the toy."""

from __future__ import annotations

from troth.hub.settings import *  # noqa: F403 - settings build on settings
from troth.hub.settings import INSTALLED_APPS as HUB

INSTALLED_APPS = [*HUB, "bench.toy"]
