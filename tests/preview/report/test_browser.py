"""A real browser shows the page: nothing runs, nothing is loaded, all of it is read in light, dark and on a phone.

Where no chromium is, each test is skipped by name; `.ci/run` installs it. With SCREENSHOTS=<folder> the pictures that a
person should look at are kept there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from preview.report import page as pages
from preview.report import svg
from preview.report.topology import of_plan, of_stack
from tests.preview.report import browser
from tests.preview.report.browser import Page
from tests.preview.report.samples import changed_report, costs, harmful_report, plan, platform

TAB, ENTER = 9, 13
_CONTRAST = """(() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const part = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => .2126 * part(c[0]) + .7152 * part(c[1]) + .0722 * part(c[2]);
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const worst = [];
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg') || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))];
    worst.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.tagName + '.' + e.className]);
  }
  for (const e of document.querySelectorAll('svg text')) {
    const box = e.getBBox(), card = e.parentNode.querySelector('.t-card');
    const back = e.classList.contains('t-sign') ? e.previousElementSibling : card;
    if (!back) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).fill)), light(rgb(getComputedStyle(back).fill))];
    worst.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), 'svg ' + e.getAttribute('class')]);
  }
  return worst.sort((x, y) => x[0] - y[0])[0];
})()"""
_OUTSIDE = """[...document.querySelectorAll('svg g')].filter(g => g.querySelector('.t-card')).flatMap(g => {
  const card = g.querySelector('.t-card').getBBox();
  return [...g.querySelectorAll('.t-name, .t-note, .t-kind')].filter(text => {
    const box = text.getBBox();
    return box.x + box.width > card.x + card.width + .5 || box.y + box.height > card.y + card.height + .5;
  }).map(text => text.textContent);
})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    found = browser.found()
    if found is None:
        pytest.skip(f"no browser here: apt-get install chromium (looked for {', '.join(browser.NAMES)})")
    with browser.running(found, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report = changed_report()
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(pages.render(report, costs(report)), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report = harmful_report()
    file = tmp_path_factory.mktemp("page") / "harmful.html"
    file.write_text(pages.render(report, costs(report)), encoding="utf-8")
    return file


def _keep(name: str, picture: bytes) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(picture)


def _requests(page: Page) -> list[str]:
    sent = [event for event in page.events if event["method"] == "Network.requestWillBeSent"]
    return [event["params"]["request"]["url"] for event in sent]


@pytest.mark.parametrize("name", ["changed", "harmful"])
def test_a_page_asks_for_nothing_but_itself_and_runs_nothing(
    page: Page, name: str, request: pytest.FixtureRequest
) -> None:
    file: Path = request.getfixturevalue(name)
    page.open(file)
    assert _requests(page) == [file.as_uri()]
    methods = {event["method"] for event in page.events}
    assert not methods & {"Page.javascriptDialogOpening", "Log.entryAdded", "Runtime.exceptionThrown"}
    assert page.evaluate("document.scripts.length + document.images.length") == 0
    assert page.evaluate("document.querySelectorAll('a:not([href^=\"#\"])').length") == 0


@pytest.mark.parametrize("name", ["changed", "harmful"])
def test_a_phone_scrolls_down_and_never_sideways(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    file: Path = request.getfixturevalue(name)
    page.open(file, width=390)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    if name == "changed":  # the other is longer than a picture may be
        _keep("narrow", page.screenshot())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_text_can_be_read(page: Page, changed: Path, *, dark: bool) -> None:
    page.open(changed, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    _keep("dark" if dark else "light", page.screenshot())
    contrast, where = page.evaluate(_CONTRAST)
    assert contrast >= 4.5, where  # WCAG 2.2, 1.4.3, level AA


def test_dark_is_dark_and_light_is_light(page: Page, changed: Path) -> None:
    pictures = list[bytes]()
    for dark in (False, True):
        page.open(changed, dark=dark)
        first = int(page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))
        assert (first < 64) is dark
        pictures.append(page.screenshot())
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("name", ["changed", "harmful"])
def test_every_word_of_the_picture_lies_in_its_card(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    page.open(request.getfixturevalue(name))
    assert page.evaluate("document.querySelectorAll('svg .t-name').length") > 5
    assert page.evaluate(_OUTSIDE) == []


def test_the_keyboard_reaches_and_opens_everything(page: Page, changed: Path) -> None:
    page.open(changed)
    page.press("Tab", code=TAB)
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    seen = list[str]()
    for _ in range(40):
        page.press("Tab", code=TAB)
        seen.append(page.evaluate("document.activeElement.tagName"))
        if seen[-1] == "SUMMARY" and not page.evaluate("document.activeElement.parentElement.open"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("Enter", code=ENTER)
    assert page.evaluate("document.activeElement.parentElement.open") is True
    assert "FIGURE" in seen  # the picture takes the focus, so that it scrolls by the arrow keys


def test_a_screen_reader_finds_regions_headings_and_tables_with_headers(page: Page, changed: Path) -> None:
    page.open(changed)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if "role" in node]
    assert ("image", "Topology of prod") in roles or ("img", "Topology of prod") in roles
    assert ("region", "Topology of prod") in roles
    assert {"main", "banner", "heading", "table", "columnheader", "rowheader"} <= {role for role, _ in roles}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_picture_alone_is_shown_in_light_and_dark(page: Page, tmp_path: Path, *, dark: bool) -> None:
    file = tmp_path / "topology.svg"
    file.write_text(svg.render([of_plan(plan("prod", platform())), of_stack(changed_report().stacks[1])]))
    page.open(file, dark=dark)
    assert _requests(page) == [file.as_uri()]
    _keep(f"picture-{'dark' if dark else 'light'}", page.screenshot())
    first = int(page.evaluate("getComputedStyle(document.querySelector('.t-page')).fill.match(/\\d+/)[0]"))
    assert (first < 64) is dark
    assert page.evaluate(_OUTSIDE) == []
