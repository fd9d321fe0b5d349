//! Other scripts in Latin letters: *kino* finds *Кино*, and *fairuz* finds *فيروز*.
//!
//! Spellings differ from land to land, so both sides are made coarse in the same way. Arabic and
//! Hebrew are written without most vowels: there only consonants are compared.

use any_ascii::any_ascii_char;

/// Begins terms that are a word in coarse Latin letters; no word begins so.
pub(crate) const ROMAN: char = '~';
/// Begins terms that are the consonants of a word.
pub(crate) const SOUND: char = '^';

const SHORTEST_SOUND: usize = 2;
const LONGEST_KANA: usize = 32;

/// Spellings of one sound, in the order in which they are replaced.
const SOUNDS: [(&str, &str); 19] = [
    ("tsch", "h"),
    ("shch", "sh"),
    ("sch", "sh"),
    ("tch", "h"),
    ("ch", "h"),
    ("kh", "h"),
    ("ph", "f"),
    ("gh", "g"),
    ("dj", "i"),
    ("zh", "z"),
    ("ck", "k"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("x", "ks"),
    ("w", "v"),
    ("q", "k"),
    ("y", "i"),
    ("j", "i"),
];

/// Two Greek letters that sound like others.
const GREEK: [(&str, &str); 3] = [("γγ", "νγ"), ("μπ", "β"), ("ντ", "δ")];

/// Consonants that are told apart in one of the scripts only.
const CONSONANTS: [(&str, &str); 13] = [
    ("sh", "s"),
    ("ch", "h"),
    ("kh", "h"),
    ("gh", "g"),
    ("th", "t"),
    ("dh", "d"),
    ("ph", "f"),
    ("zh", "z"),
    ("x", "ks"),
    ("q", "k"),
    ("c", "k"),
    ("j", "g"),
    ("p", "f"),
];

#[derive(PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Semitic,
    Other,
}

fn script(word: &str) -> Script {
    match word.chars().next() {
        Some('a'..='z') => Script::Latin,
        Some('\u{400}'..='\u{52f}') => Script::Cyrillic,
        Some('\u{370}'..='\u{3ff}') => Script::Greek,
        Some('\u{590}'..='\u{6ff}' | '\u{750}'..='\u{77f}') => Script::Semitic,
        _ => Script::Other,
    }
}

/// What a word of a text is found by in Latin letters; `None` for words that are in Latin letters.
pub(crate) fn roman_key(word: &str) -> Option<String> {
    match script(word) {
        Script::Cyrillic | Script::Greek => latin(word).map(|latin| marked(ROMAN, coarse(&latin))),
        Script::Semitic => consonants(&ascii(&without_vav(word))),
        Script::Latin | Script::Other => None,
    }
}

/// The same for a word of a query in Latin letters: as a word, and by its consonants.
pub(crate) fn sound_key(word: &str) -> Option<(String, Option<String>)> {
    let is_latin = word.is_ascii() && script(word) == Script::Latin;
    is_latin.then(|| (marked(ROMAN, coarse(word)), consonants(&without_doubles(word))))
}

/// A Cyrillic or Greek word in Latin letters.
pub(crate) fn latin(word: &str) -> Option<String> {
    match script(word) {
        Script::Cyrillic => Some(ascii(word)),
        Script::Greek => {
            let mut word = word.to_owned();
            for (letters, sound) in GREEK {
                word = word.replace(letters, sound);
            }
            Some(ascii(&word).replace("oy", "ou"))
        }
        Script::Latin | Script::Semitic | Script::Other => None,
    }
}

/// Hiragana in Latin letters; `None` for what is too short to be meant or too long to be typed.
pub(super) fn roman_kana(kana: &str) -> Option<String> {
    if !(2..=LONGEST_KANA).contains(&kana.chars().count()) {
        return None;
    }
    let mut latin = String::new();
    for sign in kana.chars() {
        match sign {
            // Lengthens a vowel or doubles a consonant, which is coarse anyway.
            'ー' | 'っ' => {}
            'ゃ' | 'ゅ' | 'ょ' if latin.ends_with('i') => {
                latin.pop();
                let vowel = any_ascii_char(sign);
                let sibilant =
                    latin.ends_with("sh") || latin.ends_with("ch") || latin.ends_with('j');
                latin.push_str(if sibilant { &vowel[1..] } else { vowel });
            }
            _ => latin.push_str(any_ascii_char(sign)),
        }
    }
    Some(marked(ROMAN, coarse(&latin.replace("ou", "o").replace("oo", "o"))))
}

fn ascii(word: &str) -> String {
    let letters = word.chars().flat_map(|letter| any_ascii_char(letter).chars());
    letters.filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn coarse(latin: &str) -> String {
    let mut coarse = latin.to_owned();
    for (spelled, sound) in SOUNDS {
        if coarse.contains(spelled) {
            coarse = coarse.replace(spelled, sound);
        }
    }
    without_doubles(&coarse)
}

/// `None` when too few are left to tell words apart.
fn consonants(latin: &str) -> Option<String> {
    let mut sound = latin.replace('v', "b");
    for (spelled, consonant) in CONSONANTS {
        sound = sound.replace(spelled, consonant);
    }
    sound.retain(|letter| !matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w'));
    if sound.ends_with('h') {
        sound.pop();
    }
    (sound.len() >= SHORTEST_SOUND).then(|| marked(SOUND, sound))
}

/// In Hebrew one letter is *v*, *o* or *u*: it is compared with nothing.
fn without_vav(word: &str) -> String {
    word.replace('ו', "").replace('ש', "s")
}

fn without_doubles(latin: &str) -> String {
    let mut last = None;
    latin.chars().filter(|letter| last.replace(*letter) != Some(*letter)).collect()
}

fn marked(mark: char, text: String) -> String {
    let mut marked = text;
    marked.insert(0, mark);
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn names_meet_their_spellings() {
        for (name, typed) in [
            ("Кино", "kino"),
            ("Шостакович", "shostakovich"),
            ("Чайковский", "tchaikovsky"),
            ("Чайковский", "chaykovskiy"),
            ("Хачатурян", "khachaturian"),
            ("Юлия", "yulia"),
            ("Θεοδωράκης", "theodorakis"),
            ("Μουσική", "mousiki"),
            ("Ξαρχάκος", "xarhakos"),
        ] {
            let key = roman_key(&fold(name));
            assert_eq!(key, sound_key(typed).map(|(roman, _)| roman), "{name}");
        }
        for (name, typed) in [
            ("فيروز", "fairuz"),
            ("فيروز", "fayrouz"),
            ("كلثوم", "kulthum"),
            ("محمد", "mohammed"),
            ("فاطمة", "fatima"),
            ("שלום", "shalom"),
            ("ירושלים", "yerushalayim"),
            ("אביב", "aviv"),
            ("יוסף", "yosef"),
        ] {
            let key = roman_key(&fold(name));
            assert!(key.is_some(), "{name}");
            assert_eq!(key, sound_key(typed).and_then(|(_, sound)| sound), "{name} {typed}");
        }
    }

    #[test]
    fn kana_are_spelled_as_they_are_typed() {
        for (kana, typed) in [
            ("ひかる", "hikaru"),
            ("ガンダム", "gandamu"),
            ("きゃりー", "kyary"),
            ("とうきょう", "tokyo"),
            ("しゃしん", "shashin"),
            ("さっか", "sakka"),
        ] {
            let key = roman_kana(&fold(kana));
            assert_eq!(key, sound_key(typed).map(|(roman, _)| roman), "{kana}");
        }
        assert_eq!(roman_kana("の"), None);
    }

    #[test]
    fn latin_words_and_others_have_no_key() {
        for word in ["kino", "42", "東京", "비틀즈", "दिल", "ไอ้"] {
            assert_eq!(roman_key(word), None, "{word}");
        }
        assert_eq!(sound_key("кино"), None);
        assert_eq!(sound_key("ab").and_then(|(_, sound)| sound), None);
    }
}
