//! Which words are STOP, START and HELP: a table, without a database.
//!
//! A message counts when it consists of the word alone: case, accents, punctuation and spaces do not matter.
//! "Please stop the pills?" is a question for a person. "Yes" is in no list: it answers questions.

use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Keyword;
use unicode_normalization::UnicodeNormalization as _;

/// A keyword, and whether the word was Spanish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub keyword: Keyword,
    pub spanish: bool,
}

/// Longer than any of them, whatever stands around it.
const LONGEST: usize = 64;

/// Where a word counts. In a mail people end, quit and cancel other things.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Everywhere,
    Texts,
}

use Keyword::{Help, Start, Stop};
use Where::{Everywhere, Texts};

/// The English ones are those that carriers and gateways act on by themselves: if we did not, they would
/// refuse what we go on sending.
const ENGLISH: &[(&str, Keyword, Where)] = &[
    ("stop", Stop, Everywhere),
    ("stop all", Stop, Everywhere),
    ("stopall", Stop, Everywhere),
    ("unsubscribe", Stop, Everywhere),
    ("opt out", Stop, Everywhere),
    ("optout", Stop, Everywhere),
    ("cancel", Stop, Texts),
    ("end", Stop, Texts),
    ("quit", Stop, Texts),
    ("revoke", Stop, Texts),
    ("start", Start, Everywhere),
    ("unstop", Start, Everywhere),
    ("help", Help, Everywhere),
    ("info", Help, Texts),
];

const SPANISH: &[(&str, Keyword, Where)] = &[
    ("alto", Stop, Everywhere),
    ("parar", Stop, Everywhere),
    ("pare", Stop, Everywhere),
    ("detener", Stop, Everywhere),
    ("no mas", Stop, Everywhere),
    ("baja", Stop, Everywhere),
    ("cancelar", Stop, Texts),
    ("fin", Stop, Texts),
    ("iniciar", Start, Everywhere),
    ("comenzar", Start, Everywhere),
    ("empezar", Start, Everywhere),
    ("alta", Start, Texts),
    ("ayuda", Help, Everywhere),
    ("informacion", Help, Texts),
];

/// The keyword that a message is, if it is one.
pub fn keyword(channel: Channel, body: &str) -> Option<Word> {
    if body.len() > LONGEST {
        return None;
    }
    let bare = bare(body);
    let find = |words: &[(&str, Keyword, Where)]| {
        let fits = |place: Where| place == Everywhere || channel == Channel::Sms;
        words.iter().find(|(word, _, place)| *word == bare && fits(*place)).map(|(_, keyword, _)| *keyword)
    };
    let english = find(ENGLISH).map(|keyword| Word { keyword, spanish: false });
    english.or_else(|| find(SPANISH).map(|keyword| Word { keyword, spanish: true }))
}

/// Whether it is one at all.
pub fn is_keyword(channel: Channel, body: &str) -> bool {
    keyword(channel, body).is_some()
}

/// Lower case, no accents, words of letters and digits with one space between.
fn bare(body: &str) -> String {
    let plain: String = body.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        for (body, wanted) in [
            ("STOP", Some((Stop, false))),
            ("stop", Some((Stop, false))),
            (" Stop. ", Some((Stop, false))),
            ("“Stop!”", Some((Stop, false))),
            ("STOP\n", Some((Stop, false))),
            ("stop 🛑", Some((Stop, false))),
            ("Stop-All", Some((Stop, false))),
            ("Opt-out", Some((Stop, false))),
            ("Unsubscribe", Some((Stop, false))),
            ("CANCEL", Some((Stop, false))),
            ("quit", Some((Stop, false))),
            ("End.", Some((Stop, false))),
            ("ALTO", Some((Stop, true))),
            ("¡Alto!", Some((Stop, true))),
            ("No más.", Some((Stop, true))),
            ("no mas", Some((Stop, true))),
            ("Cancelar", Some((Stop, true))),
            ("START", Some((Start, false))),
            ("unstop", Some((Start, false))),
            ("Iniciar", Some((Start, true))),
            ("HELP", Some((Help, false))),
            ("help?", Some((Help, false))),
            ("Info", Some((Help, false))),
            ("Ayuda", Some((Help, true))),
            ("Información", Some((Help, true))),
            // For a person.
            ("", None),
            ("...", None),
            ("Yes", None),
            ("Sí", None),
            ("Stop by at 3?", None),
            ("Should I stop the supplement?", None),
            ("Please stop", None),
            ("I need help", None),
            ("stopp", None),
            ("S T O P", None),
            ("Para mañana", None),
        ] {
            let found = keyword(Channel::Sms, body).map(|word| (word.keyword, word.spanish));
            assert_eq!(found, wanted, "{body:?}");
        }
    }

    #[test]
    fn in_a_mail_only_the_unmistakable_ones_count() {
        for (body, wanted) in [
            ("Stop", Some(Stop)),
            ("UNSUBSCRIBE", Some(Stop)),
            ("Alto", Some(Stop)),
            ("Start", Some(Start)),
            ("Help", Some(Help)),
            ("Ayuda", Some(Help)),
            ("Cancel", None),
            ("Fin", None),
            ("Info", None),
        ] {
            assert_eq!(keyword(Channel::Email, body).map(|word| word.keyword), wanted, "{body:?}");
        }
    }

    #[test]
    fn a_long_message_is_never_one() {
        assert_eq!(keyword(Channel::Sms, &format!("stop{}", "!".repeat(100))), None);
    }
}
