"""Changes that compile and seldom are what was meant are told; the like that people do write are not."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.suspect import suspicions
from sleepy.daemon.fix.words import Words

_PLOT = "struct Plot(u8, u8, u8); "
_BED = "enum Place { Bed { plants: u8, seeds: u8, name: String } } "
_TOLD = [
    ("names.push(2);", "names.clone().push(2);", "works on a copy that is lost (`.clone()`)"),
    ("self.parts.sort();", "self.parts.clone().sort();", "works on a copy that is lost (`.clone()`)"),
    ("for word in words { word.push('a'); }", "for mut word in words.clone() { word.push('a'); }", "changes a copy that is lost (`for mut`)"),
    ("store(text);", "let _ = store(text);", "throws a value away (`let _ =`)"),
    ("fn rest(whole: u8, part: u8) -> u8 { whole }", "fn rest(whole: u8, _part: u8) -> u8 { whole }", "leaves `part` unused"),
    ("let far: u8 = 999;", "let far: u8 = u8::MAX;", "replaces 999 by `MAX`"),
    ("if list.not_full() { 1 }", "if list.full() { 1 }", "turns `not_full` into its opposite, `full`"),
    ("line.push(1);", "line.push_front(1);", "chooses `push_front` for `push`"),
    ("a.limit < b", "a.limit < Some(b)", "compares an Option by order: None is less than all"),
    ("b >= a.limit", "Some(b) >= a.limit", "compares an Option by order: None is less than all"),
    ("let far: u64 = wide * high;", "let far: u64 = (wide * high).into();", "converts after the arithmetic"),
    ("fn f(a: u8) -> f64 { a / 2 }", "fn f(a: u8) -> f64 { (a / 2).into() }", "converts after the arithmetic"),
    ("let left: usize = a - b;", "let left: usize = (a - b).try_into().unwrap();", "converts after the arithmetic"),
    (
        "let add = || { hits += 1; }; add(); hits",
        "let add = move || { hits += 1; }; add(); hits",
        "changes a copy of `hits` (`move`)",
    ),
    (_PLOT + "let Plot(wide, high) = plot;", _PLOT + "let Plot(wide, high, _) = plot;", "passes over a field (`_`)"),
    (_BED + "Bed { plants } => plants,", _BED + "Bed { plants, .. } => plants,", "passes over a field (`..`)"),
    (_BED + "Bed { plants } => plants,", _BED + "Bed { plants, seeds: _ } => plants,", "passes over a field (`_`)"),
    ("if back { -1 } else { 1 }", "if back { 0 } else { 1 }", "changes -1 to 0"),
    ("if back { -1 } else { 1 }", "if back { !1 } else { 1 }", "changes -1 to !1"),
    ("step(-2)", "step(2)", "changes -2 to 2"),
    ("far(place)", "far(place, place)", "gives `far` the argument `place` twice"),
    ("far(place, 4)", "far(place)", "no longer gives `far` the argument `4`"),
    ("self.row = rows;", "self.row = self.row;", "assigns `self.row` to itself"),
]  # fmt: skip
_MEANT = [
    ("let again = names;", "let again = names.clone();"),
    ("names.push(other);", "names.push(other.clone());"),
    ("let all = join(names);", "let all = names.clone().join(1);"),
    ("names", "names.clone().join(1)"),
    ("return names;", "return names.clone().len();"),
    ("for word in words { show(word); }", "for word in words.clone() { show(word); }"),
    ("let n = text.len();", "let n = text.chars().count();"),
    ("list.ful()", "list.full()"),
    ("let found = b;", "let found = Some(b);"),
    ("if a == b { 1 }", "if a == Some(b) { 1 }"),
    ("let far: u64 = wide * high;", "let far: u64 = u64::from(wide) * u64::from(high);"),
    ("let hours: u64 = minutes / 60;", "let hours: u64 = (minutes / 60).into();"),
    ("let part: u8 = whole / 3;", "let part: u8 = (whole / 3).try_into().unwrap();"),
    ("let far: String = give(wide);", "let far: String = give(wide - 1).into();"),
    ("let add = || { let mut n = 1; n += 1; }; n", "let add = move || { let mut n = 1; n += 1; }; n"),
    (_PLOT + "let Plot(wide, ground) = plot;", _PLOT + "let Plot(wide, _, _) = plot;"),
    (
        _PLOT.replace("Plot(u8, u8, u8)", "Plot(u8, String)") + "let Plot(n) = plot;",
        _PLOT.replace("Plot(u8, u8, u8)", "Plot(u8, String)") + "let Plot(n, _) = plot;",
    ),
    (_BED + "Bed => 1,", _BED + "Bed { .. } => 1,"),
    (_BED + "Bed { name } => name,", _BED + "Bed { name, .. } => name,"),
    ("all - 1", "all + 1"),
    ("all.len() - 1", "all.len()"),
    ("Some => 1,", "Some(_) => 1,"),
    ("let all = rows;", "let all = &rows[..];"),
    ("let all = rows.collect();", "let all: HashMap<_, _> = rows.collect();"),
    ("far(place)", "far(place, row)"),
    ("fn far(place: u8, row: u8) {}", "fn far(place: u8) {}"),
    ("near(&far(place))", "near(far(place))"),
    ("self.row = rows;", "self.row = self.rows;"),
    ("spawn(|| { show(hits); }); hits", "spawn(move || { show(hits); }); hits"),
]


@pytest.mark.parametrize(("old", "new", "said"), _TOLD)
def test_what_is_seldom_meant_is_told(old: str, new: str, said: str) -> None:
    assert list(suspicions(Words(old), Words(new))) == [said]
    assert not list(suspicions(Words(new), Words(new)))


@pytest.mark.parametrize(("old", "new"), _MEANT)
def test_what_people_write_is_not(old: str, new: str) -> None:
    assert not list(suspicions(Words(old), Words(new)))
