"""What the pages of authors and organisations show: who has a resource that the reader may see."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from library.choices import AgentKind
from library.keyset import BY_NAME, NEWEST, page
from library.list_page import PER_PAGE, page_links
from library.listing import items_of
from library.metadata import agent_metadata, agents_metadata
from library.models import Agent, Contribution, Resource

NAMES_PER_PAGE = 200
KINDS = {AgentKind.PERSON: _("Authors"), AgentKind.ORGANISATION: _("Organisations")}


def agents_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `library/agents.html`: the names under one letter, two statements."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else AgentKind.PERSON.value
    named = visible_agents(request.user).filter(kind=kind)
    initials = named.order_by().annotate(letter=Substr("sort_key", 1, 1)).values_list("letter", flat=True)
    letters = sorted(letter for letter in initials.distinct() if letter)
    asked = request.GET.get("letter", "")[:1].lower()
    letter = asked if asked in letters else "".join(letters[:1])
    here = named.filter(sort_key__startswith=letter)
    shown = page(_counted(here, request.user), BY_NAME, request.GET.get("cursor", ""), NAMES_PER_PAGE)

    def address(**parameters: str) -> str:
        return f"?{urlencode({'kind': kind, **parameters})}"

    return {
        "metadata": agents_metadata(request),
        "kind": kind,
        "kind_links": [(str(label), f"?kind={value}", value == kind) for value, label in KINDS.items()],
        "letters": [(each.upper(), address(letter=each), each == letter) for each in letters],
        "agents": [(agent.name, agent.works, agent.get_absolute_url()) for agent in shown.rows],
        **page_links(shown, lambda cursor: address(letter=letter, cursor=cursor)),
    }


def agent_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return the context of `library/agent.html`. Raises Http404 for who has nothing that the reader may see."""
    agent = _counted(Agent.objects.filter(pk=pk), request.user).first()
    if agent is None or not agent.works:
        raise Http404
    found = Resource.objects.visible_to(request.user).by_agent(agent).one_per_work(get_language() or "en")
    shown = page(found, NEWEST, request.GET.get("cursor", ""), PER_PAGE)
    return {
        "metadata": agent_metadata(request, agent),
        "agent": agent,
        "items": items_of(shown.rows, request.user),
        "count": agent.works,
        **page_links(shown, lambda cursor: f"{reverse('library:agent', args=[pk])}?{urlencode({'cursor': cursor})}"),
    }


def visible_agents(user: Any) -> QuerySet[Agent]:
    """Return the agents of resources that `user` may see: a name on drafts alone is not told."""
    visible = Resource.objects.visible_to(user)
    return Agent.objects.filter(pk__in=Contribution.objects.filter(resource__in=visible).values("agent"))


def _counted(agents: QuerySet[Agent], user: Any) -> QuerySet[Agent]:
    visible = Q(contributions__resource__in=Resource.objects.visible_to(user))
    return agents.annotate(works=Count("contributions__resource__work", filter=visible, distinct=True))
