"""The compliance report as one HTML file: no script, no font, no image, nothing to load; light and dark, and for paper.

It is built as a tree, so that every text is escaped where it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, tostring

from policies.judge import Finding, Outcome
from policies.report_text import Report, excepted, place, share
from policies.report_verdicts import Compliance, Evidence, Status, Verdict

_STYLE: Final = Path(__file__).with_name("report.css")
_CLASSES: Final[Mapping[Status, str]] = {
    Status.BROKEN: "broken",
    Status.CANNOT_TELL: "unclear",
    Status.MET: "met",
    Status.OUTSIDE: "outside",
}
_MARKS: Final[Mapping[Status, str]] = {
    Status.BROKEN: "✕",
    Status.CANNOT_TELL: "?",
    Status.MET: "✓",
    Status.OUTSIDE: "·",
}
_EXPLAINED: Final = (
    "Met means that the rules named beside a control found nothing wrong with what the plan would create: it is "
    "evidence for an audit, not a certificate. What is outside infrastructure code needs other evidence."
)


def as_html(report: Report) -> str:
    """The whole page."""
    title = f"Compliance of {report.stack}"
    page = _tag(
        "html",
        _tag(
            "head",
            _tag("meta", charset="utf-8"),
            _tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            _tag("title", title),
            _tag("style", _STYLE.read_text(encoding="utf-8")),
        ),
        _tag("body", _tag("main", *_header(report, title), *_frameworks(report), _footer(report))),
        lang="en",
    )
    return "<!doctype html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def _tag(name: str, /, *children: Element | str, **attributes: str) -> Element:
    """An element with texts and elements in it. `class_` stands for `class`, which Python keeps for itself."""
    element = Element(name, {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            element.append(child)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + child
        else:
            element.text = (element.text or "") + child
    return element


def _header(report: Report, title: str) -> Iterator[Element]:
    yield _tag("h1", title)
    yield _tag(
        "p", f"Project {report.project}, judged as of {report.as_of}, before anything is created.", class_="quiet"
    )


def _frameworks(report: Report) -> Iterator[Element]:
    for compliance in report.compliances:
        yield _tag("h2", f"{compliance.framework.title} {compliance.framework.version}")
        yield _tag("p", f"Infrastructure code can show {share(compliance)}.", class_="quiet")
        yield _tag("div", *_totals(compliance), class_="totals")
        yield _bar(compliance)
        for status in Status:
            verdicts = [verdict for verdict in compliance.verdicts if verdict.status is status]
            if verdicts:
                yield _group(status, verdicts)


def _group(status: Status, verdicts: Sequence[Verdict]) -> Element:
    """The controls of one status; what is outside is folded, since nothing is to be done about it here."""
    count = f"{len(verdicts)} control{'s' if len(verdicts) != 1 else ''}"
    heading = _tag("h3", _tag("span", f"{_MARKS[status]} {status}", class_=f"pill {_CLASSES[status]}"), f" {count}")
    table = _tag("table", _tag("colgroup", _tag("col", class_="id"), _tag("col")), _tag("tbody", *map(_row, verdicts)))
    if status is not Status.OUTSIDE:
        return _tag("section", heading, table)
    return _tag("section", _tag("details", _tag("summary", heading), table, class_="group"))


def _totals(compliance: Compliance) -> Iterator[Element]:
    for status, count in compliance.counts.items():
        yield _tag("div", _tag("strong", str(count)), status, class_=f"total {_CLASSES[status]}")


def _bar(compliance: Compliance) -> Element:
    label = ", ".join(f"{count} {status}" for status, count in compliance.counts.items())
    parts = (
        _tag("span", class_=_CLASSES[status], style=f"flex: {count}", title=f"{count} {status}")
        for status, count in compliance.counts.items()
        if count
    )
    return _tag("div", *parts, class_="bar", role="img", aria_label=label)


def _row(verdict: Verdict) -> Element:
    control = verdict.control
    title = _tag("div", control.title, _tag("span", control.section, class_="section"), class_="title")
    return _tag("tr", _tag("th", control.id, scope="row"), _tag("td", title, *_because(verdict)))


def _because(verdict: Verdict) -> Iterator[Element]:
    yield _tag("div", verdict.reason[:1].upper() + verdict.reason[1:] + ".", class_="reason")
    told = [evidence for evidence in verdict.evidence if evidence.judged]
    if told:
        names = ", ".join(evidence.rule.id for evidence in told)
        content = [element for evidence in told for element in _of_rule(evidence)]
        is_open = {"open": "open"} if verdict.status is Status.BROKEN else {}
        yield _tag("details", _tag("summary", names), _tag("ul", *content), **is_open)


def _of_rule(evidence: Evidence) -> Iterator[Element]:
    rule = evidence.rule
    if not evidence.findings:
        yield _tag("li", _tag("code", rule.id), f" passes: {rule.title} ({_judged(evidence)})")
    for finding in evidence.findings:
        yield _tag("li", _tag("code", place(finding.urn), title=finding.urn), f": {_said(evidence, finding)}")
    if evidence.are(Outcome.BROKEN):
        yield _tag("li", _tag("strong", "To fix: "), rule.remedy)


def _said(evidence: Evidence, finding: Finding) -> str:
    return finding.message + excepted(evidence, finding)


def _judged(evidence: Evidence) -> str:
    count = len(evidence.judged)
    return f"{count} resources" if count != 1 else place(evidence.judged[0])


def _footer(report: Report) -> Element:
    notes = [_tag("p", _EXPLAINED)]
    for compliance in report.compliances:
        framework = compliance.framework
        sources = "; ".join(framework.sources)
        notes.append(
            _tag(
                "p",
                _tag("strong", f"{framework.title} {framework.version}: "),
                f"control ids read {framework.read} in {sources}. Not read: {framework.not_read}.",
            )
        )
    if report.left_out:
        names = ", ".join(report.left_out)
        notes.append(_tag("p", f"Left out, since the stack has nothing that they speak of: {names}."))
    return _tag("footer", *notes, class_="quiet")
