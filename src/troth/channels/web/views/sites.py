"""The organisation's own sites whose pages report here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.web import actions
from troth.channels.web.grounds import visits
from troth.channels.web.models import Site
from troth.channels.web.script import script_of
from troth.channels.web.views.looking import tabs
from troth.core.errors import Invalid
from troth.core.notices.versions import current
from troth.kit import links


class SiteForm(forms.Form):
    """One origin."""

    origin = forms.CharField(label="Address of the site", max_length=200)

    def clean_origin(self) -> str:
        try:
            return actions.origin_of(self.cleaned_data["origin"])
        except Invalid as invalid:
            raise forms.ValidationError(f"{invalid.what} {invalid.do}") from invalid


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sites(request: Any) -> HttpResponse:
    """The origins; by POST one more, or one less."""
    ground = visits(current())
    if request.method == "POST" and request.POST.get("remove"):
        found = Site.objects.filter(origin=request.POST["remove"]).first()
        if found is not None:
            actions.remove_site(found, actor=request.actor)
            messages.success(request, "Its pages report no more.")
        return redirect("web:sites")
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_site(form.cleaned_data["origin"], actor=request.actor)
        messages.success(request, "Its pages may report from now on.")
        return redirect("web:sites")
    context = {
        "tabs": tabs(request, "sites"),
        "form": form,
        "sites": Site.objects.all(),
        "ground": ground,
        "fields": ground.sent if ground else (),
        "size": len(script_of(ground).packed) if ground else 0,
        "tag": f'<script src="{links.absolute(reverse("web:script"))}" async></script>',
    }
    return render(request, "web/sites.html", context, status=422 if form.is_bound else 200)
