//! What happened at the practice in the last weeks, as minutes before the demo starts.

use sealpost_shared::contacts::Channel;
use sealpost_shared::links::LinkLifetime;

use super::people::Staff::{self, Amy, Maya, Sam};

pub(super) struct Step {
    pub(super) minutes_ago: i64,
    /// A contact's first name.
    pub(super) who: &'static str,
    pub(super) act: Act,
}

pub(super) enum Act {
    Private(Private),
    /// A text or email that says it all.
    Plain(Staff, &'static str),
    /// A text that says it all, so many minutes after the demo starts.
    Schedules(Staff, &'static str, i64),
    /// The phone's network says that the newest text has arrived.
    Arrives,
    /// The patient opens the newest link, with the PIN they have, and reads.
    Opens,
    /// The patient writes, in the session of the last opening.
    Answers(&'static str),
    /// Somebody tries five wrong PINs on the newest link.
    Guesses,
    AsksForNewLink,
    StaffReads(Staff),
    Archives(Staff),
    Revokes(Staff),
    /// The patient writes back by plain text.
    Texts(&'static str),
    /// By plain email.
    Mails(&'static str),
}

pub(super) struct Private {
    pub(super) by: Staff,
    pub(super) text: &'static str,
    pub(super) lifetime: LinkLifetime,
    pub(super) channel: Option<Channel>,
    pub(super) own_pin: Option<&'static str>,
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

const fn step(minutes_ago: i64, who: &'static str, act: Act) -> Step {
    Step { minutes_ago, who, act }
}

const fn private(by: Staff, text: &'static str) -> Act {
    lasting(LinkLifetime::Hours24, by, text)
}

const fn lasting(lifetime: LinkLifetime, by: Staff, text: &'static str) -> Act {
    Act::Private(Private { by, text, lifetime, channel: None, own_pin: None })
}

const fn by_email(by: Staff, text: &'static str) -> Act {
    let channel = Some(Channel::Email);
    Act::Private(Private { by, text, lifetime: LinkLifetime::Hours24, channel, own_pin: None })
}

const fn with_own_pin(pin: &'static str, by: Staff, text: &'static str) -> Act {
    let own_pin = Some(pin);
    Act::Private(Private { by, text, lifetime: LinkLifetime::Days10, channel: None, own_pin })
}

/// In any order; the seed sorts it by time.
pub(super) const STORY: &[Step] = &[
    // The tour's: a thread with a past, and a new message that waits behind a PIN.
    step(
        3 * DAY,
        "Jordan",
        Act::Plain(
            Maya,
            "Hi Jordan, this is Riverside Family Clinic. Please bring your insurance card on Thursday.",
        ),
    ),
    step(
        30 * HOUR,
        "Jordan",
        private(
            Amy,
            "Hi Jordan, your lab results are in. Your iron is a little low, nothing urgent. Do you have time for a short visit this week?",
        ),
    ),
    step(29 * HOUR, "Jordan", Act::Opens),
    step(
        29 * HOUR - 3,
        "Jordan",
        Act::Answers("Thank you! Thursday after 3 works for me. Should I stop the supplement until then?"),
    ),
    step(28 * HOUR, "Jordan", Act::StaffReads(Amy)),
    step(18, "Jordan", private(Amy, "Thursday 3:30 PM is booked. Please keep taking it with food.")),
    step(17, "Jordan", Act::Arrives),
    // Never opened, and past its end.
    step(
        6 * DAY,
        "Alex",
        Act::Plain(Maya, "Alex, we have asked for your referral. We will write when it is here."),
    ),
    step(
        50 * HOUR,
        "Alex",
        by_email(
            Maya,
            "Your referral to physical therapy is ready. The practice is on Oak Street; they open at 8.",
        ),
    ),
    // In Spanish, answered, not read yet.
    step(2 * DAY, "Rosa", Act::Plain(Sam, "Hola Rosa, ya pedimos su receta. Le avisamos cuando esté lista.")),
    step(
        5 * HOUR,
        "Rosa",
        private(
            Sam,
            "Hola Rosa, su receta está lista. ¿Quiere recogerla hoy o se la enviamos a la farmacia?",
        ),
    ),
    step(4 * HOUR, "Rosa", Act::Opens),
    step(4 * HOUR - 2, "Rosa", Act::Answers("Gracias. A la farmacia de la calle Main, por favor.")),
    step(
        2 * DAY,
        "Luis",
        Act::Plain(Sam, "Hola Luis, le recordamos su cita del lunes a las 9:15. Riverside Family Clinic"),
    ),
    // Plain texts both ways.
    step(2 * DAY - 25, "Luis", Act::Texts("Gracias, ahí estaré. ¿Llevo mi tarjeta del seguro?")),
    step(2 * DAY - 60, "Luis", Act::StaffReads(Sam)),
    step(2 * DAY - 90, "Luis", Act::StaffReads(Amy)),
    step(2 * DAY - 61, "Luis", Act::Plain(Sam, "Sí, por favor. Nos vemos el lunes.")),
    // Somebody is guessing: ten wrong ones close the link.
    step(
        19 * DAY,
        "Priscilla",
        private(Maya, "Your biopsy is on the 4th at 8:00. Please do not take aspirin the week before."),
    ),
    step(19 * DAY - 30, "Priscilla", Act::Opens),
    step(19 * DAY - 33, "Priscilla", Act::Answers("Understood. Who can drive me home?")),
    step(19 * DAY - 90, "Priscilla", Act::StaffReads(Maya)),
    step(19 * DAY - 95, "Priscilla", Act::StaffReads(Amy)),
    step(19 * DAY - 100, "Priscilla", private(Maya, "You can drive yourself; it takes ten minutes.")),
    step(19 * DAY - 400, "Priscilla", Act::Opens),
    step(
        3 * HOUR,
        "Priscilla",
        private(Amy, "Your biopsy came back benign. We would still like to see you in six months."),
    ),
    step(25, "Priscilla", Act::Guesses),
    step(6, "Priscilla", Act::Guesses),
    // A landline.
    step(2 * HOUR, "Henry", private(Maya, "Mr. Dubois, your new hearing test is on the 14th at 10:00.")),
    // A network that is busy: it waits for its next try.
    step(40, "Chloe", Act::Plain(Maya, "Chloe, the blood test is moved to 8:15 on Friday. Same room.")),
    // A long link, answered, done, archived.
    step(
        9 * DAY,
        "Grace",
        lasting(
            LinkLifetime::Days10,
            Amy,
            "Grace, the allergy panel shows ragweed and dust mites. A care plan is below: rinse daily, keep windows closed in the morning.",
        ),
    ),
    step(9 * DAY - 40, "Grace", Act::Opens),
    step(9 * DAY - 44, "Grace", Act::Answers("That explains a lot. Thank you!")),
    step(8 * DAY, "Grace", Act::StaffReads(Amy)),
    step(8 * DAY - 1, "Grace", Act::Archives(Amy)),
    // Sent to the wrong person, turned off.
    step(7 * HOUR, "Tom", private(Sam, "Your vaccination record is attached to your chart.")),
    step(7 * HOUR - 4, "Tom", Act::Revokes(Sam)),
    step(
        7 * HOUR - 5,
        "Tom",
        Act::Plain(Sam, "Tom, please ignore our last text. It was not for you. Sorry!"),
    ),
    // A PIN of its own, told on the phone.
    step(
        8 * DAY,
        "Nina",
        private(Amy, "Nina, the first test is negative. We do the second one on the 21st."),
    ),
    step(8 * DAY - 45, "Nina", Act::Opens),
    step(
        20 * HOUR,
        "Nina",
        with_own_pin("7319", Amy, "Nina, as we said on the phone: the second test is negative too."),
    ),
    step(21 * DAY, "Omar", Act::Plain(Maya, "Omar, flu shots are here. Walk in any weekday before 4 PM.")),
    step(21 * DAY - 30, "Omar", Act::Texts("STOP")),
    step(21 * DAY - 50, "Omar", Act::StaffReads(Maya)),
    step(20 * DAY, "Omar", Act::StaffReads(Amy)),
    // No phone: everything by email.
    step(
        6 * DAY,
        "Ellen",
        private(Sam, "Ellen, the form for your disability parking permit is signed and at the front desk."),
    ),
    step(6 * DAY - 90, "Ellen", Act::Opens),
    step(6 * DAY - 95, "Ellen", Act::Answers("Wonderful, my son will pick it up tomorrow.")),
    step(6 * DAY - 200, "Ellen", Act::StaffReads(Sam)),
    step(6 * DAY - 230, "Ellen", Act::StaffReads(Amy)),
    step(6 * DAY - 231, "Ellen", Act::Plain(Sam, "It waits at the front desk, under B. Open until 5.")),
    // Back and forth.
    step(
        4 * DAY,
        "Wei",
        lasting(
            LinkLifetime::Days10,
            Amy,
            "Hi Wei, how is the new blood pressure medicine? Please send me your readings from this week.",
        ),
    ),
    step(4 * DAY - 60, "Wei", Act::Opens),
    step(
        4 * DAY - 63,
        "Wei",
        Act::Answers("Mon 138/88, Tue 135/86, Wed 131/84. A little dizzy when I get up."),
    ),
    step(4 * DAY - 120, "Wei", Act::StaffReads(Amy)),
    step(
        4 * DAY - 121,
        "Wei",
        lasting(
            LinkLifetime::Days10,
            Amy,
            "Good numbers. Get up slowly, and take it in the evening instead. Write again on Saturday?",
        ),
    ),
    step(DAY, "Wei", Act::Opens),
    step(DAY - 2, "Wei", Act::Answers("Much better in the evening. 126/80 today.")),
    // The link had ended; a new one came by itself.
    step(
        3 * DAY,
        "Fatima",
        private(
            Maya,
            "Fatima, your prior authorization was approved. You can book the MRI now: (555) 010-0171.",
        ),
    ),
    step(10 * HOUR, "Fatima", Act::AsksForNewLink),
    step(10 * HOUR - 2, "Fatima", Act::Opens),
    step(10 * HOUR - 5, "Fatima", Act::Answers("Booked for Friday. Do I need to fast?")),
    step(
        12 * DAY,
        "Jack",
        private(Sam, "Jack, your work note is ready. Do you want it by mail or will you pick it up?"),
    ),
    step(12 * DAY - 15, "Jack", Act::Opens),
    step(12 * DAY - 17, "Jack", Act::Answers("Pick up, thanks")),
    step(12 * DAY - 100, "Jack", Act::StaffReads(Sam)),
    step(12 * DAY - 400, "Jack", Act::StaffReads(Amy)),
    step(12 * DAY - 101, "Jack", Act::Plain(Sam, "It is at the front desk, open until 5.")),
    step(11 * DAY, "Jack", Act::Archives(Sam)),
    step(
        15 * DAY,
        "Maria",
        lasting(
            LinkLifetime::Year1,
            Amy,
            "Maria, this is your care plan for the year. Keep this link: it works until next year, with your PIN.",
        ),
    ),
    step(15 * DAY - 300, "Maria", Act::Opens),
    step(
        45,
        "Ben",
        Act::Schedules(Maya, "Ben, a reminder: your glasses are here until Saturday.", 26 * HOUR),
    ),
    step(40 * HOUR, "Ben", Act::Plain(Maya, "Ben, your glasses prescription can be picked up any time.")),
    step(38 * HOUR, "Ben", Act::Texts("Great, I will come by on Thursday.")),
    step(37 * HOUR, "Ben", Act::StaffReads(Maya)),
    step(36 * HOUR, "Ben", Act::StaffReads(Amy)),
    step(10 * DAY, "Olivia", Act::Plain(Maya, "Olivia, your claim went to the insurance today.")),
    step(
        90,
        "Olivia",
        private(Maya, "Olivia, the insurance asks for your signature before Friday. Can you come by?"),
    ),
    step(80, "Olivia", Act::Opens),
    step(
        33 * HOUR,
        "Samir",
        lasting(
            LinkLifetime::Months6,
            Amy,
            "Samir, your travel vaccines: hepatitis A now, typhoid in two weeks.",
        ),
    ),
    step(32 * HOUR, "Samir", Act::Opens),
    step(32 * HOUR - 4, "Samir", Act::Answers("Can I get both on the same day? I fly on the 20th.")),
    step(31 * HOUR, "Samir", Act::StaffReads(Maya)),
    step(30 * HOUR, "Samir", private(Amy, "Yes, both on one day is fine. Come half an hour early.")),
    step(5 * DAY, "Hannah", by_email(Sam, "Hannah, we corrected the bill. The new amount is $40.")),
    step(5 * DAY - 20, "Hannah", Act::Opens),
    step(5 * DAY - 25, "Hannah", Act::Answers("Thanks for fixing this so fast.")),
    step(4 * DAY, "Hannah", Act::StaffReads(Amy)),
    // Answers by plain email.
    step(26 * HOUR, "Hannah", Act::Mails("One more question: can I pay the $40 at the front desk?")),
    step(
        8 * HOUR,
        "Dmitri",
        Act::Plain(Sam, "Dmitri, please call us about Tuesday's visit: (555) 010-0100."),
    ),
    step(7 * HOUR, "Dmitri", Act::Texts("In the afternoon, after work. Is 4 okay?")),
    step(
        20 * DAY,
        "Aisha",
        private(Amy, "Aisha, the first ultrasound is on the 3rd. Drink plenty of water before."),
    ),
    step(20 * DAY - 50, "Aisha", Act::Opens),
    step(55, "Aisha", private(Amy, "Aisha, the ultrasound looks good. Please keep the follow-up in March.")),
    step(
        13 * HOUR,
        "Peter",
        private(Maya, "Peter, we received your records from Dr. Hale. Nothing is missing."),
    ),
    step(12 * HOUR, "Peter", Act::Opens),
    step(12 * HOUR - 1, "Peter", Act::Answers("Great. See you on Monday.")),
    step(11 * HOUR, "Peter", Act::StaffReads(Amy)),
    step(
        6 * DAY,
        "Walter",
        lasting(
            LinkLifetime::Days10,
            Amy,
            "Walter, the cardiologist agrees: keep the dose, walk every day, and let us check again in spring.",
        ),
    ),
    step(5 * DAY, "Walter", Act::Opens),
    step(5 * DAY - 4, "Walter", Act::Answers("Will do. Does the garden count as a walk?")),
    step(
        17 * HOUR,
        "Zoe",
        Act::Plain(Maya, "Zoe, your contact lenses have arrived. Pick them up any weekday."),
    ),
    step(16 * HOUR, "Zoe", Act::Texts("Thank you! Tomorrow at noon.")),
    step(17 * HOUR - 1, "Zoe", Act::Arrives),
    step(15 * HOUR, "Zoe", Act::StaffReads(Maya)),
    step(15 * HOUR - 5, "Zoe", Act::StaffReads(Amy)),
    step(15 * HOUR - 6, "Zoe", Act::Archives(Maya)),
];

#[cfg(test)]
mod tests {
    use super::super::people::PEOPLE;
    use super::*;

    /// The product has one conversation for each contact; what else would be called one is what the practice
    /// started: a message, and what came of it.
    #[test]
    fn the_story_is_about_people_who_are_there_and_the_practice_starts_forty_things() {
        let known = |who| PEOPLE.iter().any(|person| person.first_name == who);
        assert!(STORY.iter().all(|step| known(step.who) && step.minutes_ago > 0));
        let started = STORY.iter().filter(|step| matches!(step.act, Act::Private(_) | Act::Plain(..)));
        assert_eq!(started.count(), 40);
    }

    /// A session ends after 15 minutes without a touch.
    #[test]
    fn answers_come_soon_after_an_opening() {
        for answer in STORY.iter().filter(|step| matches!(step.act, Act::Answers(_))) {
            let opened = STORY.iter().any(|step| {
                step.who == answer.who
                    && matches!(step.act, Act::Opens)
                    && (1..10).contains(&(step.minutes_ago - answer.minutes_ago))
            });
            assert!(opened, "{} answers without having opened", answer.who);
        }
    }
}
