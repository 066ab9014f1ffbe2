//! Reading YAML so that every value keeps its place and every mistake is reported at once.
//!
//! Both the standard's files and an agency's `submission.yaml` are read here.

mod decode;
mod node;

pub use decode::{Choice, Decode, Decoder, Fields, Item, Map, read_item, schema_of};
pub use node::{Content, Located, Node};
