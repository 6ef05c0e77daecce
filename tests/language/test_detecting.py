"""Which language a text is in, and when that is certain."""

from __future__ import annotations

import pytest

from searchapp.archive import Archive
from searchapp.entities import recognise
from searchapp.language.detecting import language_of
from searchapp.model.article import Article
from searchapp.model.languages import LANGUAGES, language_code, language_name

TEXTS = {
    "en": "The mayor said on Monday that the old mill by the river will be sold, and that it has been empty for years.",
    "fr": "Le maire a dit lundi que le vieux moulin sur la rivière sera vendu, et qu'il est vide depuis des années.",
    "de": "Der Bürgermeister sagte am Montag, dass die alte Mühle an dem Fluss verkauft wird und nicht in Betrieb ist.",
    "es": "El alcalde dijo el lunes que el viejo molino junto al río se vende y que no ha tenido uso en años.",
    "pt": "O prefeito disse na segunda-feira que o velho moinho não será vendido e que a cidade vai cuidar do prédio.",
    "it": "Il sindaco ha detto che il vecchio mulino sul fiume sarà venduto e che non è più in uso da dieci anni.",
    "nl": "De burgemeester zei dat de oude molen aan het water wordt verkocht en dat het gebouw al jaren leeg is.",
    "sv": "Borgmästaren sade att den gamla kvarnen ska säljas och att det inte är klart om den har en köpare på orten.",
    "pl": "Burmistrz powiedział, że stary młyn nad rzeką jest na sprzedaż i że to nie jest dobra wiadomość dla miasta.",
    "tr": "Başkan eski değirmenin satılacağını ve bu yıl için bir alıcı bulunduğunu, daha çok ev ile birlikte, dedi.",
    "ru": "Мэр сообщил, что старая мельница у реки будет продана в этом году.",
    "uk": "Мер повідомив, що старий млин біля річки цього року буде продано, і що він порожній.",
    "el": "Ο δήμαρχος είπε ότι ο παλιός μύλος θα πουληθεί.",
    "ar": "قال رئيس البلدية إن الطاحونة القديمة على النهر ستباع هذا العام.",
    "fa": "شهردار گفت که آسیاب قدیمی کنار رودخانه امسال فروخته می‌شود.",
    "zh": "市长星期一说，河边的老磨坊将会出售。",
    "ja": "市長は月曜日、川沿いの古い水車小屋を売却すると述べた。",
    "ko": "시장은 월요일 강가의 오래된 방앗간을 매각한다고 말했다.",
    "th": "นายกเทศมนตรีกล่าวว่าโรงสีเก่าริมแม่น้ำจะถูกขาย",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_sentence_or_two_say_what_language_they_are_in(code: str) -> None:
    assert language_code(language_of("", TEXTS[code])) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,204",
        "Le Monde",
        "MILL SALE, RIVER DE LA PLATA",
        "Shr 12 cts vs 14 cts\nNet 1.2 mln vs 1.4 mln\nRevs 14.1 mln vs 15.2 mln\nAvg shrs 8,204,000 vs 8,100,000",
        "Banco de Vigo 12\nBanco de Lugo 14\nCaja de Soria 9\nBanco de Avila 22\nCaja de Leon 8\nCosta e Filhos 5",
    ],
)
def test_tables_and_short_texts_are_in_no_certain_language(text: str) -> None:
    assert language_of("", text) == ""


def test_the_language_of_the_file_holds_unless_the_letters_are_of_other_languages() -> None:
    assert language_of("", TEXTS["fr"], "en-GB") == "en-GB"
    assert language_of("", "", "fr") == "fr"
    assert language_of("", TEXTS["ru"], "en") == "ru"
    assert language_of("", TEXTS["en"], "ru") == "en"
    assert language_of("", TEXTS["ja"], "zh") == "zh"
    assert language_of("", "Beograd, grad na dve reke", "sr") == "sr"


def test_languages_are_known_by_tag_code_and_name() -> None:
    assert {language_code(called) for called in ("fr", "FR-ca", "fr_FR", "fra", "fre", "French", "français")} == {"fr"}
    assert language_name("nb") == "Norwegian"
    assert (language_code("klingon"), language_name("klingon")) == ("", "klingon")
    assert all(language_code(name) == code for code, name in LANGUAGES.items())


def test_no_names_are_recognised_in_other_languages_but_those_of_the_file_stay() -> None:
    text = TEXTS["de"].replace("Bürgermeister", "Bürgermeister Karl Lindner")
    assert not recognise(text)
    assert recognise(TEXTS["en"].replace("mayor", "mayor Karl Lindner"))
    with Archive.open(":memory:") as archive:
        archive.add([Article(id="a", body=text, assigned={"people": ("Karl Lindner",)})])
        article = archive.get("a")
        assert (article.language, article.people, article.mentions) == ("de", ("Karl Lindner",), ())
        # A tag that nobody meant keeps no names from an English text.
        archive.add([Article(id="b", body=TEXTS["en"].replace("mayor", "mayor Karl Lindner"), language="de")])
        assert archive.get("b").people == ("Karl Lindner",)


def test_what_language_is_recognised_does_not_make_an_article_another() -> None:
    with Archive.open(":memory:") as archive:
        article = Article(id="a", body=TEXTS["fr"])
        archive.add([article])
        assert archive.add([article]).unchanged == 1
