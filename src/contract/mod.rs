//! The typed data contract that stands at every border: which keys there are, of which kind, and what they mean.
//!
//! One description serves the check of a TOML file ([`check`]), the names a template may use ([`Contract::resolve`])
//! and the JSON Schema for editors ([`schema`]).

pub mod characters;
pub mod check;
pub mod schema;

/// The keys of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contract {
    /// The fields, in the order in which they are shown.
    pub fields: Vec<Field>,
}

/// One key.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The key as the user writes it.
    pub name: String,
    /// What its value may be.
    pub kind: Kind,
    /// Whether it may be left out.
    pub required: bool,
    /// One line of help, in the language of the letterhead's terms.
    pub help: String,
}

/// The kind of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// A calendar day, `2023-02-21`.
    Date,
    /// A whole number from 0 up.
    Count,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(Vec<String>),
    /// Any number of values of one kind.
    List(Box<Kind>),
    /// A table with its own keys.
    Table(Contract),
    /// A table whose keys the user chooses.
    Map(Box<Kind>),
    /// A value of any of these kinds.
    Either(Vec<Kind>),
}

impl Field {
    /// A field that may be left out.
    pub fn optional(name: &str, kind: Kind, help: &str) -> Self {
        Self { name: name.into(), kind, required: false, help: help.into() }
    }

    /// A field that must be there.
    pub fn required(name: &str, kind: Kind, help: &str) -> Self {
        Self { required: true, ..Self::optional(name, kind, help) }
    }
}

impl Kind {
    /// A list of texts.
    pub fn texts() -> Self {
        Self::List(Box::new(Self::Text))
    }

    /// A choice from words.
    pub fn choice(words: &[&str]) -> Self {
        Self::Choice(words.iter().map(|&word| word.into()).collect())
    }

    /// The code under which the message catalogues name this kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::Count => "count",
            Self::Boolean => "boolean",
            Self::Choice(_) => "choice",
            Self::List(_) => "list",
            Self::Table(_) | Self::Map(_) => "table",
            Self::Either(_) => "either",
        }
    }
}

/// What a name in a template stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Named<'a> {
    /// Something of this kind.
    Known(&'a Kind),
    /// No contract knows the name; with the nearest that one does.
    Unknown(Option<&'a str>),
}

impl Contract {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Follows one segment of a name.
    pub fn resolve(&self, name: &str) -> Named<'_> {
        match self.field(name) {
            Some(field) => Named::Known(&field.kind),
            None => Named::Unknown(nearest(name, self.fields.iter().map(|field| field.name.as_str()))),
        }
    }

    /// This contract with the fields of another one added; a field of the same name is replaced.
    pub fn with(mut self, others: impl IntoIterator<Item = Field>) -> Self {
        for other in others {
            match self.fields.iter_mut().find(|field| field.name == other.name) {
                Some(field) => *field = other,
                None => self.fields.push(other),
            }
        }
        self
    }
}

impl FromIterator<Field> for Contract {
    fn from_iter<T: IntoIterator<Item = Field>>(iter: T) -> Self {
        Self { fields: iter.into_iter().collect() }
    }
}

/// The word that was probably meant: the nearest one, if it is near enough to be more than a guess.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near_enough = (word.chars().count() / 3).max(1);
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| {
            distance <= near_enough || (lower.len() > 3 && candidate.split('_').any(|part| part == lower))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let words = ["onderwerp", "ontvanger", "uw_kenmerk", "kenmerk", "datum"];
        assert_eq!(nearest("ondrewerp", words), Some("onderwerp"));
        assert_eq!(nearest("Datum", words), Some("datum"));
        assert_eq!(nearest("kenmerken", words), Some("kenmerk"));
        assert_eq!(nearest("zaak", words), None);
    }
}
