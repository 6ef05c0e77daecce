"""Languages: their tags, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

__all__ = ["LANGUAGES", "language_code", "language_name"]

_TABLE = """
af Afrikaans afr|am Amharic amh|ar Arabic ara العربية|az Azerbaijani aze azərbaycan|be Belarusian bel беларуская
bg Bulgarian bul български|bn Bengali ben বাংলা|bs Bosnian bos bosanski|ca Catalan cat català|cs Czech ces cze čeština
cy Welsh cym wel cymraeg|da Danish dan dansk|de German deu ger deutsch|el Greek ell gre ελληνικά|en English eng
eo Esperanto epo|es Spanish spa español castellano|et Estonian est eesti|eu Basque eus baq euskara
fa Persian fas per farsi فارسی|fi Finnish fin suomi|fr French fra fre français|ga Irish gle gaeilge
gl Galician glg galego|gu Gujarati guj|he Hebrew heb iw עברית|hi Hindi hin हिन्दी|hr Croatian hrv scr hrvatski
ht Haitian hat|hu Hungarian hun magyar|hy Armenian hye arm հայերեն|id Indonesian ind in bahasa|is Icelandic isl ice
it Italian ita italiano|ja Japanese jpn 日本語|ka Georgian kat geo ქართული|kk Kazakh kaz қазақша|km Khmer khm
kn Kannada kan|ko Korean kor 한국어|ku Kurdish kur|ky Kyrgyz kir|la Latin lat|lb Luxembourgish ltz|lo Lao lao
lt Lithuanian lit lietuvių|lv Latvian lav latviešu|mk Macedonian mkd mac македонски|ml Malayalam mal|mn Mongolian mon
mr Marathi mar|ms Malay msa may melayu|mt Maltese mlt|my Burmese mya bur|ne Nepali nep
nl Dutch nld dut nederlands|no Norwegian nor nb nn nob nno norsk bokmål|or Odia ori|pa Punjabi pan|pl Polish pol polski
ps Pashto pus|pt Portuguese por português|ro Romanian ron rum română mo|ru Russian rus русский|rw Kinyarwanda kin
si Sinhala sin|sk Slovak slk slo slovenčina|sl Slovenian slv slovene slovenščina|so Somali som
sq Albanian sqi alb shqip|sr Serbian srp scc српски srpski|sv Swedish swe svenska|sw Swahili swa kiswahili
ta Tamil tam|te Telugu tel|tg Tajik tgk|th Thai tha ไทย|tk Turkmen tuk|tl Tagalog tgl fil filipino|tr Turkish tur türkçe
ug Uyghur uig|uk Ukrainian ukr українська|ur Urdu urd|uz Uzbek uzb|vi Vietnamese vie|xh Xhosa xho
yi Yiddish yid|zh Chinese zho chi 中文 cmn|zu Zulu zul
"""

_ROWS = [row.split() for row in _TABLE.replace("\n", "|").split("|") if row]

LANGUAGES: Mapping[str, str] = MappingProxyType({code: name for code, name, *_ in _ROWS})
"""Code of ISO 639-1 to the English name."""

_CODES = {called.casefold(): row[0] for row in _ROWS for called in row}


@lru_cache(maxsize=1024)
def language_code(called: str) -> str:
    """The code of a language by its BCP 47 tag, its code of three letters or a name: "fr-CA", "fra" and "French"
    give "fr". Empty for what is none that is known here."""
    whole = called.strip().casefold()
    return _CODES.get(whole) or _CODES.get(whole.replace("_", "-").partition("-")[0], "")


def language_name(tag: str) -> str:
    """What the language of a tag is called in English: the tag itself where it is not known."""
    return LANGUAGES.get(language_code(tag)) or tag.strip()
