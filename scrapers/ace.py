"""The Annals of Continuing Education: a sitemap → its pages; a page with the AAMA's approval → the course.

No page of a course was ever seen, only two articles on what looks like WordPress. So the way in is the
sitemap every WordPress site has, and a course is known by the one thing that every page selling AAMA credit
must state: the approval sentence, in the wording seen elsewhere. A page without it is refused by name. No
price is read: courses are said to come with the membership.
"""

import re

from lxml.etree import LxmlError, XMLParser, fromstring

from scrapers.aama_sentence import sentences, stated_approvals, stated_credits
from scrapers.addresses import path_end
from scrapers.described import Provider
from scrapers.pages import PageChanged, quoted
from scrapers.parsed import Item, Reading, Refused
from scrapers.trees import html_tree, instead, select, words

_SITEMAP = re.compile(r"<(?:\w+:)?(?:sitemapindex|urlset)\b")
_NOT_PAGES = re.compile(r"/wp-sitemap-(?:taxonomies|users)-")


def read(_: Provider, text: str, url: str) -> Reading:
    """Return a sitemap's addresses or a page's course; name a page that states no approval."""
    if _SITEMAP.search(text[:2000]):
        return Reading(more=_listed(text, url))
    tree = html_tree(text, url)
    titles = [words(one) for one in select(tree, "h1")]
    title = titles[0] if len(titles) == 1 else ""
    found = sentences(words(tree))
    if not found:
        if not title or select(tree, 'input[type="password"]'):
            raise PageChanged(url, "an article or a course under one <h1>", instead(tree))
        why = "it states no approval by the AAMA: an article, or a course in another wording"
        return Reading(refused=(Refused(f"page {path_end(url)}", title, why),))
    if len(found) > 1 or not title:
        told = f"{len(found)} of them under {quoted(' / '.join(titles))}"
        raise PageChanged(url, "one AAMA approval sentence under one <h1>", told)
    cells = {
        "id": path_end(url),
        "title": title,
        "url": url,
        "credits": stated_credits(found[0], url),
        "unit": "aama_ceu",
        "approvals": stated_approvals(found[0], url),
    }
    return Reading((Item(f"the course {title[:60]}", cells),))


def _listed(text: str, url: str) -> tuple[str, ...]:
    # No entities and nothing from elsewhere: a sitemap needs neither, and an attack both.
    parser = XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        tree = fromstring(text.lstrip("\ufeff \r\n\t").encode("utf-8", "replace"), parser)
    except (LxmlError, ValueError) as error:
        raise PageChanged(url, "a sitemap", quoted(str(error))) from None
    found = [str(loc.text or "").strip() for loc in tree.iter("{*}loc")]
    listed = tuple(link for link in found if link and not _NOT_PAGES.search(link))
    if not listed:
        raise PageChanged(url, "a sitemap with addresses", "none")
    return listed
