//! `postkamer template list | show | eject`.

use serde_json::{Value as Json, json};

use super::context::Context;
use crate::contract::{Contract, Kind, schema};
use crate::error::{Result, refuses};
use crate::template::{self, Template};

/// Arguments of `template`.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Args {
    /// Every template there is
    List,
    /// The fields of a letter with this template
    Show {
        /// The template
        name: String,
        /// As JSON Schema, for editors
        #[arg(long)]
        json_schema: bool,
    },
    /// Copy a template into the workspace, to change it; the shared letterhead is called `gedeeld`
    Eject {
        /// The template
        name: String,
    },
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::List => list(context),
            Self::Show { name, json_schema } => show(context, &name, json_schema),
            Self::Eject { name } => eject(context, &name),
        }
    }
}

fn list(context: &Context) -> Result<u8> {
    let (listed, findings) = template::list(&context.workspace(None)?)?;
    context.show(&findings);
    if context.json() {
        let rows: Vec<Json> = listed
            .iter()
            .map(|template| {
                let origin = if template.own { "werkruimte" } else { "meegeleverd" };
                json!({
                    "naam": template.name, "omschrijving": template.description,
                    "talen": template.languages, "herkomst": origin,
                })
            })
            .collect();
        context.answer_json(&rows.into())?;
        return Ok(u8::from(refuses(&findings)));
    }
    let width = listed.iter().map(|template| template.name.chars().count()).max().unwrap_or(0);
    for template in &listed {
        let languages = template.languages.join(" ");
        context.answer(&format!("{:width$}  {:<8}  {}\n", template.name, languages, template.description))?;
    }
    Ok(u8::from(refuses(&findings)))
}

fn show(context: &Context, name: &str, json_schema: bool) -> Result<u8> {
    let template = Template::load(&context.workspace(None)?, name, None)?;
    if json_schema {
        context.answer_json(&schema::json_schema(&template.contract, name))?;
        return Ok(0);
    }
    let mut rows = Vec::new();
    describe(&template.contract, "", &mut rows);
    if context.json() {
        let fields: Vec<Json> = rows
            .iter()
            .map(|row| json!({ "sleutel": row.key, "soort": row.kind, "verplicht": row.required, "hulp": row.help }))
            .collect();
        let manifest = &template.manifest;
        context.answer_json(&json!({
            "naam": name, "omschrijving": manifest.omschrijving, "talen": manifest.talen,
            "kenmerkregel": manifest.kenmerkregel, "velden": fields,
        }))?;
        return Ok(0);
    }
    context.answer(&format!("{name}: {}\n\n", template.manifest.omschrijving))?;
    let width = rows.iter().map(|row| row.key.chars().count()).max().unwrap_or(0);
    for row in rows {
        let mark = if row.required { "*" } else { " " };
        context.answer(format!("{mark} {:width$}  {:<14}  {}", row.key, row.kind, row.help).trim_end())?;
        context.answer("\n")?;
    }
    Ok(0)
}

struct Row {
    key: String,
    kind: String,
    required: bool,
    help: String,
}

fn describe(contract: &Contract, prefix: &str, rows: &mut Vec<Row>) {
    for field in &contract.fields {
        let key = format!("{prefix}{}", field.name);
        let kind = match &field.kind {
            Kind::Choice(words) => words.join("|"),
            Kind::Either(kinds) => kinds.iter().map(Kind::code).collect::<Vec<_>>().join("|"),
            kind => kind.code().to_string(),
        };
        rows.push(Row { key: key.clone(), kind, required: field.required, help: field.help.clone() });
        if let Kind::Table(inner) = &field.kind {
            describe(inner, &format!("{key}."), rows);
        }
    }
}

fn eject(context: &Context, name: &str) -> Result<u8> {
    let written = template::eject(&context.workspace(None)?, name)?;
    for (path, new) in &written {
        let message = if *new { "written" } else { "kept" };
        context.say(message, &[("path", &path.display().to_string())]);
    }
    if context.json() {
        let new = written.iter().filter(|(_, new)| *new).map(|(path, _)| path);
        context.answer_json(&json!({ "bestanden": new.collect::<Vec<_>>() }))?;
    }
    Ok(0)
}
