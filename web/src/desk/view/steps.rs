//! The steps of the first start, one page each.

pub use sealpost_shared::setup::SetupStepId as Step;
use sealpost_shared::setup::{Setup, SetupState};

/// The last part of the step's address.
pub fn step_name(step: Step) -> String {
    step.as_str().replace('_', "-")
}

pub fn parse_step(name: &str) -> Option<Step> {
    Step::ALL.into_iter().find(|step| step_name(*step) == name)
}

/// From one.
pub fn step_number(step: Step) -> usize {
    index(step) + 1
}

pub fn step_after(step: Step) -> Option<Step> {
    Step::ALL.get(index(step) + 1).copied()
}

pub fn step_before(step: Step) -> Option<Step> {
    Step::ALL.get(index(step).checked_sub(1)?).copied()
}

fn index(step: Step) -> usize {
    Step::ALL.iter().position(|other| *other == step).unwrap_or_default()
}

pub fn state_of(setup: &Setup, step: Step) -> SetupState {
    setup.steps.iter().find(|known| known.id == step).map_or(SetupState::Due, |known| known.state)
}

/// Where the wizard goes on; past the last one it ends with the message to oneself.
pub fn first_due(setup: &Setup) -> Step {
    let due = setup.steps.iter().find(|step| step.state == SetupState::Due);
    due.map_or(Step::FirstMessage, |step| step.id)
}

/// What the checklist on the home screen names: what was never done, skipped or not.
pub fn left_to_do(setup: &Setup) -> Vec<Step> {
    if setup.dismissed {
        return Vec::new();
    }
    setup.steps.iter().filter(|step| step.state != SetupState::Done).map(|step| step.id).collect()
}

/// A secret to type off the screen, in groups of four.
pub fn in_fours(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().filter(|c| !c.is_whitespace()).collect();
    chars.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealpost_shared::setup::SetupStep;

    fn setup(state: impl Fn(Step) -> SetupState) -> Setup {
        let steps = Step::ALL.into_iter().map(|id| SetupStep { id, state: state(id) }).collect();
        Setup { steps, finished: false, dismissed: false, leaving_locks_out: false }
    }

    #[test]
    fn every_step_has_an_address_a_number_and_neighbours() {
        for (at, step) in Step::ALL.into_iter().enumerate() {
            assert_eq!(parse_step(&step_name(step)), Some(step));
            assert_eq!(step_number(step), at + 1);
            assert_eq!(step_after(step).and_then(step_before), step_after(step).map(|_| step));
        }
        assert_eq!(step_name(Step::SecondStep), "second-step");
        assert_eq!(step_before(Step::Admin), None);
        assert_eq!(step_after(Step::FirstMessage), None);
        assert_eq!(parse_step("step"), None);
    }

    #[test]
    fn the_wizard_goes_on_at_the_first_step_that_is_due() {
        let done_to = |last| {
            setup(move |step| if index(step) <= index(last) { SetupState::Done } else { SetupState::Due })
        };
        assert_eq!(first_due(&setup(|_| SetupState::Due)), Step::Admin);
        assert_eq!(first_due(&done_to(Step::Practice)), Step::Address);
        assert_eq!(first_due(&setup(|_| SetupState::Skipped)), Step::FirstMessage);
    }

    #[test]
    fn the_checklist_names_what_was_skipped_until_it_is_put_away() {
        let mut some = setup(|step| match step {
            Step::Sms => SetupState::Skipped,
            Step::FirstMessage => SetupState::Due,
            _ => SetupState::Done,
        });
        assert_eq!(left_to_do(&some), [Step::Sms, Step::FirstMessage]);
        some.dismissed = true;
        assert_eq!(left_to_do(&some), []);
        assert_eq!(left_to_do(&setup(|_| SetupState::Done)), []);
    }

    #[test]
    fn a_secret_is_read_in_groups_of_four() {
        assert_eq!(in_fours("JBSWY3DPEHPK3PXPAB"), "JBSW Y3DP EHPK 3PXP AB");
        assert_eq!(in_fours(""), "");
    }
}
