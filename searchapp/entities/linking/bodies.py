"""Well-known bodies that newspapers name by an acronym alone, and the name that a reader would choose."""

from __future__ import annotations

from functools import cache, lru_cache

from searchapp.language.labels import label_table
from searchapp.language.names import spelled, words_of

__all__ = ["known_body"]

_MORE = {
    "AFP": "agence france presse",
    "AP": "associated press|a p",
    "APEC": "asia pacific economic cooperation|asia pacific economic co operation",
    "ASEAN": "association of southeast asian nations|association of south east asian nations",
    "Al Qaeda": "al qaeda|al qaida|qaeda",
    "BBC": "british broadcasting corporation",
    "CIA": "central intelligence agency|us central intelligence agency",
    "CNN": "cable news network",
    "ECOWAS": "economic community of west african states",
    "European Union": "european union|eu",
    "FBI": "federal bureau of investigation|us federal bureau of investigation",
    "European Commission": "ec commission|eu commission|commission of the european communities",
    "FIFA": "fifa",
    "Federal Home Loan Bank Board": "fhlbb|us federal home loan bank board",
    "Federal Reserve": "us federal reserve",
    "Hezbollah": "hezbollah|hizbollah|hizbullah|hezbullah|hizballah",
    "Islamic State": "islamic state|isis|isil|daesh|islamic state of iraq and the levant|islamic state group",
    "NAFTA": "north american free trade agreement",
    "NASA": "national aeronautics and space administration",
    "NATO": "nato|north atlantic treaty organisation|north atlantic alliance",
    "OECD": "organisation for economic co operation and development|"
    "organisation for economic cooperation and development",
    "OPEC": "opec|organisation of the petroleum exporting countries|organisation of petroleum exporting countries",
    "Organization for Security and Co-operation in Europe": "osce|organisation for security and cooperation in europe|"
    "organisation for security and co operation|organisation for security and cooperation",
    "Reuters": "reuters|reuter|thomson reuters|reuters news agency",
    "TASS": "tass|itar tass",
    "Taliban": "taliban|taleban",
    "U.N. Security Council": "un security council|united nations security council",
    "U.S. Agency for International Development": "usaid|us agency for international development",
    "UEFA": "uefa|union of european football associations",
    "U.S. State Department": "state department|us department of state",
    "UNESCO": "unesco|united nations educational scientific and cultural organisation",
    "Volkswagen": "vw|volkswagen|volkswagen ag|volkswagenwerk|volkswagenwerk ag",
    "UNHCR": "unhcr|united nations high commissioner for refugees|un high commissioner for refugees|un refugee agency",
    "UNICEF": "unicef|united nations childrens fund|un childrens fund|un childrens agency",
} | dict.fromkeys(
    (
        "Adnkronos",
        "Antara",
        "Armenpress",
        "Bernama",
        "Interfax",
        "Kyodo",
        "Montsame",
        "Notimex",
        "Tanjug",
        "Tasnim",
        "Ukrinform",
        "Xinhua",
        "Yonhap",
    ),
    "",
)
"""Label to the folded names that mean it, beside those that `searchapp.language.labels` knows as codes."""


@lru_cache(maxsize=100_000)
def known_body(shown: str) -> str | None:
    """The label of the well-known body that a name means; None for other names.

    An acronym counts only in capitals: "WHO" is the World Health Organization, "Who" a band.
    """
    words = words_of(shown)
    label = _by_name().get(spelled(words))
    if label is None and len(words) == 1 and shown.replace(".", "").isupper():
        label = label_table("labels.tsv")["organisations"].get(words[0])
    return label


@cache
def _by_name() -> dict[tuple[str, ...], str]:
    found = {spelled(words_of(label)): label for label in label_table("labels.tsv")["organisations"].values()}
    for label, names in _MORE.items():
        found[spelled(words_of(label))] = label
        for name in filter(None, names.split("|")):
            found[spelled(tuple(name.split()))] = label
    return found
