//! What a worker tells the program that started it: one line each.

use std::fmt;
use std::str::FromStr;

/// Something that a worker tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It begins with the row of this number in the plan.
    Begun(i64),
    /// It has made all the letters that it took, and records them.
    Recording,
    /// So many letters are recorded.
    Recorded(u64),
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun(seq) => write!(f, "begun {seq}"),
            Self::Recording => f.write_str("recording"),
            Self::Recorded(letters) => write!(f, "recorded {letters}"),
        }
    }
}

impl FromStr for Told {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        match line.split_once(' ') {
            Some(("begun", seq)) => seq.parse().map(Self::Begun).map_err(drop),
            Some(("recorded", letters)) => letters.parse().map(Self::Recorded).map_err(drop),
            None if line == "recording" => Ok(Self::Recording),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn what_is_told_is_understood() {
        for told in [Told::Begun(12), Told::Recording, Told::Recorded(32)] {
            assert_eq!(told.to_string().parse(), Ok(told));
        }
        assert_eq!("begun x".parse::<Told>(), Err(()));
    }
}
