"""Links of the built site: each leads to a page that is there, and to a place in it."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest


class Page(HTMLParser):
    """The links of a page, and the places in it that links may name."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places = [], {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.places |= {given.get("id"), given.get("name") if tag == "a" else None}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]


@pytest.fixture(scope="module")
def pages(site):
    """Every page of the site, by its path."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_link_leads_to_a_place(site, pages):
    broken = []
    for path, page in pages.items():
        for link in {link for link in page.links if not re.match(r"\w+:|//", link)}:
            address, _, place = link.partition("#")
            target = (path.parent / unquote(address.partition("?")[0])).resolve() if address else path
            if not target.exists() or (target in pages and unquote(place) not in pages[target].places):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_the_site_is_whole(site, pages):
    names = {path.relative_to(site).as_posix() for path in pages}
    assert {"index.html", "search.html", "genindex.html", "reference/generated/commands/fit.html"} <= names
    assert (site / "objects.inv").exists()  # what other projects link here by
