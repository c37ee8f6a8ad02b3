//! The workbench in the browser: what people do on its pages, and what others try.

mod accounts;
mod archive;
mod desk;
mod editor;
mod guard;
mod load;
mod mailings;
mod marks;
mod pages;
mod pictures;
mod preview;
mod proxy;
mod register;
mod whole_way;
