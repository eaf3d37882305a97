"""The report: what it shows, that foreign text stays text, that the page needs nothing else, its look in a browser."""

from __future__ import annotations

import itertools
import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from tests.daemon import browser
from tests.daemon.evidence import BEGAN, HOSTILE, LOST, NIGHT, SCRIPT, bare, evidence

from sleepy.daemon.attempt.attempt import Attempt, Diagnosis
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.gate.gate import Decision
from sleepy.daemon.gate.reasons import Sentence
from sleepy.daemon.night import measures
from sleepy.daemon.night.exam import Sitting
from sleepy.daemon.night.night import sleep
from sleepy.daemon.report import page, plots, report, safe, svg, text
from sleepy.daemon.report.evidence import Evidence, gather
from sleepy.daemon.report.report import compose
from sleepy.daemon.stages.stages import Answers, Promoted
from sleepy.daemon.stats.intervals import wilson
from sleepy.daemon.tools.equip import equipped
from sleepy.koans import library
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import nights, stages
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.verdict import Outcome, Verdict

STYLE = Path(page.__file__).with_name("page.css").read_text(encoding="utf-8")


def as_page(given: Evidence) -> str:
    return page.html(compose(given))


def as_markdown(given: Evidence) -> str:
    return text.markdown(compose(given))


def charts(whole: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(found) for found in re.findall(r"<svg.*?</svg>", whole, re.S)]  # noqa: S314


class Tags(HTMLParser):
    """Every element and attribute of a page, and the text outside of its styles."""

    def __init__(self, whole: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.data: list[str] = []
        self.feed(whole)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.data.append(data)


# What foreign text may do


def test_no_foreign_text_becomes_an_element_of_the_page() -> None:
    found = Tags(as_page(evidence()))
    assert found.tags & {"script", "img", "iframe", "a", "object"} == set()
    assert [name for name in found.attributes if name.startswith("on")] == []
    shown = "".join(found.data)
    assert spoken(HOSTILE) in shown and LOST in shown and f"b(); // {SCRIPT}" in shown


def test_no_foreign_text_becomes_html_a_link_or_the_end_of_code_in_the_markdown() -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(as_markdown(evidence()))
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inner)}
    assert kinds & {"html_inline", "html_block", "link_open", "image"} == set()
    assert LOST in {token.content for token in inner if token.type == "code_inline"}
    fences = [token.content for token in tokens if token.type == "fence"]
    assert len(fences) == 6 and all(f"// {SCRIPT}" in found and "// ```" in found for found in fences)


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_head() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(as_markdown(evidence()))
    rows: list[int] = []
    for token in tokens:
        if token.type == "thead_open":
            rows = []
        if token.type == "tr_open":
            rows.append(0)
        rows[-1:] = [rows[-1] + 1] if token.type in ("th_open", "td_open") else rows[-1:]
        if token.type == "table_close":
            assert len(set(rows)) == 1
    names = [token.content for token in tokens if token.type == "inline"]
    assert any("a|b" in name for name in names)


@pytest.mark.parametrize("given", ["a\x1b[31mb", "a\u202eb", "a\x00b", "a\ud800b"])
def test_what_cannot_be_seen_is_named(given: str, tmp_path: Path) -> None:
    code = ord(given[1])
    assert f"[U+{code:04X}]" in safe.seen(given)
    base = evidence()
    base = replace(base, made=replace(base.made, decided=replace(base.made.decided, reasons=(Sentence(given),))))
    for path in report.write_both(tmp_path, base):
        assert f"U+{code:04X}" in path.read_text(encoding="utf-8") and given not in path.read_text(encoding="utf-8")


def test_a_plain_string_inside_an_element_is_escaped_and_an_element_is_not() -> None:
    made = svg.element("g", svg.hint(SCRIPT), SCRIPT, id=f'"{SCRIPT}')
    assert SCRIPT not in made and made.count("&lt;script&gt;") == 3 and "<title>" in made
    drawn = ElementTree.fromstring(made)  # noqa: S314
    assert (drawn[0].text, drawn[0].tail, drawn.attrib["id"]) == (SCRIPT, SCRIPT, f'"{SCRIPT}')


@pytest.mark.parametrize("given", ["`", "``a`", "a|b", " a ", "`a`|``"])
def test_a_code_span_shows_what_it_was_given(given: str) -> None:
    row = f"| {safe.code(given, cell=True)} |"
    tokens = MarkdownIt("commonmark").enable("table").parse(f"| x |\n|---|\n{row}\n")
    (found,) = [child.content for token in tokens for child in token.children or () if child.type == "code_inline"]
    assert found.strip() == given.strip()


# What the page is


def test_the_page_fetches_nothing_and_forbids_it() -> None:
    whole = as_page(evidence())
    assert all(link.startswith("data:") for link in Tags(whole).links)
    assert "url(" not in whole and "@import" not in whole
    assert "default-src 'none'" in whole


def test_every_chart_is_xml_named_described_and_followed_by_its_numbers() -> None:
    whole = as_page(evidence())
    found = charts(whole)
    assert len(found) == 14
    space = "{http://www.w3.org/2000/svg}"
    for chart in found:
        assert chart[0].tag == f"{space}title" and chart[0].text
        assert chart[1].tag == f"{space}desc" and chart[1].text
        assert chart.attrib["role"] == "img" and chart.attrib["aria-label"]
    for figures in re.findall(r'<div class="figures">(.*?)</section>', whole, re.S):
        assert figures.count("<details>") >= 1 and "<td" in figures


def test_the_same_night_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); import tests.daemon.report.test_report as t;"
        "e = t.evidence(); print(hashlib.sha256((t.as_page(e) + t.as_markdown(e)).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parents[3])],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


def test_the_report_is_written_without_torch() -> None:
    program = "import sys, sleepy.daemon.report.report; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def _colours(dark: bool) -> dict[str, str]:
    blocks = re.findall(r":root\{(.*?)\}", STYLE, re.S)
    found = dict(re.findall(r"--(\w+):(#[0-9a-f]+)", blocks[dark]))
    return {
        name: value if len(value) == 7 else "#" + "".join(2 * c for c in value[1:]) for name, value in found.items()
    }


@pytest.mark.parametrize("dark", [False, True])
def test_texts_and_marks_stand_out_from_their_ground(dark: bool) -> None:
    colours = _colours(dark)
    for name, least in (("ink", 7), ("faint", 4.5), ("before", 3), ("after", 3), ("lost", 3)):
        assert svg.contrast(colours[name], colours["paper"]) >= least, name
    for ground in ("raised", "add", "del"):
        assert svg.contrast(colours["ink"], colours[ground]) >= 4.5, ground


@pytest.mark.parametrize("diverging", [False, True])
def test_numbers_in_a_heat_map_are_readable_on_every_shade(diverging: bool) -> None:
    for step in range(101):
        ground, over = svg.shade(step / 100, diverging=diverging)
        assert svg.contrast(ground, over) >= 4.5


# What it says


def test_a_night_that_had_nothing_to_learn_says_why_and_shows_no_empty_section() -> None:
    said = as_markdown(bare())
    assert said.startswith("# Night of 2026-11-24\n")
    assert "**Inconclusive.** Nothing changed: `cccccccccccccccc` keeps serving." in said
    assert "- there was no practice" in said
    assert re.findall(r"^## (.*)$", said, re.M) == ["Lessons"]
    assert charts(as_page(bare())) == []


def test_a_promotion_names_the_version_that_serves() -> None:
    base = bare()
    decided = replace(base.made.decided, decision=Decision.PROMOTE)
    made = replace(base.made, promoted=Promoted("f" * 16), decided=decided)
    assert "**Promote.** Version `ffffffffffffffff` serves from now on." in as_markdown(replace(base, made=made))


def test_every_lost_fix_is_shown_from_both_sides_and_three_of_those_gained() -> None:
    base = evidence()
    assert len(base.made.decided.gained) > 3
    said = as_markdown(base)
    section = said.split("## Fixes gained and lost")[1].split("\n## ")[0]
    assert section.count("(gained)") == 3
    assert section.count("the champion's answer passes") == section.count("the challenger's answer fails") == 1
    assert section.count("-    b();") == section.count("+    c();") == 5


def test_an_answer_that_could_not_be_applied_is_said_to_be_one() -> None:
    base = evidence()
    changed = {**base.made.examined.changed, LOST: Answers("", "")}
    made = replace(base.made, examined=replace(base.made.examined, changed=changed))
    assert "fails): the answer could not be applied." in as_markdown(replace(base, made=made))


def test_the_arithmetic_has_every_number_of_the_decision() -> None:
    base = evidence()
    decided = base.made.decided
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", as_markdown(base).split("arithmetic")[1].split("##")[0], re.M))
    n, wins = decided.tasks, len(decided.gained)
    assert rows["exam tasks judged"] == str(n)
    both, neither = int(rows["both pass"]), int(rows["both fail"])
    assert both + neither + wins + 1 == n and both + 1 == decided.baseline and both + wins == decided.challenger
    assert {"12.34", "7.89", "3.2 %", "6.5 %"} <= set(rows.values())
    tail = sum(math.comb(wins + 1, k) for k in range(wins, wins + 2)) / 2 ** (wins + 1)
    assert rows[f"sign test on the {wins + 1} that changed, one-sided p"] == f"{tail:.2g}"


def test_every_lost_task_is_named_and_forty_of_those_gained() -> None:
    base = evidence()
    gained, lost = (tuple(f"{side}{i}" for i in range(50)) for side in "tl")
    made = replace(base.made, decided=replace(base.made.decided, gained=gained, lost=lost))
    said = as_markdown(replace(base, made=made)).split("## The decision")[0]
    assert len(re.findall(r"`l\d+`", said)) == 50 and len(re.findall(r"`t\d+`", said)) == 40
    assert "and 10 more" in said


def test_the_exam_by_pattern_counts_every_task_once() -> None:
    base = evidence()
    section = as_markdown(base).split("## The exam by pattern")[1].split("\n## ")[0]
    cells = [line.split(" | ") for line in section.splitlines() if line.startswith("| ") and "tasks" not in line]
    assert sum(int(row[-7]) for row in cells) == len(base.made.examined.pairs)
    assert sum(int(row[-1].rstrip(" |")) for row in cells) == 1
    assert "9 patterns without a route or a change" in section


def test_the_memory_names_what_storage_costs_with_the_bases() -> None:
    said = as_markdown(evidence())
    assert "the memory takes 0.60 times what the same patterns take as LoRA" in said
    assert "pay off from 4 patterns on" in said  # 500,000 / (150,000 a pattern) = 3.3


def test_old_nights_without_a_record_of_their_memory_leave_those_sections_out() -> None:
    base = evidence()
    old = replace(
        base.made,
        consolidated=replace(base.made.consolidated, memory=None),
        examined=replace(base.made.examined, changed={}),
    )
    titles = re.findall(r"^## (.*)$", as_markdown(replace(base, made=old)), re.M)
    assert "Memory" in titles
    assert not {"What the patterns share", "Fixes gained and lost"} & set(titles)


# The charts


def test_no_numbers_give_no_chart() -> None:
    assert plots.learning_curves({}) == plots.learning_curves({"a": []}) == plots.changes("", []) == ""
    assert plots.heat("", [], [], [], low=0, high=1) == plots.bars("", []) == plots.fates("", []) == ""
    assert plots.growth([plots.Width("2026-11-24", 1, 2, 3)]) == ""


def test_a_learning_curve_falls_on_the_page_as_its_values_fall() -> None:
    made = plots.learning_curves({"one": [(0, 2.0), (50, 1.0), (100, 0.5)]})
    (drawn,) = [p.attrib["d"] for p in charts(made)[0].iter() if p.tag.endswith("path")]
    points = [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", drawn)]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    top, middle, low = (y for _, y in points)
    assert top < middle < low
    assert (low - middle) / (middle - top) == pytest.approx(0.5, abs=0.02)  # the axis is linear


def test_an_interval_is_drawn_as_wide_as_it_is() -> None:
    made = charts(plots.changes("", [plots.Change("one", 20, 5, 15)]))[0]
    lines = [e.attrib for e in made.iter() if e.tag.endswith("line") and e.attrib["stroke"] in (svg.BEFORE, svg.AFTER)]
    whole = svg.WIDTH - 24
    for line, passed in zip(lines, (5, 15), strict=True):
        low, high = wilson(passed, 20)
        assert (float(line["x2"]) - float(line["x1"])) / whole == pytest.approx(high - low, abs=1e-3)


def test_a_heat_map_has_a_square_a_value_and_none_for_what_is_missing() -> None:
    made = charts(plots.heat("", ["x", "y"], ["a"], [[0.25, None]], low=0, high=1))[0]
    hints = [e.text for e in made.iter() if e.tag.endswith("title") and e.text]
    assert hints == ["a, x: 0.25"]


def test_the_models_own_share_of_the_lessons_and_its_rungs_are_told_in_one_line() -> None:
    said = as_markdown(replace(evidence(), own={"samples": 12, "model": 6}))
    assert "The model's own verified answers: 18 of 618 lessons (12 by samples, 6 by model)." in said
    assert "verified answers: 0 of 618 lessons." in as_markdown(replace(evidence(), own={}))


def test_what_was_made_in_the_users_own_functions_is_told_by_pattern() -> None:
    given = evidence()
    name = given.made.curated.patterns[-1]
    curated = replace(given.made.curated, own_code={name: 12})
    said = as_markdown(replace(given, made=replace(given.made, curated=curated)))
    assert "Made in your own functions, of the lessons and held-out koans:" in said
    assert "- 12 of " in said and "Made in your own" not in as_markdown(given)


def test_every_kind_of_fate_has_a_shape_of_its_own() -> None:
    shapes = set()
    for before, after in itertools.product((False, True), repeat=2):
        made = plots.fates("", [("one", [plots.TaskChange("t", before, after)])])
        square = made[made.rindex("</text>") :]  # the last thing drawn
        shapes.add(re.sub(r"<title>.*?</title>|var\(.*?\)", "", square))
    assert len(shapes) == 4


# What the night writes down for it


def attempt(koan: Koan, source: str, outcome: Outcome) -> Attempt:
    return Attempt(Diagnosis(koan, (), "E1"), None, "", "", source, Verdict(outcome), 0.0)


def test_only_tasks_whose_result_changed_are_written_down_with_both_answers() -> None:
    koans = [
        Koan(name, "items", "", "fn a() {}\nbroken\n", "fn a() {}\n") for name in ("kept", "gained", "lost", "jail")
    ]
    good, bad = ("fn a() {}\n", Outcome.PASS), ("", Outcome.COMPILE_ERROR)
    before = [attempt(koan, *found) for koan, found in zip(koans, (good, bad, good, good), strict=True)]
    after = [attempt(koan, *found) for koan, found in zip(koans, (good, good, bad, bad), strict=True)]
    after[3] = attempt(koans[3], "", Outcome.INFRA_ERROR)
    found = measures.changed(Sitting(tuple(before), tuple(after)))
    removed = "@@ -1,2 +1 @@\n fn a() {}\n-broken"
    assert found == {"gained": Answers("", removed), "lost": Answers(removed, "")}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel tells no peak here")
def test_a_stages_peak_of_memory_is_its_own() -> None:
    measures.forget_peak()
    before = int(measures.peak().split()[1])
    held = bytearray(os.urandom(1)) * (200 << 20)
    during = int(measures.peak().split()[1])
    assert len(held) and during >= before + 150
    del held
    measures.forget_peak()
    assert int(measures.peak().split()[1]) < during - 100


def test_earlier_nights_come_oldest_first_and_later_ones_not_at_all(tmp_path: Path) -> None:
    with Database.open(tmp_path / "sleepy.db") as db:
        for day in (22, 23, 25):
            began = nights.begin(db, date(2026, 11, day), seed=0, now=BEGAN)
            stages.start(db, began.id, "consolidate", ordinal=0, inputs_hash="", now=BEGAN)
            stages.finish(db, began.id, "consolidate", {"patterns": ["a"] * day, "k": [1, day]}, now=BEGAN)
            nights.decide(db, began.id, "reject", [])
        tonight = nights.begin(db, NIGHT, seed=0, now=BEGAN)
        found = gather(db, tonight, bare().made)
    assert [item.date.day for item in found.past] == [22, 23, 24]
    assert [len(item.merged.patterns) for item in found.past if item.merged is not None] == [22, 23, 0]


def test_a_real_night_leaves_both_files_and_names_them(tmp_path: Path) -> None:
    with equipped(
        Config(dtype="float32", threads="1"), Home(tmp_path / "home"), exam=library.sealed_exam()[:2]
    ) as tools:
        done = sleep(tools, NIGHT)
        made = {item.name: item.artefact for item in stages.of_night(tools.db, done.id)}
    for name in ("path", "html"):
        assert "Inconclusive." in (tmp_path / "home" / made["report"][name]).read_text()
    said = (tmp_path / "home" / made["report"]["path"]).read_text()
    assert said.endswith(f"With charts: `{NIGHT}.html`, beside this file.\n")


# How it looks


@pytest.fixture(scope="module")
def chromium() -> Iterator[browser.Browser]:
    path = browser.found()
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(browser.NAMES)} in PATH")
    with browser.running(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    given = {"rich": evidence(), "large": evidence(patterns=44, layers=28, past=29), "bare": bare()}
    return {name: report.write_both(folder / name, found)[1] for name, found in given.items()}


@pytest.mark.parametrize("kind", ["rich", "large", "bare"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_is_quiet_and_fits_its_window(
    chromium: browser.Browser, pages: dict[str, Path], kind: str, dark: bool, width: int
) -> None:
    seen = chromium.open(pages[kind], width=width, dark=dark)
    assert seen.complaints == () and seen.requests == ()
    assert seen.window == width and seen.width <= width
    assert seen.clipped == ()
    assert seen.background == ("rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)")


def test_the_browser_would_have_told(chromium: browser.Browser, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<div style='width:3000px'>x</div><img src='missing.png'><script>throw 1</script>"
        "<svg width=10 height=10><text x=5 y=5>too long</text></svg>"
    )
    seen = chromium.open(bad, width=400, dark=False)
    assert seen.requests and seen.complaints and seen.clipped and seen.width > 400
