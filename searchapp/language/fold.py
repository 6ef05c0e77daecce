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
