from __future__ import annotations

from troth.channels.campaigns.endpoints import urls as endpoints

app_name = "campaigns"
urlpatterns = [*endpoints.urlpatterns]
