//! `informatieobject`: a letter or a case as MDTO describes it.

use chrono::NaiveDate;

use super::xml::Document;
use super::{Identification, Reference, Term, When, xsd_date};
use crate::error::Finding;
use crate::workspace::retention::Period;

/// An information object (informatieobject). Lists are in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Information {
    /// Its numbers, the archive's own first.
    pub identifications: Vec<Identification>,
    /// What it is called.
    pub name: String,
    /// Which kind of whole or part it is.
    pub level: Term,
    /// How it is classified.
    pub classifications: Vec<Term>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Its language, such as `nl`.
    pub language: Option<String>,
    /// What happened to it, the oldest first.
    pub events: Vec<Event>,
    /// What becomes of it.
    pub appraisal: Term,
    /// How long it is kept.
    pub kept: Option<Kept>,
    /// The category of the selection list.
    pub category: Option<Term>,
    /// What it is part of.
    pub part_of: Vec<Reference>,
    /// Its parts.
    pub parts: Vec<Reference>,
    /// Its files.
    pub files: Vec<Reference>,
    /// Files with more that is known of it.
    pub additional: Vec<Reference>,
    /// Other objects that it has to do with, and what.
    pub related: Vec<(Reference, Term)>,
    /// Who made or received it.
    pub creator: Reference,
    /// Who else has to do with it, and what.
    pub involved: Vec<(Term, Reference)>,
    /// What restricts its use; at least one.
    pub restrictions: Vec<Term>,
}

/// Something that happened (event).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: Term,
    /// When.
    pub when: Option<When>,
    /// Who did it.
    pub who: Option<Reference>,
    /// What came of it.
    pub result: Option<String>,
}

/// How long something is kept (bewaartermijn).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What the term begins with.
    pub from: Term,
    /// The day on which it begins.
    pub begin: Option<NaiveDate>,
    /// How long it lasts.
    pub period: Period,
}

impl Kept {
    /// The day on which the term ends.
    pub fn end(&self) -> Option<NaiveDate> {
        self.begin.and_then(|day| self.period.from(day))
    }
}

impl Information {
    /// By which others refer to it.
    pub fn reference(&self) -> Reference {
        Reference { name: self.name.clone(), identification: self.identifications.first().cloned() }
    }

    /// What MDTO requires and this lacks: an empty text passes the schema, and says nothing.
    ///
    /// MDTO 1.0.1, `informatieobjectType`: identificatie, naam, waardering, archiefvormer and beperkingGebruik.
    pub fn missing(&self) -> Vec<Finding> {
        let is = |text: &str| !text.trim().is_empty();
        let id = self.identifications.first();
        let has = [
            ("identificatie", id.is_some_and(|id| is(&id.number) && is(&id.source))),
            ("naam", is(&self.name)),
            ("waardering", is(&self.appraisal.label)),
            ("archiefvormer", is(&self.creator.name)),
            ("beperkingGebruik", self.restrictions.first().is_some_and(|term| is(&term.label))),
        ];
        let shown = id.map(|id| id.number.as_str()).filter(|id| is(id)).unwrap_or("?");
        let lacking = has.into_iter().filter(|(_, is_there)| !is_there);
        lacking.map(|(element, _)| Finding::error("mdto-missing").arg("id", shown).arg("element", element)).collect()
    }

    /// The MDTO document, with the elements of `informatieobjectType` in their order.
    pub fn xml(&self) -> Vec<u8> {
        Document::of("informatieobject", |document| {
            let each = |document: &mut Document, name: &str, references: &[Reference]| {
                references.iter().for_each(|reference| document.reference(name, reference));
            };
            self.identifications.iter().for_each(|id| document.identification("identificatie", id));
            document.text("naam", &self.name);
            document.term("aggregatieniveau", &self.level);
            self.classifications.iter().for_each(|term| document.term("classificatie", term));
            self.keywords.iter().for_each(|word| document.text("trefwoord", word));
            document.optional("taal", self.language.as_ref());
            self.events.iter().for_each(|event| event.write(document));
            document.term("waardering", &self.appraisal);
            if let Some(kept) = &self.kept {
                kept.write(document);
            }
            if let Some(category) = &self.category {
                document.term("informatiecategorie", category);
            }
            each(document, "isOnderdeelVan", &self.part_of);
            each(document, "bevatOnderdeel", &self.parts);
            each(document, "heeftRepresentatie", &self.files);
            each(document, "aanvullendeMetagegevens", &self.additional);
            for (reference, term) in &self.related {
                document.group("gerelateerdInformatieobject", |related| {
                    related.reference("gerelateerdInformatieobjectVerwijzing", reference);
                    related.term("gerelateerdInformatieobjectTypeRelatie", term);
                });
            }
            document.reference("archiefvormer", &self.creator);
            for (term, reference) in &self.involved {
                document.group("betrokkene", |involved| {
                    involved.term("betrokkeneTypeRelatie", term);
                    involved.reference("betrokkeneActor", reference);
                });
            }
            for term in &self.restrictions {
                document.group("beperkingGebruik", |restriction| restriction.term("beperkingGebruikType", term));
            }
        })
    }
}

impl Event {
    fn write(&self, document: &mut Document) {
        document.group("event", |event| {
            event.term("eventType", &self.kind);
            event.optional("eventTijd", self.when.and_then(When::xsd));
            if let Some(who) = &self.who {
                event.reference("eventVerantwoordelijkeActor", who);
            }
            event.optional("eventResultaat", self.result.as_ref());
        });
    }
}

impl Kept {
    fn write(&self, document: &mut Document) {
        document.group("bewaartermijn", |term| {
            term.term("termijnTriggerStartLooptijd", &self.from);
            term.optional("termijnStartdatumLooptijd", self.begin.and_then(xsd_date));
            term.text("termijnLooptijd", &self.period.to_string());
            term.optional("termijnEinddatum", self.end().and_then(xsd_date));
        });
    }
}
