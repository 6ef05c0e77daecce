"""What an installed copy holds: the wheel is built and looked into, and runs from there."""

from __future__ import annotations

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytest.importorskip("setuptools", minversion="70.1", reason="needs setuptools of the test extra to build a wheel")

BUILT = ("setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "searchapp", "static", "seeds")
NAMES = {"sklearn": "scikit-learn"}
"""Libraries of extras that may not be here, where the name to import is not that of the package."""
JUNK = shutil.ignore_patterns("__pycache__", "*.pyc", "*.so", "*.pyd", ".*")
NOT_SHIPPED = (".md", ".pyc", ".c", ".h", ".so", ".pyd")
"""Endings of what the program does not read when it runs, and of what is built anew from the source."""

FETCH_STATIC_FILES = """
import re
import sys
from wsgiref.util import setup_testing_defaults

import searchapp
from searchapp import Archive
from searchapp.web.app import make_app

assert searchapp.__file__.startswith(sys.argv[1]), searchapp.__file__


def get(address):
    statuses = []
    environ = {"PATH_INFO": address}
    setup_testing_defaults(environ)
    answer = app(environ, lambda status, headers, error=None: statuses.append(status))
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    assert statuses == ["200 OK"], (address, statuses)
    return body.decode()


with Archive.open("index") as archive:
    app = make_app(archive)
    for path in re.findall(r'(?:href|src)="(/static/[^"?]+)', get("/")):
        assert get(path)
        print(path)
"""
"""What a browser would fetch for the first page, asked of the copy in the folder that is given."""


def build(source: Path, folder: Path, **environment: str) -> tuple[Path, Path]:
    """Source archive and wheel of the project at `source`, which stays untouched."""
    copy = folder / "project"
    copy.mkdir()
    for name in BUILT:
        if (source / name).is_dir():
            shutil.copytree(source / name, copy / name, ignore=JUNK)
        else:
            shutil.copy(source / name, copy / name)
    code = "from setuptools import build_meta as b; b.build_sdist('..'); b.build_wheel('..')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=copy,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(repository, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def wheel(built: tuple[Path, Path]) -> zipfile.ZipFile:
    return zipfile.ZipFile(built[1])


def shipped(folder: Path) -> set[str]:
    """Every file below `folder` that the program may read when it runs, as paths from there."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in files
        if "__pycache__" not in path.parts and not path.name.startswith(".") and path.suffix not in NOT_SHIPPED
    }


def test_the_wheel_holds_every_file_of_the_package(repository: Path, wheel: zipfile.ZipFile) -> None:
    wanted = {f"searchapp/{name}" for name in shipped(repository / "searchapp")}
    assert wanted
    assert not wanted - set(wheel.namelist())


def test_static_files_are_inside_the_package(repository: Path, wheel: zipfile.ZipFile) -> None:
    # The pictures of the README are no part of the page.
    served = (name for name in shipped(repository / "static") if not name.startswith("screenshots/"))
    wanted = {f"searchapp/static/{name}" for name in served}
    assert wanted
    assert not any("screenshots" in name for name in wheel.namelist())
    assert not wanted - set(wheel.namelist())


def test_the_sample_articles_are_inside_the_package(repository: Path, wheel: zipfile.ZipFile) -> None:
    seeds = repository / "seeds"
    wanted = {f"searchapp/seeds/{path.relative_to(seeds).as_posix()}" for path in seeds.rglob("*") if path.is_file()}
    assert {name for name in wheel.namelist() if name.startswith("searchapp/seeds/")} == wanted


def test_the_wheel_holds_nothing_but_the_package(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"searchapp"}


def test_the_wheel_installs_the_command(wheel: zipfile.ZipFile) -> None:
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "searchapp = searchapp.__main__:main" in wheel.read(entry_points).decode()


def test_every_library_that_is_imported_is_asked_for(repository: Path, wheel: zipfile.ZipFile) -> None:
    (metadata,) = [name for name in wheel.namelist() if name.endswith("METADATA")]
    asked = {
        re.split(r"[^\w-]", line.removeprefix("Requires-Dist: "))[0].lower().replace("_", "-")
        for line in wheel.read(metadata).decode().splitlines()
        if line.startswith("Requires-Dist: ") and "extra == 'test'" not in line.replace('"', "'")
    }
    sources = packages_distributions()
    for path in (repository / "searchapp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for top in {module.split(".")[0] for module in modules} - {"searchapp"} - sys.stdlib_module_names:
                names = {name.lower().replace("_", "-") for name in sources.get(top, [NAMES.get(top, top)])}
                assert names & asked, f"{path.name} imports {top}, which setup.py does not ask for"


def test_the_wheel_is_small_enough_to_mail(built: tuple[Path, Path]) -> None:
    assert built[1].stat().st_size < 16_000_000


def test_an_installed_copy_works_without_the_source_folder(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    wheel.extractall(installed)
    (tmp_path / "news.csv").write_text("title,body\nHello,Ann Lee went to Lima.\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(installed), "SEARCHAPP_PURE": ""}

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("-m", "searchapp", "index", "news.csv")
    assert "Hello" in run("-m", "searchapp", "search", "lima")
    (tmp_path / "page.py").write_text(FETCH_STATIC_FILES, encoding="utf-8")
    fetched = run("page.py", str(installed)).split()
    assert {path.rpartition(".")[2] for path in fetched} >= {"css", "js"}


def asked_for(name: str) -> set[str]:
    """The distributions that one needs to run, with all that those need."""
    found: set[tuple[str, str]] = set()
    waiting = [(name, "")]
    while waiting:
        # One that was met already may be asked for again with an extra.
        one, extra = waiting.pop()
        for line in distribution(one).requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                new = {(needed.name, part) for part in ("", *needed.extras)} - found
                found |= new
                waiting += new
    return {one for one, _ in found}


@pytest.fixture(scope="module")
def bare(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment with the wheel, and of other packages those alone that the wheel asks for."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    tell = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(tell, capture_output=True, text=True, check=True).stdout.strip())
    for name in asked_for("searchapp"):
        home = Path(str(distribution(name).locate_file("")))
        for top in {file.parts[0] for file in distribution(name).files or ()} - {"..", "__pycache__"}:
            if (home / top).exists() and not (site / top).exists():
                try:
                    (site / top).symlink_to(home / top)
                except OSError:
                    pytest.skip("no symbolic links can be made here")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python), "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--no-index", "--no-deps", str(built[1])], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return python.with_name("searchapp")


def test_the_demo_starts_from_the_wheel_where_nothing_else_is_installed(bare: Path, tmp_path: Path) -> None:
    """What uvx and pipx do: an environment of its own, one command, a page."""
    here = tmp_path / "here"
    here.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP")}
    process = subprocess.Popen(
        [bare, "demo", "--no-open", "--port", "0"],
        cwd=here,
        env={**kept, "HOME": str(tmp_path), "SEARCHAPP_DATA": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    try:
        for line in iter(process.stdout.readline, ""):
            said += line
            if address := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            raise AssertionError(said + process.communicate()[1])
        with urllib.request.urlopen(address.group(), timeout=60) as page:
            shown = re.search(r"<dt>articles</dt><dd>(\d+)</dd>", page.read().decode())
        assert shown
        assert f" 0 skipped, 1 passed over; {shown[1]} articles in " in said
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
    assert str(tmp_path / "data" / "demo" / "index") in said
    assert list(here.iterdir()) == []


def test_the_source_archive_can_be_built_from(built: tuple[Path, Path], repository: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(built[0], tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    for name in BUILT:
        assert (source / name).exists(), name
    assert shipped(source / "static")
    assert {path.name for path in (source / "searchapp" / "compiled" / "source").iterdir()} == {
        path.name for path in (repository / "searchapp" / "compiled" / "source").iterdir()
    }
    assert not list(source.rglob("*.so"))


TELL_THE_FORM = "from searchapp import compiled; print(compiled.__file__, compiled.is_compiled())"


def test_where_there_is_a_compiler_the_wheel_holds_one_helper_for_all_versions_of_python(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    if shutil.which("cc") is None or not (Path(sysconfig.get_paths()["include"]) / "Python.h").exists():
        pytest.skip("no C compiler, or no headers of Python")
    (helper,) = [name for name in wheel.namelist() if name.endswith((".so", ".pyd"))]
    assert helper.startswith("searchapp/compiled/_native.")
    assert "-cp311-abi3-" in Path(wheel.filename or "").name
    wheel.extractall(tmp_path)
    assert said_by(tmp_path, SEARCHAPP_PURE="") == f"{tmp_path}/searchapp/compiled/__init__.py True"
    assert said_by(tmp_path, SEARCHAPP_PURE="1") == f"{tmp_path}/searchapp/compiled/__init__.py False"


def test_without_a_compiler_everything_is_there_but_the_helper(repository: Path, tmp_path: Path) -> None:
    archive, built_without = build(repository, tmp_path, CC=str(tmp_path / "no-compiler"))
    assert archive.exists()
    installed = tmp_path / "installed"
    zipfile.ZipFile(built_without).extractall(installed)
    assert not list(installed.rglob("_native.*[!i]"))
    assert said_by(installed, SEARCHAPP_PURE="") == f"{installed}/searchapp/compiled/__init__.py False"
    assert {f"searchapp/{name}" for name in shipped(repository / "searchapp")} <= {
        path.relative_to(installed).as_posix() for path in installed.rglob("*")
    }


def said_by(installed: Path, **environment: str) -> str:
    """Where the installed copy keeps its steps, and whether they are compiled."""
    done = subprocess.run(
        [sys.executable, "-c", TELL_THE_FORM],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
