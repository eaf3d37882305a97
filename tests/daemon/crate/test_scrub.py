"""Secrets out of text: what goes, what stays, and that the text keeps its shape."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.crate.scrub import Scrubber
from sleepy.sandbox.lexer import closed
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion

BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
# put together here, so that no scanner takes this file for a leak
SECRETS = {
    "aws": "AKIA" + "IOSFODNN7EXAMPLE",
    "github": "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "fine-grained": "github_pat_" + "11ABCDEFG0abcdefghijklmn",
    "gitlab": "glpat-" + "abcDEF123456ghiJKL78",
    "gitlab deploy": "gldt-" + "abcDEFghiJKLmnoPQRst",
    "aws bearer": "ABIA" + "QFNTUV0CLC6LT2BX",
    "discord": "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ." + "ZnCjm1XVW7vRze4b7Cq4se7kKWs",
    "telegram": "110201543:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawk",
    "artifactory": "AKC" + "p5fUDpGxZbe2",
    "slack": "xoxb-" + "123456789012-abcdefGHIJKL",
    "stripe": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "jwt": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n",
    "model hub": "hf_" + "AbCdEfGhIjKlMnOpQrStUv",
    "random": "q7Rz" + "9KfW2mXvB4tYhJ6pLsD8",
    "hex": "9f86d081884c7d659a2feaa0c55ad015" + "a3bf4f1b2b0b822c",
}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("form", ['let x = "{}";', "// see {}\nfn f() {{}}", 'let x = r#"a {} b"#;', 'b"{}"'])
def test_a_secret_is_known_by_its_shape_wherever_it_stands(name: str, form: str) -> None:
    text = form.format(SECRETS[name])
    found = Scrubber().text(text)
    assert SECRETS[name] not in found and len(found) == len(text)
    assert Scrubber().text(form.format("plain words")) == form.format("plain words")


@pytest.mark.parametrize(
    "text",
    [
        'let password = "hunter2";',
        'const API_KEY: &str = "abc";',
        'static DB_SECRET: &\'static str = "abc";',
        'Config { access_key: "abc".into(), n: 1 }',
        'let token = String::from("abc");',
        'let client_secret = Some(String::from("abc"));',
        'let body = r#"{"password": "hunter2"}"#;',
        'let secret = r##"a"#b"##;',
        'let key = env("x").with_token("a1b2c3d4");',
        'map.insert("api_key", "a1b2c3d4");',
        'let passphrase = "with \\"quotes\\" and \\u{1F600} in it";',
        'let url = "postgres://bob:pw1@host/db";',
        'let url = format!("{scheme}://bob:pw1@host/db");',
        'let npmrc = "//registry.example.org/:_authToken=a1b2c3d4";',
        'headers.set("Authorization: Bearer abcdefgh12345");',
    ],
)
def test_a_literal_beside_a_telling_name_is_replaced(text: str) -> None:
    found = Scrubber().text(text)
    assert found != text and len(found) == len(text) and closed(found)
    assert not any(word in found for word in ("hunter2", '"abc"', "a1b2c3d4", 'a"#b', "quotes", "pw1", "abcdefgh12345"))


@pytest.mark.parametrize(
    "text",
    [
        'if token == "let" { next() }',
        'tokens.push("let");',
        "fn token(x: &str) -> Token { Token::Word(x) }",
        'expect(Token::Keyword("struct"))',
        'println!("token = {}", x); format!("{token}", token = "{}");',
        'const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";',
        'include_str!("some/rather/long/path/to/a_file_of_words.txt")',
        'let url = "https://example.org/a/b?c=d";',
        'let kinds = ["APACHE2LICENSE", "APPEND", "AKC", "N.a.b"]; // at 12345678:9',
        "struct Secret { password: String, token: u64 }",
        "let a_very_long_name_with_no_secret_in_it_at_all_1 = 0x9e3779b97f4a7c15f39cc0605cedc834;",
        '"-----BEGIN CERTIFICATE-----"; fn main() { let x = 1; }',
    ],
)
def test_ordinary_code_stays_as_it_is(text: str) -> None:
    assert Scrubber().text(text) == text


@pytest.mark.parametrize("ending", ["\n", "\\n", "\\\n    "])
def test_a_key_in_pem_loses_its_body_and_keeps_its_lines(ending: str) -> None:
    lines = ["-----BEGIN RSA PRIVATE KEY-----", BODY, "ab+/cd==", "-----END RSA PRIVATE KEY-----"]
    text = f'let key = "{ending.join(lines)}";'
    found = Scrubber().text(text)
    assert BODY not in found and "ab+" not in found
    assert found.count("\n") == text.count("\n") and len(found) == len(text) and closed(found)


def test_one_secret_has_one_placeholder_and_two_have_two() -> None:
    scrubber = Scrubber()
    broken = scrubber.text(f'let a = "{SECRETS["random"]}"; let b = "{SECRETS["stripe"]}";')
    fixed = scrubber.text(f'let b = "{SECRETS["stripe"]}"; let a = "{SECRETS["random"]}";')
    first, second = (part.split('"')[1] for part in broken.split(";")[:2])
    assert first != second
    assert fixed == f'let b = "{second}"; let a = "{first}";'


def test_the_compilers_words_lose_what_the_text_lost() -> None:
    key = "hunter2 zebra"
    source = f'fn f() {{\n    let password = "{key}";\n}}\n'
    scrubber = Scrubber()
    clean = scrubber.text(source)
    span = Span(2, 2, 9, 17, True, label=f"this is {key}", text=source.split("\n")[1])
    offer = Suggestion(f"use `{key}`", "MachineApplicable", (Replacement(2, 9, 2, 9, f'"{key}"'),))
    said = Diagnostic("E0308", "error", f"found `{key}`", (span,), (offer,), (f"note {key}",), rendered=key)
    found = scrubber.diagnostic(said, clean)
    assert key not in repr(found) and "hunter2" not in repr(found)
    assert found.spans[0].text == clean.split("\n")[1]
    assert (found.spans[0].line_start, found.spans[0].column_start) == (2, 9)


def test_lines_of_a_secret_are_known_without_the_others() -> None:
    scrubber = Scrubber()
    text = (
        f'const KEY: &str = "-----BEGIN KEY-----\n{BODY}\n-----END KEY-----";\nconst T: &str = "{SECRETS["random"]}";\n'
    )
    assert BODY not in scrubber.text(text)
    prompt = f"2| {BODY}\n3| -----END KEY-----\n4| it is {SECRETS['random']}\n"  # no quotation mark before it
    assert BODY in Scrubber().text(prompt)
    found = scrubber.excerpt(prompt)
    assert BODY not in found and SECRETS["random"] not in found and len(found) == len(prompt)


def test_a_word_that_is_a_password_somewhere_stays_a_word_in_an_excerpt() -> None:
    scrubber = Scrubber()
    assert "default" not in scrubber.text('let password = "default";')
    assert scrubber.excerpt("4| x.unwrap_or_default()") == "4| x.unwrap_or_default()"


WORDS = st.text(string.ascii_letters + string.digits + "+/_-", min_size=1, max_size=40)
PIECES = st.one_of(
    st.sampled_from(list(SECRETS.values())),
    WORDS,
    st.sampled_from(["\n", " ", "\t", "é", "😀", "\\n", '\\"', "// ", "password", "token = ", ": &str = ", "://u:p@"]),
)


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from(["password", "API_TOKEN", "secret", "x"]))
def test_a_program_keeps_its_length_its_lines_and_its_form(inside: str, name: str) -> None:
    text = f'fn f() {{\n    let {name} = "{inside}";\n    // {inside.splitlines()[0] if inside.split() else ""}\n}}\n'
    found = Scrubber().text(text)
    assert len(found) == len(text)
    assert [i for i, letter in enumerate(found) if letter == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    assert closed(found) == closed(text)
    assert Scrubber().text(found) == found


@given(st.text(max_size=300))
def test_any_text_keeps_its_length_and_lines(text: str) -> None:
    found = Scrubber().text(text)
    assert len(found) == len(text) and found.count("\n") == text.count("\n")


@given(st.text(string.ascii_letters + string.digits, min_size=8, max_size=30), st.integers(0, 5))
def test_a_password_is_gone_whatever_it_is(secret: str, before: int) -> None:
    text = "\n" * before + f'let db_password: &str = "{secret}";'
    if not secret.startswith("REDACTED") and set(secret) != {"x"}:
        assert secret not in Scrubber().text(text)
