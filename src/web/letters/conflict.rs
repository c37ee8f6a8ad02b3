//! Two people saved one letter: what the file holds now beside what was to be saved, and nothing written.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use similar::{ChangeTag, group_diff_ops};

use super::opened::Opened;
use super::url;
use crate::letter::edit::compare::compared;
use crate::web::page::{self, Room};
use crate::web::visit::Visit;

/// How many lines around a difference are shown.
const AROUND: usize = 3;

/// The page of it; it takes long where much differs.
pub(super) fn page(visit: &Visit, theirs: &Opened, mine: &str) -> Response {
    let body = html! {
        p.alert { (visit.say("web-letters-conflict")) }
        (difference(visit, &theirs.text, mine))
        form method="post" action=(url("edit", &theirs.path)) {
            (page::hidden(visit))
            input type="hidden" name="over" value=(theirs.digest);
            div.field {
                label for="mine" { (visit.say("web-letters-conflict-mine")) }
                p.help #mine-help { (visit.say("web-letters-conflict-mine-help")) }
                textarea.code #mine name="text" rows="16" aria-describedby="mine-help" { "\n" (mine) }
            }
            div.actions {
                a.button href=(url("edit", &theirs.path)) target="_blank" { (visit.say("web-letters-conflict-open")) }
                button.danger { (visit.say("web-letters-conflict-over")) }
            }
        }
    };
    (StatusCode::CONFLICT, page::page(visit, Room::Letters, &visit.say("web-letters-conflict-title"), body))
        .into_response()
}

/// The lines that differ, with those around them.
fn difference(visit: &Visit, theirs: &str, mine: &str) -> Markup {
    let [old, new] = [theirs, mine].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    html! {
        div.scroll tabindex="0" role="region" aria-label=(visit.say("web-letters-difference")) {
            table.difference {
                caption { (visit.say("web-letters-difference-help")) }
                thead { tr { th scope="col" { (visit.say("web-letters-difference-whose")) } th scope="col" { (visit.say("web-letters-difference-line")) } } }
                @for group in group_diff_ops(compared(&old, &new), AROUND) {
                    tbody {
                        @for change in group.iter().flat_map(|op| op.iter_changes(&old, &new)) {
                            @let (kind, sign, whose) = match change.tag() {
                                ChangeTag::Delete => ("theirs", "−", visit.say("web-letters-theirs")),
                                ChangeTag::Insert => ("mine", "+", visit.say("web-letters-mine")),
                                ChangeTag::Equal => ("same", "", visit.say("web-letters-both")),
                            };
                            tr class=(kind) {
                                td { span aria-hidden="true" { (sign) } " " (whose) }
                                td { code { (change.value().trim_end_matches('\n')) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
