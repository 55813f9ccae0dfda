"""The kit: page pieces, words, charts, calendars and mail transport. It knows no domain."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "troth.kit"
    label = "kit"
