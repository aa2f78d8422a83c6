"""The page on which coders answer: what it holds, what it forbids, and what it hands back."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.reports.coding import coding_page, write_page
from bias_toolkit.validity import COLUMNS, Sample, draw_sample, guarded, read_sheets

HOSTILE = "</script><script>alert('x')</script><!-- <img src=x onerror=alert(1)> & \u2028 \"q\""
LEXICON = Lexicon(
    "own", "", categories=(Category(f"war {HOSTILE}", f"=About {HOSTILE}", (Term("siege"),)),)
)


@pytest.fixture(scope="module")
def sample() -> Sample:
    rows = [
        (str(n), f"Outlet{n % 2}", f"Before {n}. A siege {HOSTILE} came. After {n}.")
        for n in range(8)
    ]
    frame = pd.DataFrame(rows, columns=["id", "outlet", "text"]).assign(title="=1+1")
    return draw_sample(LEXICON, frame, per_category=8)


@pytest.fixture(scope="module")
def page(sample: Sample) -> str:
    return coding_page(sample)


class Elements(HTMLParser):
    """Start tags with attributes, and the text of each script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.inside = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.scripts[-1] += data


def policy(page: str) -> dict[str, str]:
    """The directives of the page's security policy."""
    tags = [attrs for tag, attrs in Elements(page).tags if "http-equiv" in attrs]
    parts = [part.strip().partition(" ") for part in str(tags[0]["content"]).split(";")]
    return {name: value for name, _, value in parts}


def test_the_page_holds_the_sheet_and_nothing_of_the_key(sample: Sample, page: str):
    data = json.loads(Elements(page).scripts[0])

    assert data["columns"] == list(COLUMNS)
    assert data["key"] == sample.key.checksum
    assert pd.DataFrame(data["rows"]).equals(sample.sheet)
    assert "Outlet0" not in page
    assert '"hit"' not in page
    assert '"terms"' not in page


def test_the_same_sample_gives_the_same_bytes(sample: Sample, page: str, tmp_path: Path):
    path = write_page(sample, tmp_path / "coders" / "coding.html")

    assert path.read_bytes() == page.encode()


def test_hostile_text_stays_text(page: str):
    """Two scripts, the sheet and the page's own; no element that the text names."""
    tags = [tag for tag, _ in Elements(page).tags]

    assert tags.count("script") == 2
    assert "img" not in tags
    assert "alert(" not in re.sub(r'<script type="application/json".*?</script>', "", page)


def test_only_the_pages_own_script_may_run(page: str):
    found = policy(page)
    digest = base64.b64encode(hashlib.sha256(Elements(page).scripts[1].encode()).digest()).decode()

    assert found["default-src"] == "'none'"
    assert found["script-src"] == f"'sha256-{digest}'"
    assert "connect-src" not in found


def test_the_page_asks_for_no_other_file(page: str):
    for tag, attrs in Elements(page).tags:
        assert tag not in ("link", "iframe", "object", "form")
        assert not {"src", "srcset", "action"} & set(attrs)
        assert attrs.get("href", "#") == "#"
        assert not [name for name in attrs if name.startswith("on")]
    assert not re.search(r"https?://|url\(|@import|XMLHttpRequest|fetch\(|sendBeacon", page)


def test_every_field_has_a_label(page: str):
    """An input stands inside its label; buttons say what they do."""
    for number in re.findall(r"<input[^>]*>", page):
        before = page[: page.index(number)]

        assert before.count("<label") > before.count("</label")


DRIVER = """
localStorage.clear();
const type = (name, text) => {
  byId(name).value = text;
  byId(name).dispatchEvent(new Event("input"));
};
const press = (key) =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
download(new Event("click", { cancelable: true }));
const refused = byId("hint").textContent;
type("coder", "=Zoe"); type("side", '"north", 1');
for (const key of ["1", "0", "U", "ArrowRight", "1", "ArrowLeft"]) press(key);
type("note", '- odd, "q"');
const state = {
  refused, count: byId("count").textContent, sentence: byId("sentence").textContent, sheet: sheet(),
  pressed: buttons.map((button) => button.getAttribute("aria-pressed")), bar: byId("bar").value,
};
const bytes = new TextEncoder().encode(JSON.stringify(state));
document.body.dataset.state = btoa(String.fromCharCode(...bytes));
"""


@pytest.fixture(scope="module")
def driven(page: str, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What the page says and hands back after some keys, in a browser where there is one."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("needs chromium to press the page's keys")
    folder = tmp_path_factory.mktemp("page")
    script = Elements(page).scripts[1]
    open_page = re.sub(r"<meta http-equiv[^>]*>", "", page).replace(script, script + DRIVER)
    (folder / "page.html").write_text(open_page, encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={folder / 'profile'}", (folder / "page.html").as_uri()]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    except subprocess.TimeoutExpired:
        pytest.skip("the browser does not answer here")
    if "</html>" not in shown:
        pytest.skip("the browser does not start here")
    state = re.search(r'data-state="([^"]*)"', shown)

    assert state, "the page's script has failed"
    return json.loads(base64.b64decode(state[1]))


def test_keys_answer_and_move(driven: dict, sample: Sample):
    """1, 0, u, right, 1, left: the fifth sentence is shown, with its answer."""
    assert driven["count"] == "Sentence 5 of 8, 4 answered"
    assert driven["bar"] == 4
    assert driven["sentence"] == sample.sheet["sentence"].iloc[4]
    assert driven["pressed"] == ["true", "false", "false"]


def test_no_sheet_is_handed_back_without_a_name(driven: dict):
    assert driven["refused"].startswith("Write your name or number first")


def test_the_sheet_that_the_page_hands_back_is_read(driven: dict, sample: Sample, tmp_path: Path):
    (tmp_path / "zoe.csv").write_text(driven["sheet"], encoding="utf-8", newline="")
    coding = read_sheets([tmp_path / "zoe.csv"], sample.key)

    assert coding.coders == {"=Zoe": '"north", 1'}
    assert coding.answers["answer"].tolist() == ["1", "0", "unsure", "", "1", "", "", ""]
    assert coding.answers["note"].iloc[4] == '- odd, "q"'
    assert f",{guarded('=Zoe')}," in driven["sheet"]
