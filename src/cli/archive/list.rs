//! `postkamer archive list`: the letters in the archive.

use serde_json::{Value as Json, json};

use super::super::context::Context;
use super::super::table::{Cell, Kind, Table, Tone};
use super::Opened;
use crate::error::Result;
use crate::register::archived::{self, Archived};
use crate::register::entry::Entry;
use crate::register::query;

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// At most so many letters
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let mut opened = Opened::new(context)?;
        let limit = self.limit.unwrap_or(usize::MAX);
        let found = archived::own(&mut opened.register)?;
        let letters: Vec<(Entry, Vec<Archived>)> = opened.register.read(|tx| {
            found.into_iter().take(limit).map(|(id, versions)| Ok((Entry::get(tx, &id)?, versions))).collect()
        })?;
        if context.json() {
            context.answer_json_all(letters.iter().map(|(entry, versions)| json(entry, versions)))?;
            return Ok(0);
        }
        let columns = [
            ("id", Kind::Firm),
            ("dag", Kind::Firm),
            ("status", Kind::Firm),
            ("versies", Kind::Firm),
            ("onderwerp", Kind::Soft),
        ];
        let mut table = Table::new(columns.map(|(name, kind)| (context.text(&format!("field-{name}"), &[]), kind)));
        for (entry, versions) in &letters {
            // The same kind several times over takes no more room.
            let kinds = versions.chunk_by(|one, next| one.kind == next.kind).map(|same| {
                let word = context.text(&format!("archived-{}", same[0].kind.word()), &[]);
                if same.len() == 1 { word } else { format!("{word} ({}×)", same.len()) }
            });
            let kinds: Vec<_> = kinds.collect();
            table.push(vec![
                Cell::new(&entry.id, Tone::Strong),
                query::day(entry).into(),
                entry.status.word().into(),
                Cell::new(&kinds.join(", "), Tone::Plain),
                Cell::new(&entry.subject, Tone::Plain),
            ]);
        }
        if !letters.is_empty() {
            context.answer_styled(&table.render(context.width()))?;
        }
        Ok(0)
    }
}

fn json(entry: &Entry, versions: &[Archived]) -> Json {
    let version = |archived: &Archived| {
        json!({
            "versie": archived.version, "soort": archived.kind.word(), "bestand": archived.path,
            "algoritme": archived.algorithm, "digest": archived.digest, "omvang": archived.size,
        })
    };
    json!({
        "id": entry.id,
        "onderwerp": entry.subject,
        "status": entry.status.word(),
        "datum": entry.dated.map(|day| day.to_string()),
        "versies": versions.iter().map(version).collect::<Vec<_>>(),
    })
}
