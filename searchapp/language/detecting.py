"""Which language a text is in.

The commonest words decide for what is written in Latin letters: nearly every English article says within a few words
that it is English, and a table or a headline says nothing, which is what is said of it then. Only where they speak for
another language is a library asked, which of those that share them it is. Letters of other alphabets decide alone,
where one language has them, else the library among those that share them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.model.languages import language_code

__all__ = ["is_english", "is_foreign", "language_of"]

_LOOKED_AT = 1_200
"""Characters at the beginning of a text that are looked at."""
_LEAST_WORDS = 12
"""A text in Latin letters with fewer words is in no certain language."""
_LEAST_LETTERS = 8
"""Of another alphabet."""
_LEAST_HITS = 4
"""Common words of one language, of which `_LEAST_KINDS` are different, and `_LEAST_SHARE` of all words."""
_LEAST_KINDS = 3
_LEAST_SHARE = 0.1
_ENGLISH_SHARE = 0.12
_NEARLY = 0.7
"""Languages with so large a part of the hits of the first may be meant too."""

_ENGLISH = frozenset(
    "the of and to that for with was by said has have had his are were will its from which not an they it be as at he"
    " is in on would been their but who this".split()
)
_COMMON_WORDS = {
    "af": "die en van het nie is dat vir met wat te op sy hulle 'n deur sê was aan",
    "az": "və bir bu üçün ilə da də olan edib ki onun bildirib",
    "bs": "i je u na da se za su od s koji nije kako što će iz",
    "ca": "el la els les i amb per una que és del de no al ha dels a en va un més",
    "cs": "a v na se je že s z do to o by i jako pro ale podle který po za uvedl",
    "cy": "y yn ac yr mae o i ar wedi ei bod am gan",
    "da": "og at det er som en på for af med den til ikke har et de i fra sig efter blev",
    "de": "der die das und ist nicht den dem mit von zu ein eine im auf für sich hat sind auch des in am es als bei",
    "es": "el la los las del y es una en que por para con se su no al como más fue lo un ha de",
    "et": "ja on ei et see oli ka kui ning mis ta aga",
    "eu": "eta da ez bat du dira ere dute zuen izan",
    "fi": "ja on ei että se oli mutta myös ovat kun sekä hän mukaan joka sanoi",
    "fr": "le la les des du et est une dans que qui pour pas sur au aux avec sont plus par ont ne ce il elle de un en",
    "ga": "an na agus ar le bhí atá go sé ag",
    "gl": "o a os as do da e en unha que para con non no na polo máis dos de",
    "hr": "i je u na da se za su od s koji nije kako što će iz",
    "hu": "a az és hogy nem is egy van meg volt ez csak de ki el",
    "id": "yang dan di dari untuk dengan ini itu tidak pada dalam akan oleh ke",
    "is": "og að er í á sem til við um það ekki með fyrir var hann",
    "it": "il la gli di del della che è per una nel non con ha sono dei le si al da un i e in a",
    "lt": "ir kad yra su iš į bet tai buvo po apie",
    "lv": "un ir ka ar no par bet tas uz kas arī",
    "ms": "yang dan di dari untuk dengan ini itu tidak pada dalam akan oleh ke",
    "nl": "de het een en van is niet dat op te zijn met voor in aan die er door werd",
    "no": "og at det er som en på for av med den til ikke har et de i fra seg etter ble",
    "pl": "i w na z nie się do że jest to o jak po od przez dla za oraz",
    "pt": "o os as da do dos das e em uma que para com não no na por se ao mais foi um é a de",
    "ro": "și în de la cu pe nu o din că este sunt pentru care au fost a al să",
    "sk": "a v na sa je že s z do to o by aj ako pre podľa ktorý po za uviedol",
    "sl": "in je na v da se za so z pa ki ne bi tudi po",
    "sq": "dhe në të e që me për është nga një se i ka u",
    "sr": "i je u na da se za su od s koji nije kako što će iz",
    "sv": "och att det är som en på för av med den till inte har om ett i från de sig",
    "sw": "ya na wa kwa ni katika la za kuwa hiyo",
    "tl": "ang ng sa mga na at ay si ni ito",
    "tr": "ve bir bu için da de ile olarak olan daha gibi çok dedi göre",
    "vi": "và của là có trong cho không các được một với người",
}
_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _code, _listed in _COMMON_WORDS.items():
    for _word in _listed.split():
        _LANGUAGES_OF[_word] = (*_LANGUAGES_OF.get(_word, ()), _code)

# Of each alphabet its letters and the languages that are written in it.
_ALPHABETS = {
    "Cyrillic": ("\u0400-\u052f", "ru uk bg sr mk be kk ky mn tg"),
    "Arabic": ("\u0620-\u065f\u066e-\u06d3\u06fa-\u06fc\u0750-\u077f", "ar fa ur ps ug ku"),
    "Han": ("\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff", "zh ja"),
    "Devanagari": ("\u0900-\u097f", "hi mr ne"),
    "Hebrew": ("\u05d0-\u05ea", "he yi"),
    "Greek": ("\u0370-\u03ff\u1f00-\u1fff", "el"),
    "Hangul": ("\u1100-\u11ff\uac00-\ud7af", "ko"),
    "Thai": ("\u0e01-\u0e4e", "th"),
    "Armenian": ("\u0531-\u0587", "hy"),
    "Georgian": ("\u10a0-\u10ff", "ka"),
    "Bengali": ("\u0980-\u09ff", "bn"),
    "Gurmukhi": ("\u0a00-\u0a7f", "pa"),
    "Gujarati": ("\u0a80-\u0aff", "gu"),
    "Odia": ("\u0b00-\u0b7f", "or"),
    "Tamil": ("\u0b80-\u0bff", "ta"),
    "Telugu": ("\u0c00-\u0c7f", "te"),
    "Kannada": ("\u0c80-\u0cff", "kn"),
    "Malayalam": ("\u0d00-\u0d7f", "ml"),
    "Sinhala": ("\u0d80-\u0dff", "si"),
    "Lao": ("\u0e80-\u0eff", "lo"),
    "Burmese": ("\u1000-\u109f", "my"),
    "Khmer": ("\u1780-\u17ff", "km"),
    "Ethiopic": ("\u1200-\u137f", "am"),
}
_WRITTEN = {code: name for name, (_, codes) in _ALPHABETS.items() for code in codes.split()}
_IN_LATIN_TOO = frozenset("sr ku tg kk az ky mn".split())
_CJK = frozenset({"zh", "ja", "ko"})
_LETTERS_OF = {name: re.compile(f"[{letters}]") for name, (letters, _) in _ALPHABETS.items()}
_OTHER_LETTERS = re.compile("[" + "".join(letters for letters, _ in _ALPHABETS.values()) + "]")
_LATIN_LETTERS = re.compile("[A-Za-z\u00c0-\u024f]")
_KANA = re.compile("[\u3040-\u30ff]")
_ENDS = ".,;:!?()[]\"'«»“”„‘’"


def language_of(title: str, body: str, declared: str = "") -> str:
    """The code of the language of an article, empty where nothing is certain.

    `declared` is the tag that its file gives: it holds unless the letters of the text belong to other languages, and is
    given back as it stands.
    """
    text = body[:_LOOKED_AT]
    if title:
        text = f"{title[:200]}\n{text}"
    alphabet = "" if text.isascii() else _alphabet(text)
    if declared and _fits(language_code(declared), alphabet, text):
        return declared
    if alphabet:
        return _of_alphabet(alphabet, text)
    return _by_words(text)


def is_english(title: str, body: str) -> bool:
    """Whether the commonest words say that an article is in English."""
    return _says_english(f"{title[:200]}\n{body[:_LOOKED_AT]}".lower().split())


def is_foreign(title: str, body: str, language: str) -> bool:
    """Whether an article is certainly not in English: by its language, and its commonest words say nothing else."""
    return language_code(language) not in ("", "en") and not is_english(title, body)


def _says_english(words: Sequence[str]) -> bool:
    hits = [word for word in words if word in _ENGLISH]
    return len(hits) >= _ENGLISH_SHARE * len(words) and len(set(hits)) >= _LEAST_KINDS and len(hits) >= _LEAST_HITS


def _alphabet(text: str) -> str:
    """The alphabet other than the Latin one that most of a text is in; empty for none."""
    others = len(_OTHER_LETTERS.findall(text))
    if others < _LEAST_LETTERS or others * 2 < len(_LATIN_LETTERS.findall(text)):
        return ""
    counts = {name: len(letters.findall(text)) for name, letters in _LETTERS_OF.items()}
    return max(counts, key=counts.__getitem__)


def _fits(code: str, alphabet: str, text: str) -> bool:
    """Whether a text can be in a language, by its letters; a language that is not known here is believed."""
    if not code:
        return not alphabet and not is_english("", text)
    own = _WRITTEN.get(code, "")
    if alphabet:
        return own == alphabet or (code in _CJK and alphabet in ("Han", "Hangul"))
    if not own or code in _IN_LATIN_TOO:
        return True
    # A few letters of a table contradict nothing.
    return len(_LATIN_LETTERS.findall(text)) < _LEAST_LETTERS * 2


def _of_alphabet(alphabet: str, text: str) -> str:
    codes = _ALPHABETS[alphabet][1].split()
    if alphabet == "Han":
        return "ja" if len(_KANA.findall(text)) * 20 > len(_LETTERS_OF["Han"].findall(text)) else "zh"
    return codes[0] if len(codes) == 1 else _best(text, codes)


def _by_words(text: str) -> str:
    words = text.lower().split()
    if _says_english(words):
        return "en"
    words = [bare for word in words if (bare := word.strip(_ENDS).replace("\u2019", "'")) and not bare.isdigit()]
    if len(words) < _LEAST_WORDS:
        return ""
    hits: dict[str, list[str]] = {}
    for word in words:
        for code in _LANGUAGES_OF.get(word, ()):
            hits.setdefault(code, []).append(word)
    most = max(map(len, hits.values()), default=0)
    english = sum(word in _ENGLISH for word in words)
    if most < max(_LEAST_HITS, _LEAST_SHARE * len(words)) or most <= english:
        return ""
    near = [code for code, held in hits.items() if len(held) >= _NEARLY * most and len(set(held)) >= _LEAST_KINDS]
    return near[0] if len(near) == 1 else _best(text, near) if near else ""


def _best(text: str, codes: Sequence[str]) -> str:
    """That of some languages that the library finds the likeliest."""
    # The library, whose model takes longer to load than most commands take.
    import py3langid

    for found, _ in py3langid.rank(text):
        code = language_code(found)
        if code in codes:
            return code
    return codes[0]
