"""Links in the documents: each that leads to a file of the repository finds it, and the heading it names."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "examples", "benchmarks")
WRITTEN = [path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"]
PAGES = sorted([*WRITTEN, *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md"))])
CODE = re.compile(r"^( *)(```+|~~~+).*?^\1\2|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
LABEL = re.compile(r"^\(([\w-]+)\)=$|\bid=\"([\w-]+)\"", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(page):
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("link", ["nowhere.md", "README.md#no-such-heading", "#no-such-heading", "docs/no/folder/"])
def test_a_broken_link_is_seen(link):
    assert broken_links(ROOT / "README.md", f"# Title\n[text]({link}) and `[code](ignored.md)`") == [link]
    assert broken_links(ROOT / "README.md", "# The title, here\n[text](#the-title-here)\n") == []


def broken_links(page, text):
    """The relative links in `text`, which stands at the path of `page`, that lead nowhere."""
    links = [link for link in LINK.findall(CODE.sub("", text)) if not re.match(r"\w+:|//", link)]
    return [link for link in links if not leads_somewhere(page, text, link)]


def leads_somewhere(page, text, link):
    address, _, anchor = link.partition("#")
    path = (page.parent / address).resolve() if address else page
    if not path.exists() or not anchor or path.suffix != ".md":
        return path.exists()
    return anchor in anchors(text if path == page else path.read_text(encoding="utf-8"))


def anchors(text):
    """What a link may name of a page: its headings, as GitHub and the site spell them, and its labels."""
    prose = re.sub(r"^( *)(```+|~~~+).*?^\1\2", "", text, flags=re.MULTILINE | re.DOTALL)
    named = {a or b for a, b in LABEL.findall(prose)}
    for heading in HEADING.findall(prose):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        named.add(slug)
    return named
