"""Help articles for those who write them."""

from __future__ import annotations

from difflib import unified_diff
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.channels.community.clauses import CommunityMissing
from troth.channels.community.forms import ArticleForm
from troth.channels.community.helping import writing
from troth.channels.community.models import Article, Edition
from troth.channels.community.pages import parts
from troth.core.errors import Invalid, Refusal

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    rows = list(Article.objects.select_related("shows", "section").order_by("section__name"))
    for one in rows:
        one.newest = one.editions.first()  # type: ignore[attr-defined]
    return render(
        request, "community/articles.html", {"articles": rows, "parts": parts("articles")}
    )


@never_cache
@require_http_methods(METHODS)
def new(request: Any) -> HttpResponse:
    form = ArticleForm(request.POST or None, fresh=True)
    refusal: Refusal | None = None
    preview = ""
    if form.is_bound and form.is_valid():
        if request.POST.get("do") == "preview":
            preview = form.cleaned_data["body"]
        else:
            try:
                made = writing.begin(actor=request.actor, **form.cleaned_data)
                return redirect("community:write", made.slug)
            except Invalid as refused:
                refusal = refused
    context = {"form": form, "refusal": refusal, "preview": preview}
    status = 422 if form.is_bound and not preview else 200
    return render(request, "community/write_article.html", context, status=status)


@never_cache
@require_http_methods(METHODS)
def write(request: Any, slug: str) -> HttpResponse:
    """An article: its newest edition to be changed, and all before it."""
    found = _one(slug)
    newest = _edition(found, None)
    first = {"title": newest.title, "body": newest.body}
    form = ArticleForm(request.POST or None, fresh=False, initial=first)
    preview = newest.body
    if form.is_bound and form.is_valid():
        if request.POST.get("do") == "preview":
            preview = form.cleaned_data["body"]
        else:
            writing.save(found, actor=request.actor, **form.cleaned_data)
            messages.success(request, "Saved as a new edition. It shows when you publish it.")
            return redirect("community:write", slug)
    context = {
        "form": form,
        "article": found,
        "newest": newest,
        "editions": list(found.editions.all()),
        "preview": preview,
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "community/write_article.html", context, status=status)


@never_cache
@require_POST
def publish(request: Any, slug: str) -> HttpResponse:
    writing.publish(_one(slug), actor=request.actor, number=_number(request.POST.get("number")))
    messages.success(request, "It shows.")
    return redirect("community:write", slug)


@never_cache
@require_POST
def restore(request: Any, slug: str) -> HttpResponse:
    writing.restore(_one(slug), actor=request.actor, number=_number(request.POST.get("number")))
    messages.success(request, "It is the newest edition now. It shows when you publish it.")
    return redirect("community:write", slug)


@never_cache
@require_POST
def withdraw(request: Any, slug: str) -> HttpResponse:
    writing.withdraw(_one(slug), actor=request.actor)
    return redirect("community:write", slug)


@never_cache
@require_safe
def compare(request: Any, slug: str) -> HttpResponse:
    """Two editions, line by line."""
    found = _one(slug)
    after = _edition(found, _number(request.GET.get("to")))
    before = _edition(found, _number(request.GET.get("from")))
    lines = [
        (line[:1], line[1:])
        for line in unified_diff(_lines(before), _lines(after), lineterm="", n=3)
        if not line.startswith(("---", "+++", "@@"))
    ]
    context = {"article": found, "before": before, "after": after, "lines": lines}
    return render(request, "community/compare.html", context)


def _lines(edition: Edition) -> list[str]:
    return [edition.title, *edition.body.splitlines()]


def _one(slug: str) -> Article:
    found = Article.objects.filter(slug=slug).select_related("shows", "section").first()
    if found is None:
        raise CommunityMissing("There is no such article.")
    return found


def _edition(article: Article, number: int | None) -> Edition:
    rows = article.editions.all()
    found = (rows if number is None else rows.filter(number=number)).first()
    if found is None:
        raise CommunityMissing("There is no such edition.")
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004
