//! Typst's compile loop, begun with what the letter before looked like.
//!
//! Typst lays a document out again until what its headers ask (which page is this, how many are there) agrees with what
//! came out, and begins with an empty document, so that every letter takes two passes. Letters of one press are alike:
//! begun with the answers of the letter before, one pass is enough whenever they hold, and Typst's own check says whether
//! they do. The result is the same fixed point.

use comemo::{Constraint, Track};
use ecow::EcoVec;
use typst::World;
use typst::diag::{SourceDiagnostic, SourceResult};
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{Content, Output, StyleChain, Target, TargetElem};
use typst::introspection::{EmptyIntrospector, Introspector};
use typst::utils::Protected;
use typst_layout::{PagedDocument, PagedIntrospector};

/// The most passes, as in Typst itself; what has not settled then is taken as it is.
const MAX_PASSES: usize = 5;

/// What came of a compilation.
pub struct Compiled {
    /// The document, or why there is none.
    pub output: SourceResult<PagedDocument>,
    /// What Typst warns of.
    pub warnings: EcoVec<SourceDiagnostic>,
}

/// Compiles a world, with the introspector of an earlier letter as the first guess.
pub fn compile(world: &dyn World, guess: Option<&PagedIntrospector>) -> Compiled {
    let mut sink = Sink::new();
    let output = evaluate(world, &mut sink).and_then(|content| settle(world, &content, guess, &mut sink));
    Compiled { output, warnings: sink.warnings() }
}

fn evaluate(world: &dyn World, sink: &mut Sink) -> SourceResult<Content> {
    let main = world.source(world.main()).map_err(|error| {
        ecow::eco_vec![SourceDiagnostic::error(typst::syntax::Span::detached(), ecow::EcoString::from(error))]
    })?;
    let traced = Traced::default();
    let module = typst_eval::eval(
        world.track(),
        world.library(),
        traced.track(),
        sink.track_mut(),
        Route::default().track(),
        &main,
    )?;
    Ok(module.content())
}

fn settle(
    world: &dyn World,
    content: &Content,
    guess: Option<&PagedIntrospector>,
    sink: &mut Sink,
) -> SourceResult<PagedDocument> {
    let library = world.library();
    let traced = Traced::default();
    let base = StyleChain::new(&library.styles);
    let target = TargetElem::target.set(Target::Paged).wrap();
    let styles = base.chain(&target);
    let mut document: Option<PagedDocument> = None;
    for pass in 1.. {
        let introspector: &dyn Introspector = match (&document, guess) {
            (Some(document), _) => document.introspector().as_ref(),
            (None, Some(guess)) => guess,
            (None, None) => &EmptyIntrospector,
        };
        let constraint = Constraint::new();
        let mut subsink = Sink::new();
        let mut engine = Engine {
            library,
            world: world.track(),
            introspector: Protected::new(introspector.track_with(&constraint)),
            traced: traced.track(),
            sink: subsink.track_mut(),
            route: Route::default(),
        };
        let next = PagedDocument::create(&mut engine, content, styles)?;
        let settled = constraint.validate(Output::introspector(&next));
        document = Some(next);
        if settled || pass == MAX_PASSES {
            sink.extend_from_sink(subsink);
            break;
        }
    }
    let delayed = sink.delayed();
    if !delayed.is_empty() {
        return Err(delayed);
    }
    document.ok_or_else(EcoVec::new)
}
