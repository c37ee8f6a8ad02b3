//! What MDTO says of a letter of the register, and of the case that letters belong to.
//!
//! Nothing is said that the register doesn't know: what a letter covers in time or space, for one.

use super::information::{Event, Information, Kept};
use super::lists::{self, EventKind};
use super::{Identification, Reference, When};
use crate::register::Clerk;
use crate::register::entry::{Direction, Entry};
use crate::register::history;
use crate::register::listed::Listed;
use crate::workspace::retention::{Appraisal, Retention};
use crate::workspace::settings::Settings;

/// The number of the whole that letters without a case are transferred in.
pub const WITHOUT_CASE: &str = "zonder-zaaknummer";

/// Something that happened to a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// What.
    pub kind: EventKind,
    /// When.
    pub when: Option<When>,
    /// Who did it, as the register names them.
    pub who: Option<String>,
    /// What came of it: how it was sent, why it was withdrawn.
    pub result: Option<String>,
}

/// What is known of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The organisation that keeps the archive (archiefvormer): the one in the settings.
    pub organisation: String,
    /// Its entry, with what it answers and what answers it.
    pub listed: Listed,
    /// The language that it is in, such as `nl`; none where that is not known.
    pub language: Option<String>,
    /// How long it is kept, and why.
    pub retention: Retention,
    /// What happened to it, the oldest first.
    pub events: Vec<Happened>,
}

/// What happened to a letter, from its entry and its events in the register, the oldest first.
///
/// The days of receipt and of sending are those of the entry, which may be corrected; the rest are moments of the chain.
pub fn happened(entry: &Entry, events: &[history::Event]) -> Vec<Happened> {
    let mut happened = Vec::new();
    for event in events {
        let kind = match event.what.as_str() {
            "ontvangen" => EventKind::Received,
            "aangevuld" => EventKind::Added,
            "vastgesteld" => EventKind::Issued,
            "nieuwe-versie" => EventKind::IssuedAgain,
            "ondertekend" => EventKind::Signed,
            "verzonden" => EventKind::Sent,
            "ingetrokken" => EventKind::Withdrawn,
            _ => continue,
        };
        let moment = event.moment.parse().ok().map(When::Moment);
        let when = match kind {
            EventKind::Received => entry.received.map(When::Day),
            EventKind::Sent => entry.sent.map(When::Day),
            _ => moment,
        };
        let result = entry.sent_by.clone().filter(|_| kind == EventKind::Sent);
        happened.push(Happened { kind, when, who: Some(event.who.clone()), result });
    }
    happened
}

impl Happened {
    /// What a clerk does now.
    pub fn by(clerk: &Clerk, kind: EventKind) -> Self {
        Self { kind, when: Some(When::Moment(clerk.moment)), who: Some(clerk.name.into()), result: None }
    }
}

impl About {
    /// What is known of a letter in a workspace with these settings; `own` is what its template says of its retention.
    pub fn new(settings: &Settings, own: &Retention, listed: Listed, language: Option<&str>) -> Self {
        Self {
            organisation: settings.organisatie.naam.clone(),
            listed,
            language: language.map(String::from),
            retention: own.before(&settings.archief.retention),
            events: Vec::new(),
        }
    }

    /// Its number, as others refer to it.
    pub fn identification(&self) -> Identification {
        Identification::new(&self.listed.entry.id, &self.organisation)
    }

    /// The number of one of its files: its own and the path of the file.
    pub fn file_identification(&self, path: &str) -> Identification {
        Identification::new(format!("{}/{path}", self.listed.entry.id), &self.organisation)
    }

    /// How others name it.
    pub fn reference(&self) -> Reference {
        Reference::numbered(&self.listed.entry.subject, self.identification())
    }

    /// The case that it belongs to.
    pub fn case(&self) -> Option<Reference> {
        let number = self.listed.entry.case_number.as_deref()?;
        Some(Reference::numbered(format!("Zaak {number}"), Identification::new(number, &self.organisation)))
    }

    /// How long it is kept: from its own date, or from the day of receipt for a letter that came in.
    ///
    /// A selection list may count from the closing of the case, which the register doesn't know: whoever destroys letters
    /// closes the case first.
    pub fn kept(&self) -> Option<Kept> {
        let entry = &self.listed.entry;
        let (kind, begin) = match entry.direction {
            Direction::In => (EventKind::Received, entry.received.or(entry.dated)),
            Direction::Out => (EventKind::Issued, entry.dated.or(entry.reserved)),
        };
        self.retention.bewaartermijn.map(|period| Kept { from: lists::event(kind), begin, period })
    }

    /// The letter as MDTO describes it, with its files and files that say more of it.
    pub fn information(&self, files: Vec<Reference>, additional: Vec<Reference>) -> Information {
        let entry = &self.listed.entry;
        let mut identifications = vec![self.identification()];
        // The number that its sender gave a letter that came in; on one that goes out it is another letter's.
        if let (Direction::In, Some(number), Some(sender)) =
            (entry.direction, &entry.their_reference, &entry.correspondent)
        {
            identifications.push(Identification::new(number, sender));
        }
        let relate = |ids: &[String], answers| {
            let related = ids.iter().map(|id| Reference::numbered(id, Identification::new(id, &self.organisation)));
            related.map(|reference| (reference, lists::relation(answers))).collect::<Vec<_>>()
        };
        let involved = entry
            .correspondent
            .as_ref()
            .map(|name| (lists::involvement(entry.direction == Direction::In), Reference::named(name)));
        Information {
            identifications,
            name: entry.subject.clone(),
            level: lists::piece_level(),
            classifications: entry.kind.as_deref().map(lists::kind).into_iter().collect(),
            keywords: entry.kind.clone().into_iter().collect(),
            language: self.language.clone(),
            events: self.events.iter().map(|event| self.event(event)).collect(),
            appraisal: lists::appraisal(self.retention.waardering),
            kept: self.kept(),
            category: self.retention.selectielijst.as_deref().map(|text| lists::category(text, &self.organisation)),
            part_of: self.case().into_iter().collect(),
            parts: Vec::new(),
            files,
            additional,
            related: [relate(&self.listed.answers, true), relate(&self.listed.answered_by, false)].concat(),
            creator: Reference::named(&self.organisation),
            involved: involved.into_iter().collect(),
            restrictions: vec![lists::restriction(entry.confidentiality.as_deref())],
        }
    }

    fn event(&self, event: &Happened) -> Event {
        Event {
            kind: lists::event(event.kind),
            when: event.when,
            who: event.who.as_ref().filter(|who| !who.trim().is_empty()).map(Reference::named),
            result: event.result.clone(),
        }
    }
}

/// The case that letters belong to as MDTO describes it, with the letters as its parts; `name` is its number.
///
/// It is kept for good if any of its letters is, and as long as the one that is kept longest; what was not decided for
/// one of them is not decided for it.
pub fn case(reference: Reference, organisation: &str, letters: &[&About]) -> Information {
    let appraisals: Vec<_> = letters.iter().map(|about| about.retention.waardering).collect();
    let appraisal = if appraisals.contains(&Some(Appraisal::Keep)) {
        Some(Appraisal::Keep)
    } else {
        appraisals.iter().copied().reduce(|one, other| one.filter(|_| one == other)).flatten()
    };
    let terms: Option<Vec<_>> = letters.iter().map(|about| about.kept().filter(|kept| kept.end().is_some())).collect();
    let longest = terms.and_then(|terms| terms.into_iter().max_by_key(Kept::end));
    let category = |about: &&About| about.retention.selectielijst.clone();
    let categories = letters.iter().map(category).reduce(|one, other| one.filter(|own| Some(own) == other.as_ref()));
    let mut restrictions: Vec<_> =
        letters.iter().map(|about| lists::restriction(about.listed.entry.confidentiality.as_deref())).collect();
    restrictions.sort();
    restrictions.dedup();
    // "No restriction" is true of the whole only if it is true of every part.
    let none = lists::restriction(Some("openbaar"));
    if restrictions.len() > 1 {
        restrictions.retain(|term| *term != none);
    }
    Information {
        identifications: reference.identification.into_iter().collect(),
        name: reference.name,
        level: lists::file_level(),
        classifications: Vec::new(),
        keywords: Vec::new(),
        language: None,
        events: Vec::new(),
        appraisal: lists::appraisal(appraisal),
        kept: longest.filter(|_| appraisal != Some(Appraisal::Keep)),
        category: categories.flatten().map(|text| lists::category(&text, organisation)),
        part_of: Vec::new(),
        parts: letters.iter().map(|about| about.reference()).collect(),
        files: Vec::new(),
        additional: Vec::new(),
        related: Vec::new(),
        creator: Reference::named(organisation),
        involved: Vec::new(),
        restrictions,
    }
}
