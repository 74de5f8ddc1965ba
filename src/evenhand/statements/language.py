"""Whether a text is English: by its commonest words, not by a model.

Called by `reader`. Another language is said to be another one, kept and not guessed at.
"""

from __future__ import annotations

import re

from evenhand.statements.wordlists import word_list

COMMON = {
    "English": word_list(
        "the of and to in that for was with on as is by at has from have are were his her their said not which"
    ),
    "French": word_list("le la les des et du une est que dans pour sur par avec au aux ce cette sont pas qui ont été"),
    "Spanish": word_list("el la los las de y del una es que en para por con se su al más como fue ha esta han"),
    "Portuguese": word_list("o os as de e do da dos das uma que em para por com não ao mais como foi pelo pela são"),
    "Italian": word_list("il lo gli di e del della che un una per con non sono alla nel dei è ha delle anche"),
    "German": word_list("der die das und ist den dem ein eine zu mit von für auf nicht sich im des auch wurde hat"),
    "Turkish": word_list("ve bir bu için ile da de olarak olan çok gibi daha sonra kadar ise başkanı türkiye"),
    "Azerbaijani": word_list(
        "və bu bir ilə üçün olan da də olub edib azərbaycan prezidenti respublikasının görüşdə bildirib"
    ),
    "Indonesian or Malay": word_list(
        "yang dan di dengan untuk dari pada ini itu dalam akan telah oleh kepada tidak juga"
    ),
    "Dutch": word_list("de het een en van is dat op te voor met zijn niet aan er ook werd door"),
    "Russian": word_list("и в на с по что не для из от к он его как также было это за президент"),
}
SCRIPTS = (
    ("Arabic script", re.compile(r"[\u0600-\u06ff]")),
    ("Cyrillic script", re.compile(r"[\u0400-\u04ff]")),
    ("Chinese characters", re.compile(r"[\u4e00-\u9fff]")),
    ("Devanagari script", re.compile(r"[\u0900-\u097f]")),
    ("Hebrew script", re.compile(r"[\u0590-\u05ff]")),
    ("Japanese kana", re.compile(r"[\u3040-\u30ff]")),
    ("Korean script", re.compile(r"[\uac00-\ud7af]")),
    ("Greek script", re.compile(r"[\u0370-\u03ff]")),
    ("Georgian script", re.compile(r"[\u10a0-\u10ff]")),
    ("Armenian script", re.compile(r"[\u0530-\u058f]")),
)
LEAST_WORDS = 15
ENOUGH = 0.12
"""Of 100 words of English prose, 30 or more are of the list; of a text that is all names, still one in eight."""
WORD = re.compile(r"[^\W\d_]+")
ASCII_WORD = re.compile(r"[A-Za-z]+")
PLAINLY = 0.2
QUICK = 900
SAMPLE = 4000


def other_language(text: str) -> str:
    """Return the language that a text is in instead of English, "" for English or too little to tell.

    Examples
    --------
    >>> other_language("Le ministre a reçu les représentants des Nations unies pour une réunion sur la situation dans le pays et sur les besoins")
    'French'
    >>> other_language("The minister received the guests.")
    ''
    """
    quick = text[:QUICK]
    first = ASCII_WORD.findall(quick.lower()) if quick.isascii() else [word.lower() for word in WORD.findall(quick)]
    if len(first) >= 4 * LEAST_WORDS and sum(map(_SETS["English"].__contains__, first)) > PLAINLY * len(first):
        return ""
    sample = text[:SAMPLE]
    words = [word.lower() for word in WORD.findall(sample)]
    if len(words) >= LEAST_WORDS and sum(map(_SETS["English"].__contains__, words)) > PLAINLY * len(words):
        return ""
    letters = sum(character.isalpha() for character in sample)
    for name, pattern in SCRIPTS:
        if letters > 30 and len(pattern.findall(sample)) > 0.4 * letters:
            return f"a text in {name}"
    if len(words) < LEAST_WORDS:
        return ""
    shares = {language: sum(word in common for word in words) / len(words) for language, common in _SETS.items()}
    best = max(shares, key=lambda language: (shares[language], language == "English"))
    return best if best != "English" and shares[best] > ENOUGH and shares[best] > 1.3 * shares["English"] else ""


_SETS = {language: frozenset(words) for language, words in COMMON.items()}
