"""What is written like a name and names nothing that an archive is searched for: measures, offices, faiths, laws."""

from __future__ import annotations

import re
from functools import lru_cache

from searchapp.language.names import LEGAL_SUFFIXES, words_of

__all__ = ["is_no_name"]

_ABBREVIATIONS = frozenset(
    "SMS SMSs GDP GNP GVA MoU MoUs MOU MOUs CEO CEOs CFO COO CTO CIO IGP DIG DGP ADGP SSP SP DSP ASP SME SMEs "
    "MSME MSMEs NGO NGOs CSO CSOs FOB CIF VAT GST IPO IPOs LPG LNG TV DNA RNA HIV AIDS HIV/AIDS COVID COVID-19 "
    "Covid-19 PPE ATM ATMs FAQ PDF GPS SUV SUVs ICU MRI BMI FDI FDIs PPP PPPs ROI EBITDA AGM EGM GMT EST UTC BST "
    "EDT PDT IST R&D ICT IoT MP MPs MLA MLAs MEP MEPs MNA MNAs MPA MPAs PhD MBA BSc MSc CV OBE MBE CBE UFO UFOs "
    "DIY API APIs FIR FIRs PIL PILs LGBT LGBTQ LGBTQ+ LGBTI IDP IDPs EV EVs PCR P/E L/C Q1 Q2 Q3 Q4 H1 H2".split()
)
"""Case counts: "Sms" can be somebody's name."""
_FIGURES = frozenset(
    "pct qtr qtrs qtly shr shrs mln mlns bln blns dlr dlrs cts revs avg mths wks vs prev fob cif nil ctg "
    "qtrly annl gnp gdp opg bbl bbls tonne tonnes".split()
)
"""Words of reports of earnings, however they are written."""
_SUFFIXES = frozenset("inc incorporated corp corporation co company cos ltd limited llc plc gmbh".split())
_FAITHS = frozenset(
    "islam buddhism hinduism christianity judaism sikhism jainism catholicism protestantism lutheranism calvinism "
    "shintoism taoism daoism zoroastrianism paganism islamism zionism sufism salafism wahhabism marxism communism "
    "quran koran bible torah".split()
)
_PHRASES = frozenset(
    "first nations|first nation|head of state|heads of state|head of government|chief of staff|chiefs of staff|"
    "commander in chief|chief justice|secretary of state|speaker of the house|leader of the opposition|"
    "chief executive officer|chief financial officer|chief operating officer|board of directors|officer commanding|"
    "world war i|world war ii|first world war|second world war|cold war|christmas|christmas day|christmas eve|ramadan|"
    "easter|easter sunday|good friday|eid|eid al fitr|eid al adha|diwali|brexit|covid|new years eve|new years day|"
    "gross domestic product|gross national product|year to date".split("|")
)
_OFFICE = re.compile(
    r"(?:(?:deputy|vice|acting|former|additional|assistant|joint) )*"
    r"(?:(?:inspector|director|attorney|secretary|governor|solicitor|auditor|surgeon|comptroller) generals?"
    r"|(?:superintendent|commissioner|chief|minister|president|chairman) of"
    r"(?: the)?(?= police| state| finance| defen[cs]e| interior| justice| republic| board| senate))"
    r"(?: of)?(?: the)?(?: (?:police|state|health|education|finance|prisons|defen[cs]e|interior|justice|republic|board|"
    r"senate|foreign affairs))?"
)
_LAWS = frozenset("act bill amendment ordinance treaty accord accords protocol constitution".split())
"""What a law or treaty ends with, where more stands before it."""


@lru_cache(maxsize=100_000)
def is_no_name(shown: str, kind: str) -> bool:
    """Whether a stretch of text that was taken for a name of this kind names no person, place or organisation."""
    if shown in _ABBREVIATIONS:
        return True
    words = words_of(shown)
    if not words:
        return False
    if len(words) == 1:
        if kind == "person" and len(words[0]) == 1:
            return True  # An initial without its name.
        return words[0] in _FIGURES or words[0] in _FAITHS or words[0] in _SUFFIXES
    joined = " ".join(words)
    if joined in _PHRASES or (kind == "organisation" and words[-1] in _LAWS):
        return True
    return _OFFICE.fullmatch(joined) is not None or all(word in LEGAL_SUFFIXES or word == "and" for word in words)
