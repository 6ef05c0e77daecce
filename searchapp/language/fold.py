"""The one fold: text without what a reader of English does not type, in lower case and without accents.

Search folds its words by it, linking its names, the tagger its characters. What each of them needs on top stands with
them: `words` cuts a possessive, `names` parts a name into words, the tagger looks at one character at a time.
"""

from __future__ import annotations

import unicodedata

__all__ = ["LETTERS", "folded"]

_SPELT = {
    "a": "əǝɑᶏⱥ",  # Əliyev is Aliyev; ǝ is what old fonts and many keyboards put for ə.
    "ae": "æ", "av": "ꜻꜹ", "aa": "ꜳ", "ao": "ꜵ", "au": "ꜷ",
    "b": "ƀƃɓᵬᶀꞗ", "c": "ƈȼɕꞓꞔ", "d": "ðđƌȡɖɗᵭᶁᶑꟈ", "e": "ɛɇᶒⱸꬴ", "f": "ƒᵮᶂꞙ", "g": "ɣǥɠɡᶃꞡ", "h": "ħɦⱨꞕ",
    "hv": "ƕ", "i": "ıɩɨᶖ", "j": "ȷɉʝ", "k": "ƙᶄⱪꝁꝃꝅꞣ", "l": "łƚȴɫɬɭᶅⱡꝉꞎꬷꬸꬹ", "m": "ɱᵯᶆꬺ", "n": "ƞȵɲɳᵰᶇꞑꞥꬻ",
    "ng": "ŋ", "o": "øɔɵⱺꝋꝍ", "oe": "œ", "oo": "ꝏ", "ou": "ȣ", "p": "ƥᵱᵽᶈꝑꝓꝕ", "q": "ĸɋʠꝗꝙ", "r": "ɍɼɽɾᵲᵳᶉꞧꭇꭉ",
    "s": "ȿʂᵴᶊꞩꟊẜẝ", "t": "ŧƫƭȶʈᵵⱦ", "th": "þᵺ", "tz": "ꜩ", "u": "ʊʉᶙꞹꭎꭒ", "v": "ʋᶌⱱⱴꝟ", "w": "ⱳ",
    "x": "ᶍꭖꭗꭘꭙ", "y": "ƴɏỿꭚ", "z": "ʒƶȥɀʐʑᵶᶎⱬ",
    "'": "\u2019\u2018\u02bc\u02bb",  # Curly apostrophes, and the letters that Ukrainian and Hawaiian names have.
    # Arabic as it is typed: Persian and Urdu ya, kaf and ha, the alef of the article, ya at the end, ta marbuta.
    "\u0627": "\u0671\u0672\u0673", "\u064a": "\u0649\u06cc\u06d2", "\u0643": "\u06a9\u06aa",
    "\u0647": "\u0629\u06be\u06c1\u06c3\u06d5",
    "": "\u0640",  # Tatweel makes a word longer and is no letter.
}  # fmt: skip

LETTERS = {letter: plain for plain, letters in _SPELT.items() for letter in letters}
"""What is written for letters that Unicode does not take apart; it knows é, ß and ﬁ itself."""
_TABLE = str.maketrans(LETTERS)


def folded(text: str) -> str:
    """`text` in lower case and without accents: "Łódź" gives "lodz", "Straße" "strasse", "Əliyev" "aliyev".

    Letters of other alphabets stay, without their accents. Folding twice changes nothing further.
    """
    lower = text.lower()
    if lower.isascii():
        return lower
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join([part for part in parts if not unicodedata.combining(part)])
    return bare.casefold().translate(_TABLE)
