//! What STOP, START and HELP are answered with: who we are, what happens now, where to call. No word of what
//! anybody wrote (security.md D29).

use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Keyword;

use super::keywords::Word;
use crate::entities::{contact, organization};

/// In the contact's language, or in that of the word.
pub fn words(
    word: Word,
    channel: Channel,
    contact: &contact::Model,
    organization: &organization::Model,
) -> String {
    let speaks_spanish = contact.language.as_deref().is_some_and(|tag| tag == "es" || tag.starts_with("es-"));
    let practice = &organization.name;
    let phone = organization.phone.as_deref();
    let said = if speaks_spanish || word.spanish {
        spanish(word, channel, phone)
    } else {
        english(word, channel, phone)
    };
    format!("{practice}: {said}")
}

fn english(word: Word, channel: Channel, phone: Option<&str>) -> String {
    let (things, how) = match channel {
        Channel::Sms => ("texts", "Text"),
        Channel::Email => ("emails", "Answer"),
    };
    match (word.keyword, phone) {
        (Keyword::Stop, Some(phone)) => {
            format!("you will get no more {things} from us. {how} START to get them again, or call {phone}.")
        }
        (Keyword::Stop, None) => {
            format!("you will get no more {things} from us. {how} START to get them again.")
        }
        (Keyword::Start, _) => format!("you will get our {things} again. {how} STOP to end them."),
        (Keyword::Help, Some(phone)) => {
            format!("call us at {phone} for help. {how} STOP to end our {things}.")
        }
        (Keyword::Help, None) => format!("please call us for help. {how} STOP to end our {things}."),
    }
}

fn spanish(word: Word, channel: Channel, phone: Option<&str>) -> String {
    let (things, how) = match channel {
        Channel::Sms => ("mensajes", "Escriba"),
        Channel::Email => ("correos", "Responda"),
    };
    match (word.keyword, phone) {
        (Keyword::Stop, Some(phone)) => {
            format!(
                "no recibirá más {things} nuestros. {how} INICIAR para recibirlos otra vez, o llame al {phone}."
            )
        }
        (Keyword::Stop, None) => {
            format!("no recibirá más {things} nuestros. {how} INICIAR para recibirlos otra vez.")
        }
        (Keyword::Start, _) => {
            format!("recibirá nuestros {things} otra vez. {how} ALTO para no recibirlos más.")
        }
        (Keyword::Help, Some(phone)) => {
            format!("llámenos al {phone} si necesita ayuda. {how} ALTO para no recibir más {things}.")
        }
        (Keyword::Help, None) => {
            format!("llámenos si necesita ayuda. {how} ALTO para no recibir más {things}.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::measure;

    #[test]
    fn every_answer_to_a_text_fits_two_segments_with_a_long_name() {
        for keyword in [Keyword::Stop, Keyword::Start, Keyword::Help] {
            for spanish in [false, true] {
                let word = Word { keyword, spanish };
                let phone = Some("+1 (555) 010-0100");
                let say = if spanish { super::spanish } else { english };
                let text = format!("{}: {}", "N".repeat(60), say(word, Channel::Sms, phone));
                let text = crate::delivery::SmsContent::notice(&text).body;
                assert!(measure(&text).segments <= 2, "{text}");
            }
        }
    }
}
