//! The register of a workspace for what a letter asks of it, opened when something is asked for the first time.

use std::cell::RefCell;

use super::{Register, antecedent, outgoing};
use crate::error::Result;
use crate::letter::answered::Answered;
use crate::workspace::Workspace;

/// The register as far as writing a letter needs it. One that isn't there yet knows no letter; it is not made.
pub struct LazyRegister<'a> {
    workspace: &'a Workspace,
    register: RefCell<Option<Register>>,
}

impl<'a> LazyRegister<'a> {
    /// The register of a workspace, not opened yet.
    pub fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, register: RefCell::default() }
    }

    /// Whether there is a register to ask; it is opened for the first question.
    ///
    /// # Errors
    /// When the register can't be opened.
    pub fn open(&self) -> Result<bool> {
        let mut register = self.register.borrow_mut();
        if register.is_none() {
            *register = Register::open_existing(self.workspace)?;
        }
        Ok(register.is_some())
    }

    /// Whether another letter than the one at `letter`, from the workspace, has a number.
    ///
    /// # Errors
    /// When the register can't be read.
    pub fn is_taken(&self, letter: &str, number: &str) -> Result<bool> {
        self.open()?;
        let mut register = self.register.borrow_mut();
        let Some(register) = register.as_mut() else { return Ok(false) };
        let workspace = register.workspace().to_string();
        register.read(|tx| {
            let own = outgoing::of_letter(tx, &workspace, letter)?;
            Ok(own.is_none_or(|own| own.id != number) && outgoing::check_free(tx, number).is_err())
        })
    }

    /// What is known of a letter, for one that answers it.
    ///
    /// # Errors
    /// When the register can't be read.
    pub fn find(&self, id: &str) -> Result<Option<Answered>> {
        self.open()?;
        match self.register.borrow_mut().as_mut() {
            Some(register) => register.read(|tx| antecedent::of(tx, id)),
            None => Ok(None),
        }
    }
}
