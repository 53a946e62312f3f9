"""Saying which language is spoken here, to who writes in another one."""

from collections.abc import Mapping
from typing import Any

from language.tongues import find_other_tongue

# "I am sorry, I speak English only. Shall I get a person for you?"
SENTENCES: Mapping[str, str] = {
    "cy": "Mae'n ddrwg gen i, dim ond Saesneg rwy'n ei siarad. Hoffech chi siarad â pherson?",
    "de": "Ich spreche leider nur Englisch. Soll ich einen Menschen für Sie holen?",
    "es": "Lo siento, solo hablo inglés. ¿Quiere que avise a una persona?",
    "fr": "Désolé, je ne parle qu'anglais. Voulez-vous parler à une personne ?",
    "hi": "माफ़ कीजिए, मैं केवल अंग्रेज़ी बोलता हूँ। क्या आप किसी व्यक्ति से बात करना चाहेंगे?",
    "it": "Mi dispiace, parlo solo inglese. Vuole parlare con una persona?",
    "pl": "Przepraszam, mówię tylko po angielsku. Czy połączyć z człowiekiem?",
    "pt": "Desculpe, só falo inglês. Quer falar com uma pessoa?",
    "ro": "Îmi pare rău, vorbesc doar engleză. Doriți să vorbiți cu o persoană?",
    "tr": "Üzgünüm, yalnızca İngilizce konuşuyorum. Bir yetkiliyle görüşmek ister misiniz?",
    "ur": "معذرت، میں صرف انگریزی بولتا ہوں۔ کیا آپ کسی شخص سے بات کرنا چاہیں گے؟",
}


def say_other_language(text: str) -> Mapping[str, Any] | None:
    """What to utter when a message is in another language; None when it is English, or unclear."""
    tongue = find_other_tongue(text)
    if tongue is None:
        return None
    sentence = SENTENCES.get(tongue)
    return {
        "response": "utter_other_language",
        "sentence": f"\n\n{sentence}" if sentence else "",
    }
