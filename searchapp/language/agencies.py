"""News agencies and picture agencies, as bylines, datelines and credits name them."""

from __future__ import annotations

import re

__all__ = ["AGENCY", "CREDITED", "agencies_in_line", "is_agency"]

_NEWS = (
    "AP", "A.P.", "The Associated Press", "Associated Press", "Reuters", "Thomson Reuters", "AFP",
    "Agence France-Presse", "Agence France Presse", "UPI", "United Press International",
    "dpa", "Deutsche Presse-Agentur",
    "TASS", "ITAR-TASS", "RIA Novosti", "Sputnik", "Interfax", "Interfax-Ukraine", "Ukrinform", "Xinhua",
    "Xinhua News Agency", "China News Service", "Kyodo", "Kyodo News", "Jiji", "Jiji Press", "Yonhap",
    "Yonhap News Agency", "Bernama", "Antara", "PTI", "Press Trust of India", "IANS", "ANI", "UNI", "APP", "IRNA",
    "ISNA", "Fars", "Tasnim", "Anadolu", "Anadolu Agency", "AA", "ANSA", "Adnkronos", "EFE", "Europa Press", "Lusa",
    "ANP", "Belga", "APA", "CTK", "ČTK", "PAP", "MTI", "Tanjug", "Hina", "BTA", "ATA", "Armenpress", "Azertac",
    "Trend", "Report", "PA", "PA Media", "Press Association", "AAP", "Canadian Press", "The Canadian Press", "NZPA",
    "Bloomberg", "Bloomberg News", "Dow Jones", "Dow Jones Newswires", "MarketWatch", "Business Wire", "PRNewswire",
    "PR Newswire", "GlobeNewswire", "BBC", "BBC News", "CNN", "CNBC", "NPR", "PBS", "VOA", "VOA News",
    "Voice of America", "RFE/RL", "RFE", "Radio Free Europe", "Radio Free Europe/Radio Liberty", "Radio Free Asia",
    "RFA", "Deutsche Welle", "DW", "France 24", "RFI", "Al Jazeera", "Al Jazeera English", "Euronews", "Politico",
    "Axios", "Inter Press Service", "IPS", "UN News", "WAM", "SPA", "MENA", "SANA", "NNA", "KUNA", "QNA", "MAP",
    "APS", "NAN", "Prensa Latina", "Notimex", "Agência Brasil", "Télam", "MercoPress", "Montsame", "CNA",
    "The New York Times", "New York Times", "The Washington Post", "Washington Post", "The Guardian", "The Times",
    "The Telegraph", "The Independent", "Financial Times", "The Wall Street Journal", "Wall Street Journal",
    "Los Angeles Times", "USA Today", "The Economist", "Le Monde", "Der Spiegel", "El País", "CBS News", "NBC News",
    "ABC News", "Fox News", "Sky News", "ITV News", "CBC News", "Kyiv Independent", "The Kyiv Independent",
    "The Moscow Times", "The Jerusalem Post", "Haaretz", "The Times of Israel", "The Hindu", "The Times of India",
    "South China Morning Post", "The Japan Times", "The Straits Times", "Asharq Al-Awsat", "Arab News",
)  # fmt: skip
_PICTURES = (
    "AP Photo", "AFP Photo", "Reuters Photo", "Getty", "Getty Images", "Shutterstock", "EPA", "EPA-EFE", "EPA Images",
    "Alamy", "Alamy Stock Photo", "Photolure", "ZUMA", "ZUMA Press", "ZUMA Wire", "SOPA Images", "NurPhoto", "Imago",
    "IMAGO", "PA Wire", "PA Images", "Rex", "Rex Features", "Magnum", "Magnum Photos", "Unsplash", "Pexels", "Pixabay",
    "Flickr", "Wikimedia", "Wikimedia Commons", "iStock", "Pool", "Handout", "Pool Photo", "Bettmann", "Corbis",
    "Panos", "VII", "LaPresse", "UPI Photo", "Maxar Technologies", "Planet Labs", "Kremlin.ru", "File",
)  # fmt: skip


def _any_of(names: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + ")"


AGENCY = _any_of((*_NEWS, *(name.upper() for name in ("Reuters", "Xinhua", "Bloomberg", "Interfax", "Yonhap"))))
"""Pattern of one news agency or paper, in the letters it writes itself with."""
CREDITED = _any_of((*_NEWS, *_PICTURES, "REUTERS", "BLOOMBERG", "XINHUA", "GETTY IMAGES", "POOL", "HANDOUT", "FILE"))
"""Pattern of one that pictures are credited to."""

_LINE = re.compile(
    rf"(?:(?:[Ss]ources?|SOURCE|[Ff]rom|[Bb]y)\s*[:\s]\s*)?({AGENCY}(?:(?:\s*[,/&+|]\s*|\s+and\s+|,\s+and\s+){AGENCY})*)\.?"
)
_LIKE_AN_AGENCY = re.compile(
    r"(?:[A-Z][\w.'’&-]*\s+){0,4}(?:News|Press|Agency|Wire|Newswire|Post|Times|Service|Today|TV|Radio)"
)
_ONE = re.compile(AGENCY)


def agencies_in_line(line: str) -> str:
    """The agencies that `line` names and nothing else, such as "AP and Reuters"; empty when it says anything more."""
    match = _LINE.fullmatch(line.strip())
    return match[1] if match else ""


def is_agency(name: str) -> bool:
    """Whether `name` is an agency or paper that is known, or is called as they are."""
    return bool(agencies_in_line(name) or _ONE.fullmatch(name) or _LIKE_AN_AGENCY.fullmatch(name))
