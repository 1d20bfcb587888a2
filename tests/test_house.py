"""House rules that a machine can watch, so that reviews are about what a machine cannot see."""

import ast
import io
import re
import subprocess
import tokenize
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 400
FEWEST_WORDS = 2
"""A reason has at least these."""
SHAPELESS = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
CLOCK_OWNERS = {"bot/app.py"}
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")

VERBS = {
    *("help", "demo", "test", "lint", "format", "types", "check"),
    *("crash", "bench", "browser", "standards", "pin", "clean"),
}
ENVIRONMENT = {
    *("WAYMARK_SURVIVOR_TOKEN", "WAYMARK_STAFF_TOKEN", "WAYMARK_API_URL", "DATABASE_URL"),
    *("WAYMARK_KEYSTORE", "WAYMARK_LEADS", "WAYMARK_STAFF_GROUP", "WAYMARK_PUBLIC_URL"),
    *("WAYMARK_WEBHOOK_SECRET", "WAYMARK_HOME", "PORT", "WAYMARK_FLOWS", "WAYMARK_LOCALES"),
    "WAYMARK_PACING",
}

INDEX_ADDRESS = re.compile(
    r"https?://\S*(?:p[y]pi\b|pythonhosted|/simple\b)"
    r"|(?:^|\s)(?:--(?:extra-)?index-url|--find-links|-i|-f)[ =]\S*(?:://|/simple\b)"
    r"|PIP_(?:EXTRA_)?INDEX_URL\s*=",
    re.MULTILINE,
)
OWN_MACHINE = re.compile(r"(?<![\w.:/~$}-])/(?:work|root|home|Users)/[\w.]")
BARE_NOQA = re.compile(r"#\s*noqa\b(?!:\s*[A-Z]+\d)")
SILENCED = re.compile(
    r"#\s*(?:noqa:\s*(?:[A-Z]+\d+[,\s]*)+|type:\s*ignore(?:\[[\w, -]*\])?)(?P<rest>[^\n]*)"
)


def tracked() -> tuple[Path, ...]:
    """Every file git knows or would add, sorted; what .gitignore names is not ours to judge."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    files = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(file for file in set(files) if file.is_file()))


def name_of(file: Path) -> str:
    """The path as the repository sees it."""
    return file.relative_to(ROOT).as_posix()


TRACKED = tracked()
PYTHON = tuple(file for file in TRACKED if file.suffix == ".py")
BOT = tuple(file for file in PYTHON if name_of(file).startswith("bot/"))


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every tracked file that is text."""
    for file in TRACKED:
        content = file.read_bytes()
        if b"\0" not in content:
            yield name_of(file), content.decode("utf-8")


def places(pattern: re.Pattern[str], files: Iterable[tuple[str, str]]) -> list[str]:
    """`file:line` of every match."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}"
        for name, text in files
        for match in pattern.finditer(text)
    ]


def test_the_files_are_found():
    """The other tests judge what this list holds, so it holds the obvious ones."""
    names = {name_of(file) for file in TRACKED}
    assert {"pyproject.toml", "bot/__init__.py", "tests/test_house.py", ".ci/run"} <= names
    assert not any(name.startswith(".venv/") for name in names)


def test_no_file_of_the_bot_is_longer_than_a_sitting():
    """A file that needs more than 400 lines is two files."""
    lengths = {name_of(file): len(file.read_text("utf-8").splitlines()) for file in BOT}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_module_is_named_by_what_it_is_for():
    """`utils` and its kin say nothing, and so attract everything."""
    assert [name_of(file) for file in PYTHON if SHAPELESS & set(file.with_suffix("").parts)] == []


def test_no_file_names_a_package_index():
    """Where packages come from is the business of the machine that installs them."""
    assert places(INDEX_ADDRESS, texts()) == []


def test_no_file_names_a_place_on_somebodys_machine():
    """A path that exists on one machine only is wrong on every other."""
    assert places(OWN_MACHINE, texts()) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (INDEX_ADDRESS, "--" + "index-url https://packages.example/sim" + "ple"),
        (INDEX_ADDRESS, "see https://py" + "pi.org/project/x"),
        (INDEX_ADDRESS, "PIP_INDEX" + "_URL=x"),
        (OWN_MACHINE, "open('/ro" + "ot/notes')"),
        (OWN_MACHINE, "cd /ho" + "me/someone"),
        (BARE_NOQA, "x = 1  # no" + "qa"),
    ],
)
def test_the_patterns_see_what_they_look_for(pattern, line):
    """A pattern that never matches would make the tests above say nothing."""
    assert pattern.search(line)


@pytest.mark.parametrize(
    "line", ["/var/lib/waymark", "https://example.org/ho" + "me/x", "~/work/x"]
)
def test_other_paths_are_nobodys_machine(line):
    """Addresses on the web and places every Debian has are fine."""
    assert not OWN_MACHINE.search(line)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_with_hashes(name):
    """An installer can then take nothing but what was read."""
    pins = pinned(name)
    assert len(pins) > 10
    assert [each for each, hashes in pins.items() if not hashes] == []


def test_testing_uses_the_versions_that_run():
    """What is tested is what survivors meet."""
    running, testing = (pinned(name) for name in REQUIREMENTS)
    assert {name: testing.get(name) for name in running} == running


def test_every_dependency_of_the_project_is_pinned():
    """A dependency added to pyproject.toml needs `make pin` in the same commit."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in project["dependencies"]}
    found = {each.partition("==")[0] for each in pinned("requirements.txt")}
    assert {each.lower().replace(".", "-") for each in wanted} <= found


def pinned(name: str) -> dict[str, tuple[str, ...]]:
    """Each `package==version`, with its hashes; anything else on a line of its own is refused."""
    lines = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
    pins: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.match(
            r"([a-z0-9-]+==[\w.]+)( ; [^#]*?)?((?:\s+--hash=sha256:[0-9a-f]{64})*)$", line.rstrip()
        )
        assert match, f"{name} holds a line that is no pin: {line[:80]}"
        pins[match[1]] = tuple(match[3].split())
    return pins


def test_nobody_reads_a_clock_but_the_entry_points():
    """`now` is an argument, so that a test can choose it."""
    readers = [
        f"{name_of(file)}:{node.lineno}"
        for file in BOT
        if name_of(file) not in CLOCK_OWNERS
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and ast.unparse(node.value).rpartition(".")[2] in {"date", "datetime"}
    ]
    assert readers == []


def test_every_ignored_rule_of_ruff_has_its_reason():
    """An ignore without a reason stays for ever."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    lint = tomllib.loads(text)["tool"]["ruff"]["lint"]
    codes = {
        *lint["ignore"],
        *(code for each in lint["per-file-ignores"].values() for code in each),
    }
    assert len(codes) > 20
    begins, ends = text.index("[tool.ruff.lint]"), text.index("[tool.ruff.lint.pydocstyle]")
    lines = [line for line in text[begins:ends].splitlines() if re.search(r'"[A-Z]{1,7}\d*"', line)]
    seen = {code for line in lines for code in re.findall(r'"([A-Z]{1,7}\d*)"', line)}
    assert codes <= seen
    bare = [line for line in lines if len(words(line.partition("#")[2])) < FEWEST_WORDS]
    assert bare == ['select = ["ALL"]']


def words(text: str) -> list[str]:
    """The words of a reason, without codes and signs."""
    return re.findall(r"[^\W\d_]{2,}", text)


def comments(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every comment; strings that look like one are left out."""
    for token in tokenize.generate_tokens(io.StringIO(file.read_text("utf-8")).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def unexplained(comment: str) -> bool:
    """Whether a comment silences a rule without naming it, or without two words of reason."""
    if BARE_NOQA.search(comment):
        return True
    match = SILENCED.search(comment)
    return bool(match) and len(words(match["rest"])) < FEWEST_WORDS


def test_every_silenced_rule_has_its_reason():
    """`# noqa: CODE - reason`, and the same for `# type: ignore[code]`."""
    silent = [
        f"{name_of(file)}:{line}"
        for file in PYTHON
        for line, comment in comments(file)
        if unexplained(comment)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# noqa", True),
        ("# noqa: S101", True),
        ("# noqa: S101, S102", True),
        ("# noqa: S101 - seeded on purpose", False),
        ("# noqa: S101, S102 - seeded on purpose", False),
        ("# type: ignore[misc]", True),
        ("# type: ignore[misc]  # the stub is wrong here", False),
        ("# nothing is silenced here", False),
    ],
)
def test_a_reason_is_told_from_none(comment, expected):
    """The judge of comments sees both kinds."""
    assert unexplained(comment) is expected


def test_the_procfile_says_release_and_web():
    """A host that reads Procfiles prepares the data first, then runs one process."""
    assert (ROOT / "Procfile").read_text("utf-8") == (
        "release: python -m bot migrate && python -m bot check && python -m bot publish\n"
        "web: python -m bot run\n"
    )


def test_the_makefile_has_every_verb_and_explains_it():
    """`make help` lists them all, each with one line."""
    text = (ROOT / "Makefile").read_text("utf-8")
    assert set(re.findall(r"^([a-z]+):[^=\n]*## \w+", text, re.MULTILINE)) == VERBS


def test_the_readme_names_every_setting():
    """What is not in the table of settings cannot be set by whoever runs Waymark."""
    text = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE)) == ENVIRONMENT


def test_the_documents_point_at_files_that_exist():
    """A link or a path in a document leads somewhere."""
    links = re.compile(
        r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)|`((?:bot|tests|docs|flows)/[\w./-]+)`"
    )
    named = {
        (name, Path(name).parent / match[1] if match[1] else Path(match[2]))
        for name, text in texts()
        if name.endswith(".md")
        for match in links.finditer(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    }
    assert len(named) > 10
    assert [f"{name}: {path}" for name, path in sorted(named) if not (ROOT / path).exists()] == []
