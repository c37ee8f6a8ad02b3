//! Holds every name in a parsed template against the data contract, inside conditions too, all at once.
//!
//! Handlebars' own strict mode would miss names in `{{#if}}` and stop at the first.

use std::ops::Range;

use handlebars::template::{BlockParam, HelperTemplate, Parameter, TemplateElement};
use handlebars::{Path, Template};

use super::fill::Dialect;
use crate::contract::{Contract, Kind, Named, nearest};
use crate::error::Finding;

/// Block helpers that any template may use.
const BLOCKS: [&str; 4] = ["if", "unless", "each", "with"];
/// Helpers that any template may use inside parentheses or by themselves.
const HELPERS: [&str; 10] = ["eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "len"];

/// Block helpers, as an author writes them.
fn blocks() -> impl Iterator<Item = String> {
    BLOCKS.into_iter().map(|name| format!("#{name}"))
}

/// Checks a template; `locate` gives the byte range of the element that begins at a line and column.
pub fn check(
    template: &Template,
    contract: &Contract,
    dialect: Dialect,
    locate: &dyn Fn(usize, usize) -> Range<usize>,
) -> Vec<(Finding, Range<usize>)> {
    let mut walk = Walk { scopes: vec![Scope::of(Kind::Table(contract.clone()))], dialect, locate, found: Vec::new() };
    walk.template(template, 0..0);
    walk.found
}

#[derive(Clone)]
struct Scope {
    /// None inside something whose kind is unknown because its name was.
    kind: Option<Kind>,
    params: Vec<(String, Option<Kind>)>,
}

impl Scope {
    fn of(kind: Kind) -> Self {
        Self { kind: Some(kind), params: Vec::new() }
    }
}

struct Walk<'a> {
    scopes: Vec<Scope>,
    dialect: Dialect,
    locate: &'a dyn Fn(usize, usize) -> Range<usize>,
    found: Vec<(Finding, Range<usize>)>,
}

impl Walk<'_> {
    fn template(&mut self, template: &Template, around: Range<usize>) {
        for (at, element) in template.elements.iter().enumerate() {
            // The branches of an `{{else if}}` carry no mapping of their own.
            let range = template.mapping.get(at).map_or(around.clone(), |mapping| (self.locate)(mapping.0, mapping.1));
            self.element(element, range);
        }
    }

    fn element(&mut self, element: &TemplateElement, range: Range<usize>) {
        match element {
            TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
            TemplateElement::Expression(helper) => self.expression(helper, range),
            TemplateElement::HelperBlock(helper) => self.block(helper, range),
            TemplateElement::HtmlExpression(_) => self.find(Finding::error("raw-output"), &range),
            // Partials and decorators.
            _ => self.find(Finding::error("partial-not-allowed"), &range),
        }
    }

    fn expression(&mut self, helper: &HelperTemplate, range: Range<usize>) {
        if helper.params.is_empty() && helper.hash.is_empty() {
            let kind = self.parameter(&helper.name, &range);
            if matches!(kind, Some(Kind::List(_) | Kind::Table(_) | Kind::Map(_))) {
                let name = helper.name.as_name().unwrap_or_default();
                self.find(Finding::error("not-printable").key(name), &range);
            }
            return;
        }
        self.call(helper, &range);
    }

    fn call(&mut self, helper: &HelperTemplate, range: &Range<usize>) {
        let name = helper.name.as_name().unwrap_or_default();
        let own = (self.dialect == Dialect::Letterhead).then_some("typst");
        if !HELPERS.into_iter().chain(own).any(|known| known == name) {
            let choices: Vec<_> = HELPERS.into_iter().chain(own).map(String::from).chain(blocks()).collect();
            let mut finding = Finding::error("unknown-helper").key(name).arg("choices", choices.join(", "));
            if let Some(meant) = nearest(name, HELPERS.into_iter().chain(BLOCKS)) {
                finding = finding.arg("meant", meant);
            }
            self.find(finding, range);
        }
        for parameter in helper.params.iter().chain(helper.hash.values()) {
            self.parameter(parameter, range);
        }
    }

    fn block(&mut self, helper: &HelperTemplate, range: Range<usize>) {
        let name = helper.name.as_name().unwrap_or_default();
        if !BLOCKS.contains(&name) {
            let choices: Vec<_> = blocks().collect();
            let mut finding = Finding::error("unknown-helper").key(name).arg("choices", choices.join(", "));
            if let Some(meant) = nearest(name, BLOCKS) {
                finding = finding.arg("meant", meant);
            }
            self.find(finding, &range);
        }
        let subject = helper.params.first().and_then(|parameter| self.parameter(parameter, &range));
        for parameter in helper.params.iter().skip(1).chain(helper.hash.values()) {
            self.parameter(parameter, &range);
        }
        let pushed = match name {
            "each" => {
                let item = match subject {
                    Some(Kind::List(item) | Kind::Map(item)) => Some(*item),
                    None => None,
                    Some(_) => {
                        let key = helper.params.first().and_then(Parameter::as_name).unwrap_or_default();
                        self.find(Finding::error("not-a-list").key(key), &range);
                        None
                    }
                };
                Some((item, Some(Kind::Count)))
            }
            "with" => Some((subject, None)),
            _ => None,
        };
        if let Some((kind, second)) = &pushed {
            let params = match &helper.block_param {
                Some(BlockParam::Single(name)) => vec![(name, kind.clone())],
                Some(BlockParam::Pair((value, key))) => vec![(value, kind.clone()), (key, second.clone())],
                _ => Vec::new(),
            };
            let params = params.into_iter().map(|(name, kind)| (name.as_name().unwrap_or_default().to_string(), kind));
            self.scopes.push(Scope { kind: kind.clone(), params: params.collect() });
        }
        if let Some(template) = &helper.template {
            self.template(template, range.clone());
        }
        if pushed.is_some() {
            self.scopes.pop();
        }
        if let Some(template) = &helper.inverse {
            self.template(template, range);
        }
    }

    fn parameter(&mut self, parameter: &Parameter, range: &Range<usize>) -> Option<Kind> {
        match parameter {
            Parameter::Literal(_) => Some(Kind::Text),
            Parameter::Name(name) => self.name(name, range),
            Parameter::Path(Path::Local((_, name, raw))) => self.local(name, raw, range),
            Parameter::Path(Path::Relative((_, raw))) => self.name(raw, range),
            Parameter::Subexpression(call) => {
                if let TemplateElement::Expression(helper) = call.as_element() {
                    self.call(helper, range);
                }
                Some(Kind::Boolean)
            }
            _ => None,
        }
    }

    fn local(&mut self, name: &str, raw: &str, range: &Range<usize>) -> Option<Kind> {
        match name {
            "index" => Some(Kind::Count),
            "first" | "last" => Some(Kind::Boolean),
            "key" => Some(Kind::Text),
            _ => {
                self.find(Finding::error("unknown-name").key(raw), range);
                None
            }
        }
    }

    fn name(&mut self, raw: &str, range: &Range<usize>) -> Option<Kind> {
        if let Some(path) = raw.strip_prefix("@root").filter(|rest| rest.starts_with(['.', '/'])) {
            return self.resolve(self.scopes.first().cloned(), path, raw, range);
        }
        let mut path = raw;
        let mut up = 0;
        while let Some(rest) = path.strip_prefix("../").or_else(|| path.strip_prefix("..")) {
            (path, up) = (rest, up + 1);
        }
        let path = path.trim_start_matches("./");
        let path =
            path.strip_prefix("this").filter(|rest| rest.is_empty() || rest.starts_with(['.', '/'])).unwrap_or(path);
        let path = path.trim_start_matches(['.', '/']);
        let first = path.split(['.', '/']).next().unwrap_or_default();
        if up == 0 {
            let param = self.scopes.iter().rev().flat_map(|scope| &scope.params).find(|(name, _)| name == first);
            if let Some((_, kind)) = param.cloned() {
                let scope = Scope { kind, params: Vec::new() };
                return self.resolve(Some(scope), path[first.len()..].trim_start_matches(['.', '/']), raw, range);
            }
        }
        let scope = self.scopes.len().checked_sub(up + 1).map(|at| self.scopes[at].clone());
        if scope.is_none() {
            self.find(Finding::error("unknown-name").key(raw), range);
        }
        self.resolve(scope, path, raw, range)
    }

    fn resolve(&mut self, scope: Option<Scope>, path: &str, raw: &str, range: &Range<usize>) -> Option<Kind> {
        let mut kind = scope?.kind?;
        let mut before = None;
        for segment in path.split(['.', '/']).filter(|segment| !segment.is_empty()) {
            let segment = segment.trim_start_matches('[').trim_end_matches(']');
            kind = match alternatives(&kind, segment) {
                Ok(kind) => kind,
                Err(meant) => {
                    let mut finding = Finding::error("unknown-name").key(raw);
                    if let Some(meant) = meant {
                        finding = finding.arg("meant", raw.replace(segment, &meant));
                    } else if before == Some("rij") && is_bare(segment) {
                        // What a letter names of its rows, it gives an example of.
                        finding = finding.arg("names", segment);
                    }
                    self.find(finding, range);
                    return None;
                }
            };
            before = Some(segment);
        }
        Some(kind)
    }

    fn find(&mut self, finding: Finding, range: &Range<usize>) {
        self.found.push((finding, range.clone()));
    }
}

/// Whether a name can be a key of TOML, and stand in `{{…}}`, as it is: without quotes or brackets.
pub fn is_bare(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// The kind of a segment of a name, or the name that was probably meant.
fn alternatives(kind: &Kind, segment: &str) -> Result<Kind, Option<String>> {
    match kind {
        Kind::Table(contract) => match contract.resolve(segment) {
            Named::Known(kind) => Ok(kind.clone()),
            Named::Unknown(meant) => Err(meant.map(String::from)),
        },
        Kind::Map(kind) => Ok((**kind).clone()),
        Kind::List(item) if segment.parse::<usize>().is_ok() => Ok((**item).clone()),
        Kind::Either(kinds) => kinds
            .iter()
            .find_map(|kind| alternatives(kind, segment).ok())
            .ok_or_else(|| kinds.iter().find_map(|kind| alternatives(kind, segment).err().flatten())),
        _ => Err(None),
    }
}
