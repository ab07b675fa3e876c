"""What a page lacks for those who hear it, read it on a phone, or print it; `python3 pages.py FILE…` says so for reports."""
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path


def faults(page):
    """Every fault of a page, in words."""
    reader = _Reader()
    reader.feed(page)
    return reader.faults()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.count, self.ids, self.targets, self.viewport, self.open = [], Counter(), Counter(), [], "", []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.count[tag] += 1
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        if tag == "html" and not attributes.get("lang"):
            self.found.append("no language")
        if tag == "meta" and attributes.get("name") == "viewport":
            self.viewport = attributes.get("content", "")
        if tag == "img" and not (attributes.get("alt") or "").strip():
            self.found.append("a picture without alternative text")
        if tag == "th" and attributes.get("scope") not in ("col", "row"):
            self.found.append("a table header without scope")
        if tag in ("script", "link") or (attributes.get("src") or "").startswith("http"):
            self.found.append(f"something from elsewhere: {tag}")
        if tag == "a" and (attributes.get("href") or "").startswith("#"):
            self.targets.append(attributes["href"][1:])
        if re.search(r"(?<![-\w])(min-)?width:\s*\d{3,}px", attributes.get("style") or ""):
            self.found.append(f"a fixed width: {tag} {attributes['style']}")
        if tag == "table" and self.count["nav"] and not any("wide" in classes for classes in self.open):
            self.found.append("a table that a phone cannot scroll")
        if tag == "div":
            self.open.append((attributes.get("class") or "").split())

    def handle_endtag(self, tag):
        if tag == "div" and self.open:
            self.open.pop()

    def faults(self):
        if "width=device-width" not in self.viewport:
            self.found.append("no viewport: a phone shows it tiny")
        self.found += [f"{self.count[tag]} × {tag}, not one" for tag in ("main", "h1", "title") if self.count[tag] != 1]
        if self.count["h2"] and not self.count["nav"]:
            self.found.append("no list of contents")
        self.found += [f"{times} elements are called {name}" for name, times in self.ids.items() if times > 1]
        self.found += [f"a link to {target}, which is not there" for target in self.targets if target not in self.ids]
        return self.found


if __name__ == "__main__":
    said = [f"{name}: {fault}" for name in sys.argv[1:] for fault in faults(Path(name).read_text(encoding="utf-8"))]
    print("\n".join(said) or f"{len(sys.argv) - 1} pages: nothing is missing")
    sys.exit(bool(said))
