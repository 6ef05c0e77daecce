"""News agencies and picture agencies, as bylines, datelines and credits name them. Each stands here once."""

from __future__ import annotations

import re

__all__ = ["AGENCY", "CREDITED", "WIRE", "agencies_in_line", "agency_of_dateline", "is_agency"]

_WIRES = (
    "AP", "A.P.", "The Associated Press", "Associated Press", "Reuters", "Thomson Reuters", "AFP",
    "Agence France-Presse", "Agence France Presse", "UPI", "United Press International",
    "dpa", "DPA", "Deutsche Presse-Agentur",
    "TASS", "ITAR-TASS", "RIA Novosti", "Sputnik", "Interfax", "Interfax-Ukraine", "Ukrinform", "Xinhua",
    "Xinhua News Agency", "China News Service", "Kyodo", "Kyodo News", "Jiji", "Jiji Press", "Yonhap",
    "Yonhap News Agency", "Bernama", "Antara", "PTI", "Press Trust of India", "IANS", "ANI", "UNI", "APP", "IRNA",
    "ISNA", "Fars", "Tasnim", "Anadolu", "Anadolu Agency", "AA", "ANSA", "Adnkronos", "EFE", "Europa Press", "Lusa",
    "ANP", "Belga", "APA", "CTK", "ČTK", "PAP", "MTI", "Tanjug", "Hina", "BTA", "ATA", "Armenpress", "Azertac",
    "Trend", "Report", "PA", "PA Media", "Press Association", "AAP", "Canadian Press", "The Canadian Press", "NZPA",
    "Bloomberg", "Bloomberg News", "Dow Jones", "Dow Jones Newswires", "MarketWatch", "Business Wire", "PRNewswire",
    "PR Newswire", "GlobeNewswire", "VOA", "VOA News",
    "Voice of America", "RFE/RL", "RFE", "Radio Free Europe", "Radio Free Europe/Radio Liberty", "Radio Free Asia",
    "RFA", "Inter Press Service", "IPS", "UN News", "WAM", "SPA", "MENA", "SANA", "NNA", "KUNA", "QNA", "MAP",
    "APS", "NAN", "GNA", "CMC", "CNS", "Petra", "Prensa Latina", "Notimex", "Agência Brasil",
    "Télam", "MercoPress", "Montsame", "CNA",
)  # fmt: skip
_OUTLETS = (
    "BBC", "BBC News", "CNN", "CNBC", "NPR", "PBS", "Deutsche Welle", "DW", "France 24", "RFI", "Al Jazeera",
    "Al Jazeera English", "Euronews", "Politico", "Axios",
    "The New York Times", "New York Times", "The Washington Post", "Washington Post", "The Guardian", "The Times",
    "The Telegraph", "The Independent", "Financial Times", "The Wall Street Journal", "Wall Street Journal",
    "Los Angeles Times", "USA Today", "The Economist", "Le Monde", "Der Spiegel", "El País", "CBS News", "NBC News",
    "ABC News", "Fox News", "Sky News", "ITV News", "CBC News", "Kyiv Independent", "The Kyiv Independent",
    "The Moscow Times", "The Jerusalem Post", "Haaretz", "The Times of Israel", "The Hindu", "The Times of India",
    "South China Morning Post", "The Japan Times", "The Straits Times", "Asharq Al-Awsat", "Arab News",
)  # fmt: skip
_PICTURES = (
    "AP Photo", "AFP Photo", "Reuters Photo", "Getty", "Getty Images", "Shutterstock", "EPA", "EPA-EFE", "EPA Images",
    "Alamy", "Alamy Stock Photo", "Photolure", "Sipa", "ZUMA", "Zuma",
    "ZUMA Press", "Zuma Press", "ZUMA Wire", "SOPA Images", "NurPhoto", "Imago",
    "IMAGO", "PA Wire", "PA Images", "Rex", "Rex Features", "Magnum", "Magnum Photos", "Unsplash", "Pexels", "Pixabay",
    "Flickr", "Wikimedia", "Wikimedia Commons", "iStock", "Pool", "Handout", "Pool Photo", "Bettmann", "Corbis",
    "Panos", "VII", "LaPresse", "UPI Photo", "Maxar Technologies", "Planet Labs", "Kremlin.ru", "File",
)  # fmt: skip


def _any_of(names: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + ")"


_IN_CAPITALS = tuple(name.upper() for name in ("Reuters", "Xinhua", "Bloomberg", "Interfax", "Yonhap"))
AGENCY = _any_of((*_WIRES, *_OUTLETS, *_IN_CAPITALS))
"""Pattern of one news agency, paper or broadcaster, in the letters it writes itself with."""
WIRE = _any_of((*_WIRES, *_IN_CAPITALS, *_PICTURES, "POOL"))
"""Pattern of one that sells reports or pictures: its name beside a sign is a credit more often than not."""
CREDITED = _any_of((*_WIRES, *_OUTLETS, *_IN_CAPITALS, *_PICTURES, "GETTY IMAGES", "POOL", "HANDOUT", "FILE"))
"""Pattern of one that pictures are credited to."""

_LIST = rf"{AGENCY}(?:(?:\s*[,;/&+|]\s*|,?\s+(?:and|with|via)\s+){AGENCY})*"
_LINE = re.compile(
    rf"(?:(?:[Ss]ources?|SOURCE|[Ff]rom|[Bb]y)\s{{0,3}}[:\s]\s{{0,3}})?(\()?({_LIST})(?(1)\))\s{{0,3}}[.:]?"
)
_OF_DATELINE = re.compile(
    rf"[^\n()]{{1,70}}(?P<known>\({_LIST}\)) ?[-–—:]"
    # After a city in capitals, with or without a date, the brackets can hold any agency.
    r"|[ \t]*[A-ZÀ-Ý]{2}[A-ZÀ-Ý .'’/-]{1,40}(?:,[^\n()]{1,40})? ?(?P<other>\([^\W\d_][^()\n]{1,40}\)) ?[-–—]"
)
_LIKE_AN_AGENCY = re.compile(
    r"(?:[A-Z][\w.'’&-]*\s+){0,4}(?:News|Press|Agency|Wire|Newswire|Post|Times|Service|Today|TV|Radio)"
)
_ONE = re.compile(AGENCY)


def agencies_in_line(line: str) -> str:
    """The agencies that `line` names and nothing else, such as "AP and Reuters"; empty when it says anything more."""
    match = _LINE.fullmatch(line.strip())
    return match[2] if match else ""


def is_agency(name: str) -> bool:
    """Whether `name` is an agency or paper that is known, or is called as they are."""
    return bool(agencies_in_line(name) or _ONE.fullmatch(name) or _LIKE_AN_AGENCY.fullmatch(name))


def agency_of_dateline(line: str) -> tuple[int, int] | None:
    """Where the brackets stand that name the agency in a dateline: the "(Reuters)" of "LAGOS, March 4 (Reuters) -"."""
    match = _OF_DATELINE.match(line)
    return match.span("known" if match["known"] else "other") if match else None
