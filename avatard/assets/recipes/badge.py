"""Draws the texts of badge and cards once, so that no font is needed, or can be swapped, where avatard runs.

    python avatard/assets/recipes/badge.py

writes `assets/badge/LANGUAGE.png` (the badge: its full text, then the letters alone) and `LANGUAGE-cards.png`
(the opening row, then title and line of each standby card), and prints the hashes that `seal/masks.py` pins.
A sheet is a stack of rows, each twice as high as its capitals, which stand in the row's middle.
Font: DejaVu Sans Condensed Bold (Bitstream Vera licence, free to render and to embed); Pillow draws.
"""

# ruff: noqa: RUF001 (Greek, Cyrillic and Turkish letters are meant)
from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed-Bold.ttf"
OUT = Path(__file__).parents[1] / "badge"
BADGE_CAP = 72  # 5 % of 1440 lines: only larger pictures enlarge it
CARD_CAP = 48

# The Code of Practice on AI labels asks for "AI" in capitals, or the language's own letters for it. Each text must
# stay under 56 % of the shorter side at 5 % capitals, plate included, so that a centred 9:16 crop keeps it whole.
BADGE = {
    "en": ("AI GENERATED", "AI"),
    "de": ("KI-GENERIERT", "KI"),
    "fr": ("CRÉÉ PAR IA", "IA"),
    "es": ("HECHO CON IA", "IA"),
    "it": ("FATTO CON IA", "IA"),
    "pt": ("FEITO POR IA", "IA"),
    "nl": ("AI-GEMAAKT", "AI"),
    "pl": ("OBRAZ Z AI", "AI"),
    "ru": ("СОЗДАНО ИИ", "ИИ"),
    "el": ("ΕΙΚΟΝΑ ΑΙ", "ΑΙ"),
    "tr": ("YAPAY ZEKA", "AI"),
}

# Opening row, then (title, line) in the order of `StandbyReason`:
# starting, engine, badge, avatar, consent, hang, paused, stopping, asleep.
CARDS = {
    "en": (
        "This person is shown by an avatar",
        ("Starting", "The avatar will be here in a moment."),
        ("One moment", "The avatar could not be drawn. Trying again."),
        ("One moment", "The label could not be checked. Trying again."),
        ("No avatar", "No portrait has been chosen yet."),
        ("No consent on record", "This portrait is not shown without it."),
        ("One moment", "The picture stopped. Trying again."),
        ("Paused", "The avatar has been paused."),
        ("Goodbye", "The avatar is leaving."),
        ("Asleep", "The avatar wakes up in a moment."),
    ),
    "de": (
        "Diese Person wird von einem Avatar gezeigt",
        ("Startet", "Der Avatar ist gleich da."),
        ("Einen Moment", "Der Avatar konnte nicht gezeichnet werden. Neuer Versuch."),
        ("Einen Moment", "Die Kennzeichnung ließ sich nicht prüfen. Neuer Versuch."),
        ("Kein Avatar", "Es ist noch kein Porträt gewählt."),
        ("Keine Einwilligung", "Ohne sie wird dieses Porträt nicht gezeigt."),
        ("Einen Moment", "Das Bild ist stehen geblieben. Neuer Versuch."),
        ("Pause", "Der Avatar wurde angehalten."),
        ("Auf Wiedersehen", "Der Avatar verabschiedet sich."),
        ("Schläft", "Der Avatar wacht gleich auf."),
    ),
    "fr": (
        "Cette personne est montrée par un avatar",
        ("Démarrage", "L'avatar arrive dans un instant."),
        ("Un instant", "L'avatar n'a pas pu être dessiné. Nouvel essai."),
        ("Un instant", "La mention n'a pas pu être vérifiée. Nouvel essai."),
        ("Aucun avatar", "Aucun portrait n'a encore été choisi."),
        ("Pas de consentement", "Sans lui, ce portrait n'est pas montré."),
        ("Un instant", "L'image s'est arrêtée. Nouvel essai."),
        ("Pause", "L'avatar est en pause."),
        ("Au revoir", "L'avatar s'en va."),
        ("En veille", "L'avatar se réveille dans un instant."),
    ),
    "es": (
        "Esta persona se muestra con un avatar",
        ("Iniciando", "El avatar llegará en un momento."),
        ("Un momento", "No se pudo dibujar el avatar. Nuevo intento."),
        ("Un momento", "No se pudo comprobar el aviso. Nuevo intento."),
        ("Sin avatar", "Todavía no se ha elegido un retrato."),
        ("Sin consentimiento", "Este retrato no se muestra sin él."),
        ("Un momento", "La imagen se detuvo. Nuevo intento."),
        ("En pausa", "El avatar está en pausa."),
        ("Hasta luego", "El avatar se despide."),
        ("En reposo", "El avatar despertará en un momento."),
    ),
    "it": (
        "Questa persona è mostrata da un avatar",
        ("Avvio", "L'avatar arriva tra un momento."),
        ("Un momento", "Impossibile disegnare l'avatar. Nuovo tentativo."),
        ("Un momento", "Impossibile verificare l'avviso. Nuovo tentativo."),
        ("Nessun avatar", "Nessun ritratto è stato ancora scelto."),
        ("Nessun consenso", "Senza consenso questo ritratto non è mostrato."),
        ("Un momento", "L'immagine si è fermata. Nuovo tentativo."),
        ("In pausa", "L'avatar è in pausa."),
        ("Arrivederci", "L'avatar se ne va."),
        ("In riposo", "L'avatar si sveglia tra un momento."),
    ),
    "pt": (
        "Esta pessoa é mostrada por um avatar",
        ("A iniciar", "O avatar chega dentro de momentos."),
        ("Um momento", "Não foi possível desenhar o avatar. Nova tentativa."),
        ("Um momento", "Não foi possível verificar o aviso. Nova tentativa."),
        ("Sem avatar", "Ainda não foi escolhido um retrato."),
        ("Sem consentimento", "Sem ele este retrato não é mostrado."),
        ("Um momento", "A imagem parou. Nova tentativa."),
        ("Em pausa", "O avatar está em pausa."),
        ("Até logo", "O avatar despede-se."),
        ("Em repouso", "O avatar desperta dentro de momentos."),
    ),
    "nl": (
        "Deze persoon wordt getoond door een avatar",
        ("Starten", "De avatar is er zo."),
        ("Een ogenblik", "De avatar kon niet worden getekend. Nieuwe poging."),
        ("Een ogenblik", "Het label kon niet worden gecontroleerd. Nieuwe poging."),
        ("Geen avatar", "Er is nog geen portret gekozen."),
        ("Geen toestemming", "Zonder toestemming wordt dit portret niet getoond."),
        ("Een ogenblik", "Het beeld stond stil. Nieuwe poging."),
        ("Pauze", "De avatar is gepauzeerd."),
        ("Tot ziens", "De avatar vertrekt."),
        ("In slaapstand", "De avatar wordt zo wakker."),
    ),
    "pl": (
        "Tę osobę przedstawia awatar",
        ("Uruchamianie", "Awatar zaraz się pojawi."),
        ("Chwileczkę", "Nie udało się narysować awatara. Ponawiam próbę."),
        ("Chwileczkę", "Nie udało się sprawdzić oznaczenia. Ponawiam próbę."),
        ("Brak awatara", "Nie wybrano jeszcze portretu."),
        ("Brak zgody", "Bez zgody ten portret nie jest pokazywany."),
        ("Chwileczkę", "Obraz się zatrzymał. Ponawiam próbę."),
        ("Pauza", "Awatar jest wstrzymany."),
        ("Do widzenia", "Awatar się żegna."),
        ("Uśpiony", "Awatar zaraz się obudzi."),
    ),
    "ru": (
        "Этого человека показывает аватар",
        ("Запуск", "Аватар сейчас появится."),
        ("Минуту", "Не удалось нарисовать аватар. Новая попытка."),
        ("Минуту", "Не удалось проверить пометку. Новая попытка."),
        ("Нет аватара", "Портрет ещё не выбран."),
        ("Нет согласия", "Без него этот портрет не показывается."),
        ("Минуту", "Изображение остановилось. Новая попытка."),
        ("Пауза", "Аватар приостановлен."),
        ("До свидания", "Аватар уходит."),
        ("Сон", "Аватар сейчас проснётся."),
    ),
    "el": (
        "Αυτό το άτομο εμφανίζεται με άβαταρ",
        ("Εκκίνηση", "Το άβαταρ έρχεται σε λίγο."),
        ("Μια στιγμή", "Το άβαταρ δεν σχεδιάστηκε. Νέα προσπάθεια."),
        ("Μια στιγμή", "Η σήμανση δεν ελέγχθηκε. Νέα προσπάθεια."),
        ("Χωρίς άβαταρ", "Δεν έχει επιλεγεί ακόμη πορτρέτο."),
        ("Χωρίς συγκατάθεση", "Χωρίς αυτήν το πορτρέτο δεν εμφανίζεται."),
        ("Μια στιγμή", "Η εικόνα σταμάτησε. Νέα προσπάθεια."),
        ("Παύση", "Το άβαταρ είναι σε παύση."),
        ("Αντίο", "Το άβαταρ αποχωρεί."),
        ("Σε αναμονή", "Το άβαταρ ξυπνά σε λίγο."),
    ),
    "tr": (
        "Bu kişi bir avatarla gösteriliyor",
        ("Başlatılıyor", "Avatar birazdan burada."),
        ("Bir dakika", "Avatar çizilemedi. Yeniden deneniyor."),
        ("Bir dakika", "Etiket denetlenemedi. Yeniden deneniyor."),
        ("Avatar yok", "Henüz bir portre seçilmedi."),
        ("Onay kaydı yok", "Onay olmadan bu portre gösterilmez."),
        ("Bir dakika", "Görüntü durdu. Yeniden deneniyor."),
        ("Duraklatıldı", "Avatar duraklatıldı."),
        ("Hoşça kalın", "Avatar ayrılıyor."),
        ("Uykuda", "Avatar birazdan uyanacak."),
    ),
}


def font_of(cap):
    """The font at the size whose capitals are `cap` pixels high: 0.737 em after hinting."""
    font = ImageFont.truetype(FONT, cap / 0.737)
    assert font.getbbox("H", anchor="ls")[1] == -cap
    return font


def sheet(texts, cap):
    """The texts under each other, white on black."""
    font = font_of(cap)
    width = 4 + max(round(font.getlength(text)) for text in texts)
    image = Image.new("L", (width, 2 * cap * len(texts)), 0)
    draw = ImageDraw.Draw(image)
    for row, text in enumerate(texts):
        draw.text((2, 2 * cap * row + cap + cap // 2), text, font=font, fill=255, anchor="ls")
    return image


def save(image, name):
    """Sixteen shades are enough for the edges of letters and halve the file."""
    shades = np.rint(np.asarray(image) / 17).astype(np.uint8) * 17
    path = OUT / name
    Image.fromarray(shades).save(path, optimize=True)
    print(f'    "{name}": "{hashlib.sha256(path.read_bytes()).hexdigest()}",')


def main():
    OUT.mkdir(exist_ok=True)
    for language, badge in BADGE.items():
        save(sheet(badge, BADGE_CAP), f"{language}.png")
        opening, *cards = CARDS[language]
        save(sheet([opening, *(text for card in cards for text in card)], CARD_CAP), f"{language}-cards.png")


if __name__ == "__main__":
    main()
