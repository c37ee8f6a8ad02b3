//! Letters that are answered, looked up in the register of a workspace, which is opened when the first is asked for.

use std::cell::RefCell;

use crate::error::Result;
use crate::letter::answered::Answered;
use crate::register::{Register, answering};
use crate::workspace::Workspace;

/// The register as far as answers need it. One that isn't there yet knows no letter; it is not made.
pub(super) struct Answers<'a> {
    workspace: &'a Workspace,
    register: RefCell<Option<Register>>,
}

impl<'a> Answers<'a> {
    pub fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, register: RefCell::default() }
    }

    pub fn find(&self, id: &str) -> Result<Option<Answered>> {
        let mut register = self.register.borrow_mut();
        if register.is_none() {
            *register = Register::open_existing(self.workspace)?;
        }
        match register.as_mut() {
            Some(register) => register.read(|tx| answering::answered(tx, id)),
            None => Ok(None),
        }
    }
}
