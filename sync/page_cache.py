"""Pages kept for visitors, never older than the last change.

A page is kept under the mark that was read before it was made. Whatever is projected changes the mark, and pending
changes are projected before the mark is compared, so a late fill lands under a dead key and nothing needs purging.
Each process keeps its own pages: no cache server can be slow or down, and none can be ahead of the database.
"""

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from sync.drain import mark_read, reading

ROOM = 32 * 2**20  # bytes that a process keeps
LARGEST = 512 * 2**10  # bytes of one page
LONGEST_QUERY = 300
MAX_AGE = 600.0  # seconds: bounds what depends on something that no trigger watches
PATIENCE = 5.0  # seconds that a reader waits for another one's page
PAGES = re.compile(r"^/[a-z]{2}/")  # what has a language has readers; accounts, editors and machines live elsewhere
READ = ("GET", "HEAD")
NOT_FOR_ALL = re.compile(r"no-store|private")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole response as it was sent."""

    mark: str
    made_at: float  # by the monotonic clock
    headers: dict[str, str]
    content: bytes

    def response(self, request: HttpRequest) -> HttpResponse:
        """Return it as a new response, or 304 to a reader who has it."""
        whole = HttpResponse(self.content, headers=self.headers)
        return get_conditional_response(request, etag=self.headers["ETag"], response=whole)


class _Maker:
    """The lock of those who want to make one page; gone when nobody holds it."""

    __slots__ = ("__weakref__", "lock")

    def __init__(self) -> None:
        self.lock = threading.Lock()


class PageStore:
    """The pages of this process; the least recently used goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._makers: WeakValueDictionary[Key, _Maker] = WeakValueDictionary()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Key, mark: str) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.mark != mark or time.monotonic() - page.made_at > MAX_AGE:
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Key, page: Page) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._size += len(page.content)
            while self._size > ROOM:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        self._size -= len(page.content) if page else 0

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0

    def maker(self, key: Key) -> _Maker:
        with self._lock:
            return self._makers.setdefault(key, _Maker())


store = PageStore()


class PageCacheMiddleware:
    """Answers visitors with kept pages. Stands before sessions and authentication: a hit runs none of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.PAGE_CACHE or request.method not in READ:
            return self.get_response(request)
        with reading():
            if not is_for_visitors(request):
                return self.get_response(request)
            mark = mark_read()
            return self._serve(request, mark) if mark else self.get_response(request)

    def _serve(self, request: HttpRequest, mark: str) -> HttpResponse:
        """Answer with the kept page. Of several who miss it at once one makes it, and the others wait for that."""
        key = key_of(request)
        page = store.get(key, mark)
        if page is None:
            maker = store.maker(key)
            first = maker.lock.acquire(blocking=False)
            if not first and maker.lock.acquire(timeout=PATIENCE):
                maker.lock.release()  # made by now, unless it may not be kept: then nobody waits in a row
                page = store.get(key, mark)
            try:
                if page is None:
                    response = self.get_response(request)
                    page = _keep(key, mark, response)
                    if page is None:
                        return response
            finally:
                if first:
                    maker.lock.release()
        return page.response(request)


def is_for_visitors(request: HttpRequest) -> bool:
    """Say whether the request reads a public page and comes from nobody in particular: it brings no cookie at all.

    Also the cookie against forged forms counts, since a page may show the secret that belongs to it.
    """
    return (
        request.method == "GET"
        and PAGES.match(request.path_info) is not None
        and not request.COOKIES
        and "HTTP_AUTHORIZATION" not in request.META
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def key_of(request: HttpRequest) -> Key:
    """Return all of a request that a page kept here may depend on."""
    compressed = "gzip" if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "") else ""
    return (request.scheme, request.META.get("HTTP_HOST", ""), request.get_full_path(), compressed)


def _keep(key: Key, mark: str, response: HttpResponse) -> Page | None:
    """Keep a response that is the same for every visitor; None if it may differ."""
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    if (
        response.status_code != 200
        or response.streaming
        or response.cookies
        or not varies <= {"cookie", "accept-encoding"}
        or NOT_FOR_ALL.search(response.get("Cache-Control", ""))
        or len(response.content) > LARGEST
    ):
        return None
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if "Cache-Control" not in response:
        patch_cache_control(response, no_cache=True)  # asked each time, and mostly answered by 304
    page = Page(mark, time.monotonic(), dict(response.headers.items()), response.content)
    store.put(key, page)
    return page
