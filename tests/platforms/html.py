"""Reads HTML as a person sees it: enough of a tree to find what can be pressed, and the words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = {"br", "hr", "img", "input", "link", "meta", "path", "use", "circle", "ellipse", "rect"}
_LINES = {
    "p",
    "h2",
    "h3",
    "h4",
    "div",
    "li",
    "tr",
    "dt",
    "dd",
    "dl",
    "caption",
    "title",
    "desc",
    "summary",
    "form",
    "legend",
    "header",
    "article",
}


@dataclass
class Node:
    """One element and what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Node | str"] = field(default_factory=list)

    def all(self, tag: str | None = None, attribute: str = "", value: str = "") -> list["Node"]:
        """Every element below with this tag, attribute, and word in the attribute's value."""
        return [
            node
            for node in self.below()
            if (tag is None or node.tag == tag)
            and (not attribute or attribute in node.attributes)
            and (not value or value in node.attributes[attribute].split())
        ]

    def below(self) -> Iterator["Node"]:
        for each in self.inside:
            if isinstance(each, Node):
                yield each
                yield from each.below()

    @property
    def raw(self) -> str:
        return "".join(each if isinstance(each, str) else each.raw for each in self.inside)

    @property
    def text(self) -> str:
        """All words, on one line."""
        return " ".join(self.raw.split())

    @property
    def words(self) -> str:
        """The words to read, a line for each paragraph, without what is pressed or chosen."""
        return "\n".join(line for line in (" ".join(each.split()) for each in self.lines().split("\n")) if line)

    def lines(self) -> str:
        """The words as they were written, with a new line around each paragraph."""
        inside = "".join(each if isinstance(each, str) else each.lines() for each in self.inside if self._reads(each))
        return f"\n{inside}\n" if self.tag in _LINES else inside

    @property
    def is_read(self) -> bool:
        """Whether it is words, rather than something to press, choose or fill in."""
        pressed = "button" in self.attributes.get("class", "").split()
        return not pressed and self.tag not in {"select", "input", "textarea"}

    def _reads(self, each: "Node | str") -> bool:
        """A drawing is read by its name and by what it says of itself."""
        if self.tag == "svg":
            return isinstance(each, Node) and each.tag in {"title", "desc"}
        return isinstance(each, str) or each.is_read


def parse(text: str) -> Node:
    """The tree of a page or of a part of one. AssertionError where the elements do not close."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in _EMPTY:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)
