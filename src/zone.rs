//! The clock in the Netherlands, by which letters and events are dated wherever the program runs.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;

/// The day of a moment.
pub fn day<Z: TimeZone>(moment: &DateTime<Z>) -> NaiveDate {
    moment.with_timezone(&Amsterdam).date_naive()
}

/// A moment to the minute, as people are shown it.
pub fn minute(moment: DateTime<Utc>) -> String {
    moment.with_timezone(&Amsterdam).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_here_in_summer_and_in_winter() {
        for (moment, shown) in
            [("2023-07-31T22:05:59Z", "2023-08-01 00:05"), ("2023-12-31T22:59:00Z", "2023-12-31 23:59")]
        {
            let moment = moment.parse().expect("a moment");
            assert_eq!(minute(moment), shown);
            assert_eq!(day(&moment).to_string(), shown[..10]);
        }
    }
}
