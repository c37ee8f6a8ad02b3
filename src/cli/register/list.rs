//! `postkamer register list`: letters by filter and order.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::super::context::Context;
use super::letters;
use super::report::YEARS;
use crate::error::Result;
use crate::register::entry::{Direction, Status};
use crate::register::given;
use crate::register::query::{self, Filter, Order};

/// The exit code for a command line that is none.
const USAGE: u8 = 2;

/// Arguments of `list`: a letter is listed if it meets all of them.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// Only letters that came in, or went out
    #[arg(long, value_name = "in|uit", value_parser = direction())]
    richting: Option<Direction>,
    /// Only letters with this status; may be given more than once
    #[arg(long, value_parser = status())]
    status: Vec<Status>,
    /// Only letters that were received (outgoing: dated) in this year
    #[arg(long, value_parser = clap::value_parser!(i32).range(YEARS))]
    jaar: Option<i32>,
    /// Only letters that were received (outgoing: dated) on this day or later
    #[arg(long, value_name = "DATE")]
    van: Option<String>,
    /// Only letters that were received (outgoing: dated) on this day or earlier
    #[arg(long, value_name = "DATE")]
    tot: Option<String>,
    /// Only letters from or to whom this is part of the name; case and accents make no difference
    #[arg(long, value_name = "TEXT")]
    correspondent: Option<String>,
    /// Only letters that this person deals with; case and accents make no difference
    #[arg(long, value_name = "NAME")]
    behandelaar: Option<String>,
    /// Only letters of this kind
    #[arg(long, value_name = "KIND")]
    soort: Option<String>,
    /// Only letters of this case
    #[arg(long, value_name = "NUMBER")]
    zaaknummer: Option<String>,
    /// Only incoming letters that wait for an answer
    #[arg(long)]
    openstaand: bool,
    /// By this field, downwards with - before it [default: the newest first]
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true, value_parser = order())]
    orde: Option<Order>,
    /// At most so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let day = |key: &str, value: &Option<String>| value.as_deref().map(|value| given::day(key, value)).transpose();
        let (from, until) = match (day("--van", &self.van), day("--tot", &self.tot)) {
            (Ok(from), Ok(until)) => (from, until),
            (from, until) => {
                // Wrong usage, as with any other option of a list.
                let wrong: Vec<_> = from.err().into_iter().chain(until.err()).collect();
                context.show(&wrong);
                return Ok(USAGE);
            }
        };
        let (_, mut register) = super::open(context)?;
        let filter = Filter {
            direction: self.richting,
            statuses: self.status,
            year: self.jaar,
            from,
            until,
            correspondent: self.correspondent,
            handler: self.behandelaar,
            kind: self.soort,
            case_number: self.zaaknummer,
            open: self.openstaand,
            due: None,
        };
        let found = register.read(|tx| query::list(tx, &filter, self.orde.unwrap_or_default(), self.limit))?;
        letters::answer(context, &found)?;
        Ok(0)
    }
}

fn direction() -> impl TypedValueParser<Value = Direction> {
    let words = PossibleValuesParser::new(Direction::ALL.map(Direction::word));
    words.try_map(|word| Direction::of_word(&word).ok_or("no direction"))
}

fn status() -> impl TypedValueParser<Value = Status> {
    let words = PossibleValuesParser::new(Status::ALL.map(Status::word));
    words.try_map(|word| Status::of_word(&word).ok_or("no status"))
}

fn order() -> impl TypedValueParser<Value = Order> {
    PossibleValuesParser::new(Order::WORDS).try_map(|word| Order::of_word(&word).ok_or("no field"))
}
