"""Reads HTML as a browser would, so that tests can say what of it is markup and what is text."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"meta", "br", "img", "input", "link", "hr", "rect", "circle", "path", "polygon"}


class Markup(HTMLParser):
    """The elements of a document, its attributes, its text inside and outside code, and whether it nests well."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements = list[str]()
        self.attributes = list[tuple[str, str, str]]()
        self.comments = list[str]()
        self.code = list[str]()
        self.plain = list[str]()
        self.faults = list[str]()
        self._open = list[str]()
        self.feed(html)
        self.close()
        self.faults += [f"<{name}> is never closed" for name in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:]}")
        elif self._open:
            self._open.pop()

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        (self.code if "code" in self._open else self.plain).append(data)

    @property
    def text(self) -> str:
        return "".join([*self.plain, *self.code])
