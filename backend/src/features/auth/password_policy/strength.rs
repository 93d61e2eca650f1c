//! How many guesses a password stands up to, as zxcvbn estimates it.

use std::sync::Arc;

use tokio::sync::Semaphore;
use zxcvbn::feedback::{Suggestion, Warning};
use zxcvbn::zxcvbn;

use super::blocklist::Names;
use super::{EnteredPassword, Refusal};
use crate::crypto::password_hash::PasswordHasher;
use crate::problem::Problem;

/// So many characters are judged at a time. What an estimate takes grows with the square of it: 100 characters that are
/// chosen to be slow take a second, these a tenth. What suffices in a part suffices in the whole.
const JUDGED: usize = 40;
/// Passwords that may wait for being judged, which takes a millisecond unless somebody means it to take long.
const WAITING: usize = 64;

/// Judges one password at a time in the threads that hash, so that signing in never waits for more than one of them there.
#[derive(Clone)]
pub struct StrengthMeter {
    waiting: Arc<Semaphore>,
    judging: Arc<Semaphore>,
}

impl Default for StrengthMeter {
    fn default() -> Self {
        Self { waiting: Arc::new(Semaphore::new(WAITING)), judging: Arc::new(Semaphore::new(1)) }
    }
}

impl StrengthMeter {
    /// Why a password is too weak, unless it reaches `minimum`.
    ///
    /// # Errors
    /// `overloaded` when too many wait already.
    pub(super) async fn refusal(
        &self,
        hasher: &PasswordHasher,
        entered: &EnteredPassword,
        names: Names,
        minimum: u8,
    ) -> Result<Option<Refusal>, Problem> {
        if minimum == 0 {
            return Ok(None);
        }
        let waiting = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| PasswordHasher::overloaded())?;
        let judging = Arc::clone(&self.judging).acquire_owned().await.map_err(Problem::internal)?;
        let entered = entered.clone();
        hasher
            .compute(move || {
                // Held until the work is done, even when nobody waits for its outcome any more.
                let _places = (waiting, judging);
                judge(entered.expose(), names.spellings(), minimum)
            })
            .await
    }
}

fn judge(text: &str, names: &[String], minimum: u8) -> Option<Refusal> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let characters: Vec<char> = text.chars().collect();
    let first: String = characters.iter().take(JUDGED).collect();
    let estimate = zxcvbn(&first, &names);
    if u8::from(estimate.score()) >= minimum {
        return None;
    }
    if characters.len() > JUDGED {
        let last: String = characters[characters.len() - JUDGED..].iter().collect();
        if u8::from(zxcvbn(&last, &names).score()) >= minimum {
            return None;
        }
    }
    let feedback = estimate.feedback();
    let hint = feedback
        .and_then(|feedback| {
            feedback.warning().map(told).or_else(|| feedback.suggestions().last().copied().map(suggested))
        })
        .unwrap_or("Add another word or two.");
    Some(("password_too_weak", format!("This password is too easy to guess. {hint}")))
}

fn told(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "Neighbouring keys are tried early."
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "Saying the same again hardly helps."
        }
        Warning::SequencesLikeAbcAreEasyToGuess => "Sequences like abc or 6543 are tried early.",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => "Years and dates are tried early.",
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => "It is close to one that many people use.",
        Warning::AWordByItselfIsEasyToGuess => "A single word is not enough: use several that have nothing in common.",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            "Names are tried early."
        }
    }
}

fn suggested(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases
        | Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters
        | Suggestion::AddAnotherWordOrTwo => "Add another word or two.",
        Suggestion::CapitalizationDoesntHelpVeryMuch | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => {
            "Capital letters hardly help."
        }
        Suggestion::ReversedWordsArentMuchHarderToGuess => "Words written backwards hardly help.",
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "Writing @ for a, or 0 for o, hardly helps.",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => "Neighbouring keys are tried early.",
        Suggestion::AvoidRepeatedWordsAndCharacters => "Saying the same again hardly helps.",
        Suggestion::AvoidSequences => "Sequences like abc or 6543 are tried early.",
        Suggestion::AvoidRecentYears
        | Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "Years and dates are tried early.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::auth::Owner;

    fn is_refused(text: &str) -> bool {
        judge(text, &["archer".to_owned()], 3).is_some()
    }

    #[test]
    fn a_few_words_suffice_and_patterns_do_not() {
        for text in [
            "three old bridges",
            "correct horse battery",
            "Tr0ub4dor&3x",
            "vK3#pq9!wLz7",
            "\u{1f600}\u{1f40e}\u{1f50b} staple and so on",
        ] {
            assert!(!is_refused(text), "{text}");
        }
        for text in [
            "Password1234",
            "Passw0rd2024!",
            "qwertyuiop[]",
            "abcdefghijkl",
            "aaaaaaaaaaab",
            "iloveyou2024",
            "@rch3r@rch3r",
        ] {
            assert!(is_refused(text), "{text}");
        }
    }

    #[test]
    fn what_is_strong_at_either_end_is_strong_however_long() {
        let padding = "a".repeat(80);
        assert!(is_refused(&padding));
        assert!(!is_refused(&format!("three old bridges{padding}")));
        assert!(!is_refused(&format!("{padding}three old bridges")));
    }

    #[test]
    fn the_refusal_says_what_is_the_matter() {
        let message = |text| judge(text, &[], 3).map(|(_, message)| message).unwrap_or_default();
        assert!(message("qwertyuiop[]").contains("Neighbouring keys"), "{}", message("qwertyuiop[]"));
        assert!(message("abcabcabcabc").contains("the same again"), "{}", message("abcabcabcabc"));
        assert!(message("Passw0rd2024!").contains("many people use"), "{}", message("Passw0rd2024!"));
    }

    fn hasher() -> PasswordHasher {
        let document = crate::config::Document::read_all(None, std::iter::empty()).unwrap();
        let settings = crate::config::Settings::from_document(&document).unwrap();
        PasswordHasher::start(&settings.password, 1).unwrap()
    }

    #[actix_web::test]
    async fn whoever_comes_when_too_many_are_judged_is_told_to_come_back_and_places_become_free_again() {
        let (meter, hasher) = (StrengthMeter::default(), hasher());
        let entered = EnteredPassword::new("three old bridges");
        let judge = || meter.refusal(&hasher, &entered, Names::new(Owner::default(), "Reeve"), 3);
        let held = meter.judging.clone().acquire_owned().await.unwrap();
        let crowd = futures_util::future::join_all((0..WAITING + 10).map(|_| judge()));
        let release = async {
            tokio::task::yield_now().await;
            drop(held);
        };
        let (answers, ()) = tokio::join!(crowd, release);
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 10);
        assert!(answers.iter().flatten().all(Option::is_none));
        assert!(judge().await.unwrap().is_none());
    }

    /// What an estimate takes grows with the square of what is judged: the whole would take ten times as long.
    #[test]
    fn a_long_password_that_is_made_to_be_slow_takes_hardly_longer_than_a_short_one() {
        let time = |length: usize| {
            let slow: String = "4@8({[<369!1|105$7+%2aabcegilostxz".chars().cycle().take(length).collect();
            let started = std::time::Instant::now();
            judge(&slow, &[], 4);
            started.elapsed()
        };
        let shortest = |length: usize| (0..3).map(|_| time(length)).min().unwrap_or_default();
        let (short, long) = (shortest(40), shortest(128));
        assert!(long < short * 4, "{short:?} {long:?}");
    }
}
